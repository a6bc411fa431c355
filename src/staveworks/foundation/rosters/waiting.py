"""What waits for somebody in this room, for to-dos to be made of it.

Each function looks at one operator (inside ``acting`` for it), at one list of it, or, with ``org`` None, at all operators
under the cross role.
"""

from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet

from staveworks.foundation.rosters.models import DuplicatePair, Roster
from staveworks.foundation.rosters.types import PairState, RosterState
from staveworks.kit.waiting import Waiting


def _lists(org: UUID | None, subject: UUID | None, *states: RosterState) -> QuerySet[Roster]:
    found = Roster.objects.using("default" if org else "cross").filter(state__in=states)
    found = found.filter(org_id=org) if org else found
    return found.filter(id=subject) if subject else found


def duplicates_to_decide(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """Lists with open pairs, but not while the import still finds more. ``subject`` is the list."""
    pairs = DuplicatePair.objects.using("default" if org else "cross").filter(state=PairState.OPEN)
    pairs = pairs.filter(org_id=org) if org else pairs
    pairs = pairs.filter(left_row__roster_id=subject) if subject else pairs
    listed = (
        pairs.exclude(left_row__roster__state=RosterState.RUNNING)
        .order_by()
        .values("org_id", roster=F("left_row__roster_id"), name=F("left_row__roster__name"))
        .annotate(n=Count("id"), first=Min("asked_at"))
    )
    return [
        Waiting(row["org_id"], row["roster"], row["first"], params={"name": row["name"], "n": row["n"]})
        for row in listed
    ]


def lists_to_import(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """Lists that were loaded and not started."""
    return [
        Waiting(each.org_id, each.id, each.uploaded_at, params={"name": each.name, "n": each.total})
        for each in _lists(org, subject, RosterState.MAPPED)
    ]


def imports_to_resume(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """Imports that failed or that somebody stopped."""
    return [
        Waiting(
            each.org_id,
            each.id,
            each.finished_at or each.uploaded_at,
            params={"name": each.name, "n": each.total, "done": each.progress},
        )
        for each in _lists(org, subject, RosterState.STOPPED, RosterState.FAILED)
    ]


def lists_to_correct(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """Imported lists with rows refused or cells that loaded empty, of which no corrections were imported."""
    faulty = _lists(org, subject, RosterState.DONE).filter(Q(refused__gt=0) | Q(cells_to_correct__gt=0))
    return [
        Waiting(
            each.org_id,
            each.id,
            each.finished_at or each.uploaded_at,
            params={"name": each.name, "n": each.refused + each.cells_to_correct},
        )
        for each in faulty.exclude(corrections__state=RosterState.DONE)
    ]
