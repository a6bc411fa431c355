"""Put away a list that was loaded by mistake and not imported."""

from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters.models import Roster
from staveworks.foundation.rosters.queries import get_roster
from staveworks.foundation.rosters.types import NotInThisState, RosterState


@use_case
def discard_roster(actor: Actor, /, *, roster: UUID) -> None:
    """Nothing of it was imported. Raises ``RightMissing``, ``RosterNotFound``, ``NotInThisState``."""
    actor.require("roster.import")
    found = get_roster(roster)
    if not Roster.objects.filter(id=roster, state=RosterState.MAPPED).update(state=RosterState.DISCARDED):
        raise NotInThisState(RosterState(found.state))
    append_event(actor, "roster.discarded", subject=roster)
