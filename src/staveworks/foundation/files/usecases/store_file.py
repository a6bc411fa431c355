"""Store a file of an organisation."""

import hashlib

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.files.domain import clean_name, media_type_of
from staveworks.foundation.files.keeping import write_bytes
from staveworks.foundation.files.models import StoredFile
from staveworks.foundation.files.types import FileCard, FileEmpty, FileTooLarge
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Text

LARGEST = 10 * 1024 * 1024
"""Bytes: a page photographed by a phone has 3–6 MB."""
TOO_LARGE = Text(
    zh="文件超过 {most} MB。请压缩或拆开再传。",
    en="The file is larger than {most} MB. Make it smaller or split it.",
)


@use_case
def store_file(actor: Actor, *, name: str, content: bytes, largest: int = LARGEST) -> FileCard:
    """Keep ``content`` for the actor's organisation; its type is read from the content. The right to do so is asked by
    the use case that needs the file.

    Raises ``FileEmpty``, ``FileTooLarge``, ``FileTypeRefused``, ``FileIsNotWhatItSays``.
    """
    if not content:
        raise FileEmpty
    if len(content) > largest:
        raise FileTooLarge(TOO_LARGE.format(most=largest // 1024 // 1024))
    media_type = media_type_of(name, content)
    digest = hashlib.sha256(content).hexdigest()
    write_bytes(digest, content)
    stored = StoredFile.objects.create(
        org_id=actor.org,
        name=clean_name(name),
        media_type=media_type,
        size=len(content),
        sha256=digest,
        uploaded_by_id=actor.person_id,
    )
    append_event(actor, "file.stored", subject=stored.id, sha256=digest, size=stored.size)
    return FileCard(stored.id, stored.org_id, stored.name, media_type, stored.size, digest)
