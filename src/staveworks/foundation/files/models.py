"""Stored files: what they are by their content, how large, their digest, and whose."""

from django.db import models
from django.db.models.functions import Now

from staveworks.db.models import Base, private
from staveworks.db.personal import RECORD, about
from staveworks.foundation.files.types import ScanState


class StoredFile(Base):
    """A file of one organisation. The bytes lie outside the web root, named by their digest."""

    tenancy = private()
    personal = about(
        "上传的文件",
        "Files uploaded",
        "uploaded_by_id",
        shows="org_id media_type size uploaded_at",
        kept=RECORD,
    )
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField(db_default=Now())

    scan = models.CharField(
        max_length=10,
        default=ScanState.UNSCANNED,
        db_default=ScanState.UNSCANNED.value,
        choices=[(state, state) for state in ScanState],
    )

    class Meta:
        db_table = "files_stored_file"
        indexes = [
            models.Index(fields=["org", "sha256"], name="files_stored_file_digest"),
            models.Index(
                fields=["id"], condition=models.Q(scan=ScanState.WAITING), name="files_stored_file_waiting"
            ),
        ]
