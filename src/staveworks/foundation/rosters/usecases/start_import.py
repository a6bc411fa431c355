"""Start the import of a list, or go on with one that was stopped or interrupted."""

from datetime import timedelta
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters.domain import has_names
from staveworks.foundation.rosters.models import Roster
from staveworks.foundation.rosters.queries import card_of, get_roster
from staveworks.foundation.rosters.types import NoNameColumn, NotInThisState, RosterCard, RosterState

STARTABLE = (RosterState.MAPPED, RosterState.STOPPED, RosterState.FAILED)
SILENT = timedelta(seconds=60)


@use_case
def start_import(actor: Actor, /, *, roster: UUID, nameless: bool = False, here: bool = False) -> RosterCard:
    """Set the list to running; a job does the work (``jobs/reactions.py``), or with ``here`` the caller by ``run_import``.

    An import that shows no sign of life for a minute may be started again. ``nameless`` allows a list without a column of
    names, all of whose rows will be refused. Raises ``RightMissing``, ``RosterNotFound``, ``NotInThisState``, ``NoNameColumn``.
    """
    actor.require("roster.import")
    found = get_roster(roster, lock=True)
    if not nameless and not has_names(found.mapping):
        raise NoNameColumn
    if found.state not in STARTABLE and not _is_silent(found):
        raise NotInThisState(RosterState(found.state))
    Roster.objects.filter(id=roster).update(
        state=RosterState.RUNNING,
        reason=None,
        started_at=Now(),
        touched_at=Now(),
        started_from=F("progress"),
    )
    append_event(actor, "roster.begun" if here else "roster.started", subject=roster, progress=found.progress)
    return card_of(get_roster(roster), open_pairs=0)


def _is_silent(roster: Roster) -> bool:
    if roster.state != RosterState.RUNNING:
        return False
    return roster.touched_at is None or timezone.now() - roster.touched_at > SILENT
