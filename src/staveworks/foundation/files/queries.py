"""Reads. Which right opens a file, the room says that put it there."""

from uuid import UUID

from staveworks.db.transaction import query
from staveworks.foundation.files.keeping import read_bytes
from staveworks.foundation.files.models import StoredFile
from staveworks.foundation.files.types import FileCard, FileNotFound, OpenedFile
from staveworks.foundation.parties.types import Actor


@query
def open_file(actor: Actor, *, file_id: UUID, right: str) -> OpenedFile:
    """A file of the actor's organisation with its bytes. Raises ``RightMissing``, ``FileNotFound``."""
    actor.require(right)
    found = StoredFile.objects.filter(id=file_id, org_id=actor.org).first()
    if found is None:
        raise FileNotFound
    card = FileCard(found.id, found.org_id, found.name, found.media_type, found.size, found.sha256)
    return OpenedFile(card, read_bytes(found.sha256))
