"""The only way to a file: by its id, for an organisation that it belongs to."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from staveworks.db.transaction import query
from staveworks.foundation.files.models import StoredFile
from staveworks.foundation.files.types import (
    FileDamaged,
    FileNotFound,
    FileQuarantined,
    FileRecord,
    FileWaiting,
    OpenedFile,
    ScanState,
)
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError

CLOSED: Mapping[str, type[StaveworksError]] = {
    ScanState.WAITING: FileWaiting,
    ScanState.INFECTED: FileQuarantined,
}


@query
def access_file(actor: Actor, file_id: UUID, right: str = "organisation.read") -> FileRecord:
    """A file of the actor's organisation, if she may ``right`` there. Raises ``RightMissing``, ``FileNotFound``, ``FileWaiting``,
    ``FileQuarantined``.

    Row security shows her organisation's files only; ``path`` lies outside the web root and may be streamed.
    """
    actor.require(right)
    found = StoredFile.objects.filter(id=file_id, org_id=actor.org).first()
    if found is None:
        raise FileNotFound
    if found.scan in CLOSED:
        raise CLOSED[found.scan]
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
        ScanState(row.scan),
    )


def checked(card: FileRecord) -> BinaryIO:
    """The bytes, open, if they still are what was stored. Raises ``FileDamaged``."""
    try:
        file = card.path.open("rb")
    except FileNotFoundError:
        raise FileDamaged from None
    if hashlib.file_digest(file, "sha256").hexdigest() != card.sha256:
        file.close()
        raise FileDamaged
    file.seek(0)
    return file
