"""Note how a call to a firm went, and when to call again."""

from datetime import date
from uuid import UUID

from django.utils import timezone

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.outreach.models import Call
from staveworks.foundation.outreach.segments import unclaimed
from staveworks.foundation.outreach.types import CallOutcome, FirmNotHeld, NextDatePast
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id


@use_case
def note_call(
    actor: Actor, *, firm: UUID, outcome: CallOutcome, note: str = "", next_date: date | None = None
) -> UUID:
    """The call's id. Raises ``RightMissing``, ``FirmNotHeld``, ``NextDatePast``."""
    actor.require("firm.invite")
    if next_date and next_date < timezone.localdate():
        raise NextDatePast(field="next_date")
    if not unclaimed(actor).filter(id=firm).exists():
        raise FirmNotHeld
    call = Call.objects.create(
        id=new_id(),
        org_id=actor.org,
        firm_id=firm,
        person_id=actor.person_id,
        outcome=outcome,
        note=note.strip()[:1000],
        next_date=next_date,
    )
    append_event(actor, "firm.called", subject=firm, outcome=str(outcome))
    return call.id
