"""Scan a file that was taken while the scanner was down: it opens if it is clean, else it goes into quarantine."""

from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.files.models import StoredFile
from staveworks.foundation.files.queries import path_of
from staveworks.foundation.files.room import lock_bytes
from staveworks.foundation.files.scanning import quarantine, scanner
from staveworks.foundation.files.types import FileNotFound, ScanState
from staveworks.foundation.parties.types import Actor


def list_waiting(limit: int = 100) -> list[tuple[UUID, UUID]]:
    """(organisation, file) that wait, the oldest first (cross role)."""
    found = StoredFile.objects.using("cross").filter(scan=ScanState.WAITING).order_by("id")
    return list(found.values_list("org_id", "id")[:limit])


@use_case
def scan_waiting(actor: Actor, *, file_id: UUID) -> ScanState:
    """What the scanner said. Raises ``FileNotFound``, ``ScannerDown``: then it goes on waiting."""
    row = StoredFile.objects.filter(id=file_id, org_id=actor.org, scan=ScanState.WAITING).first()
    if row is None:
        raise FileNotFound
    lock_bytes(row.sha256)
    path = path_of(row.sha256)
    verdict = scanner().scan(path)
    infected = verdict.state is ScanState.INFECTED
    if infected:
        quarantine(path, row.sha256)
    StoredFile.objects.filter(id=row.id).update(scan=verdict.state)
    append_event(
        actor, "file.quarantined" if infected else "file.scanned", subject=row.id, scan=verdict.state
    )
    return verdict.state
