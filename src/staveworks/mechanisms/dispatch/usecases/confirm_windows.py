"""A firm says that all the free time it declared is still right."""

from staveworks.db.clock import database_now, database_today
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.dispatch.models import Confirmation, WindowStatement
from staveworks.mechanisms.dispatch.types.windows import Confirmed, NothingToConfirm


@use_case
def confirm_windows(actor: Actor) -> Confirmed:
    """Every window from today on. Changes none of them. Raises ``RightMissing``, ``NothingToConfirm``."""
    actor.require("capacity.confirm")
    standing = WindowStatement.objects.filter(
        org_id=actor.org, withdrawn_at=None, centre__closed_at=None, last_date__gte=database_today()
    ).count()
    if not standing:
        raise NothingToConfirm
    row = Confirmation(
        org_id=actor.org, windows=standing, by_link=actor.link_id is not None, by_id=actor.person_id
    )
    row.save(force_insert=True)
    append_event(actor, "capacity.confirmed", subject=actor.org, windows=standing)
    return Confirmed(standing, database_now())
