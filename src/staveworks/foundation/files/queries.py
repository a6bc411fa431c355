"""The only way to a file: by its id, for an organisation that it belongs to."""

from pathlib import Path
from uuid import UUID

from django.conf import settings

from staveworks.db.transaction import query
from staveworks.foundation.files.models import StoredFile
from staveworks.foundation.files.types import FileNotFound, FileRecord, OpenedFile
from staveworks.foundation.parties.types import Actor


@query
def access_file(actor: Actor, file_id: UUID, right: str = "organisation.read") -> FileRecord:
    """A file of the actor's organisation, if she may ``right`` there. Raises ``RightMissing``, ``FileNotFound``.

    Row security shows her organisation's files only; ``path`` lies outside the web root and may be streamed.
    """
    actor.require(right)
    found = StoredFile.objects.filter(id=file_id, org_id=actor.org).first()
    if found is None:
        raise FileNotFound
    return record_of(found)


def open_file(actor: Actor, *, file_id: UUID, right: str = "organisation.read") -> OpenedFile:
    """The same with its bytes. Raises ``RightMissing``, ``FileNotFound``."""
    return OpenedFile(access_file(actor, file_id, right))


def path_of(sha256: str) -> Path:
    """Where the bytes with this digest lie: two levels of folders, named by the digest."""
    return Path(settings.FILES_ROOT) / sha256[:2] / sha256[2:4] / sha256


def record_of(row: StoredFile) -> FileRecord:
    return FileRecord(
        row.id,
        row.org_id,
        row.name,
        row.media_type,
        row.size,
        row.sha256,
        row.uploaded_at,
        path_of(row.sha256),
    )
