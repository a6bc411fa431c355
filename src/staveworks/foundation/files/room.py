"""How much room an organisation has, and the locks under which files come and go."""

from uuid import UUID

from django.db import connection
from django.db.models import Max, Sum

from staveworks.foundation.files.models import StoredFile
from staveworks.foundation.files.types import MB, QuotaUsedUp
from staveworks.foundation.rules.queries import entry_in_force


def lock_room(org_id: UUID) -> None:
    """Two uploads of one organisation are counted one after the other, until the transaction ends."""
    _lock(f"files of {org_id}")


def lock_bytes(sha256: str) -> None:
    """The same bytes don't come and go at the same time, until the transaction ends."""
    _lock(f"file {sha256}")


def room_used(org_id: UUID) -> int:
    """Bytes; the same bytes count once."""
    files = StoredFile.objects.filter(org_id=org_id).order_by().values("sha256").annotate(bytes=Max("size"))
    return int(files.aggregate(total=Sum("bytes"))["total"] or 0)


def check_room(org_id: UUID, *, sha256: str, size: int, field: str | None) -> None:
    """Inside ``acting``, after `lock_room`. Raises ``QuotaUsedUp``."""
    if StoredFile.objects.filter(org_id=org_id, sha256=sha256).exists():
        return
    quota, used = entry_in_force("files.quota", "organisation_mb") * MB, room_used(org_id)
    if used + size > quota:
        raise QuotaUsedUp(used=used, quota=quota, size=size, field=field)


def _lock(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
