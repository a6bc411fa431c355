"""Stop an import. What is loaded stays; it can go on later."""

from uuid import UUID

from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters.models import Roster
from staveworks.foundation.rosters.queries import card_of, get_roster
from staveworks.foundation.rosters.types import NotInThisState, RosterCard, RosterState


@use_case
def stop_import(actor: Actor, /, *, roster: UUID) -> RosterCard:
    """The running import ends before its next chunk. Raises ``RightMissing``, ``RosterNotFound``, ``NotInThisState``."""
    actor.require("roster.import")
    found = get_roster(roster)
    stopped = Roster.objects.filter(id=roster, state=RosterState.RUNNING).update(
        state=RosterState.STOPPED, finished_at=Now()
    )
    if not stopped:
        raise NotInThisState(RosterState(found.state))
    append_event(actor, "roster.stopped", subject=roster, progress=found.progress)
    return card_of(get_roster(roster), open_pairs=0)
