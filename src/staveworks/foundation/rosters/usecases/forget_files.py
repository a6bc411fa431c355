"""The bytes of lists whose time is over go, or of those that name a person who is erased. Rows and outcomes stay."""

from datetime import datetime
from uuid import UUID

from django.db.models.functions import Greatest, Now

from staveworks.db.transaction import acting
from staveworks.foundation.rosters.models import Roster
from staveworks.foundation.rosters.storage import lock_list, stored_path
from staveworks.foundation.rosters.types import RosterState

OVER = (RosterState.DONE, RosterState.DISCARDED)


def forget_files(*, before: datetime, limit: int) -> int:
    """How many lists have no bytes any more that nobody has touched since ``before`` (cross role). A running import keeps its own;
    one that was stopped or never started asks for the file again.
    """
    kept = Roster.objects.using("cross").filter(forgotten_at=None).exclude(state=RosterState.RUNNING)
    old = kept.annotate(last=Greatest("uploaded_at", "touched_at", "finished_at")).filter(last__lt=before)
    rows = list(old.order_by("org_id", "id").values_list("org_id", "digest", "id")[:limit])
    return sum(_forget(org_id, digest, {id_}) for org_id, digest, id_ in rows)


def forget_files_of(org_id: UUID, digest: str) -> bool:
    """Whether the bytes went at once: not while a list with them is yet to be imported; then they go by the rule."""
    named = Roster.objects.using("cross").filter(org_id=org_id, digest=digest, forgotten_at=None)
    if named.exclude(state__in=OVER).exists():
        return False
    return bool(_forget(org_id, digest, set(named.values_list("id", flat=True))))


def _forget(org_id: UUID, digest: str, ids: set[UUID]) -> int:
    """Killed before the end, the lists still count as kept, and the next run finds the bytes gone already."""
    with acting(org=org_id):
        lock_list(org_id, digest)
        lists = Roster.objects.filter(org_id=org_id, digest=digest, forgotten_at=None)
        count = lists.filter(id__in=ids).exclude(state=RosterState.RUNNING).update(forgotten_at=Now())
        if not lists.exists():
            stored_path(org_id, digest).unlink(missing_ok=True)
    return count
