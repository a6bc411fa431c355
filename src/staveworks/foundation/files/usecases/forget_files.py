"""Remove files for good: their rows, then those of their bytes that no row names any more."""

from collections.abc import Collection
from functools import partial
from uuid import UUID

from django.db import transaction

from staveworks.db.transaction import acting, retrying
from staveworks.foundation.files.models import StoredFile
from staveworks.foundation.files.queries import path_of
from staveworks.foundation.files.room import lock_bytes


def forget_files(org_id: UUID, *, ids: Collection[UUID]) -> int:
    """How many rows went. The caller knows that nothing refers to them; a foreign key refuses otherwise."""
    digests = retrying(partial(_forget_rows, org_id, ids))
    for sha256 in sorted(set(digests)):
        retrying(partial(forget_bytes, sha256))
    return len(digests)


def _forget_rows(org_id: UUID, ids: Collection[UUID]) -> list[str]:
    with acting(org=org_id):
        rows = StoredFile.objects.filter(id__in=ids)
        digests = list(rows.values_list("sha256", flat=True))
        rows.delete()
    return digests


def forget_bytes(sha256: str) -> bool:
    """Whether they went: not while a row names them (cross role), also not one that is being written at this moment.

    Whoever stores the same bytes holds the lock until her row is there to be seen. A crash before this leaves bytes without
    a row, never a row without bytes.
    """
    with transaction.atomic():
        lock_bytes(sha256)
        if StoredFile.objects.using("cross").filter(sha256=sha256).exists():
            return False
        path_of(sha256).unlink(missing_ok=True)
        return True
