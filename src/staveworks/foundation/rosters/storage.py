"""Where the bytes of loaded lists lie: outside the web root, one folder per organisation, named by their digest."""

import os
import shutil
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection

from staveworks.foundation.rosters.models import Roster
from staveworks.kit.ids import new_id


def stored_path(org_id: UUID, digest: str) -> Path:
    """The place of a list's bytes, whether it exists or not."""
    return Path(settings.FILES_ROOT) / "rosters" / str(org_id) / digest


def store(org_id: UUID, digest: str, source: Path) -> None:
    """Keep a copy of ``source``; on the disk before this returns, whole or not at all."""
    target = stored_path(org_id, digest)
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = target.with_name(f".{new_id()}")
    with source.open("rb") as incoming, fresh.open("wb") as copy:
        shutil.copyfileobj(incoming, copy)
        copy.flush()
        os.fsync(copy.fileno())
    fresh.chmod(0o600)
    fresh.replace(target)


def lock_list(org_id: UUID, digest: str) -> None:
    """To the end of the transaction: bytes aren't taken away between finding them there and writing the row that names them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"list:{org_id}:{digest}"])


def forget_list(org_id: UUID, digest: str) -> bool:
    """Delete a list's bytes unless a list of the organisation still names them (cross role); whether they went."""
    if Roster.objects.using("cross").filter(org_id=org_id, digest=digest).exists():
        return False
    stored_path(org_id, digest).unlink(missing_ok=True)
    return True
