"""A file of one organisation is another's as well: a second row for the same bytes."""

from uuid import UUID

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.files.models import StoredFile
from staveworks.foundation.files.room import lock_bytes
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id


def share_file(actor: Actor, *, file_id: UUID, of: UUID) -> UUID | None:
    """The id of the actor's own row for the file ``file_id`` of the organisation ``of``; None if that has none.

    The caller has made sure that the actor may have it (an entry that was merged into her firm). Joins her transaction.
    """
    with acting(org=of, person=actor.person_id):
        theirs = StoredFile.objects.filter(id=file_id, org_id=of)
        for digest in theirs.values_list("sha256", flat=True):
            lock_bytes(digest)  # it isn't taken away, nor told infected, between reading and writing
        found = theirs.first()
    if found is None:
        return None
    with acting(org=actor.org, person=actor.person_id):
        held = StoredFile.objects.filter(org_id=actor.org, sha256=found.sha256, name=found.name).first()
        if held:
            return held.id
        row = StoredFile.objects.create(
            id=new_id(),
            org_id=actor.org,
            name=found.name,
            media_type=found.media_type,
            size=found.size,
            sha256=found.sha256,
            uploaded_by_id=found.uploaded_by_id,
            scan=found.scan,
        )
        append_event(actor, "file.stored", subject=row.id, sha256=found.sha256, size=found.size)
        return row.id
