"""The provider answers what was placed with it: takes it or not."""

from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.parties.types import Actor
from staveworks.trade.orders.domain import check_reason
from staveworks.trade.orders.moving import access_row, let_go, note, step
from staveworks.trade.orders.types import LineState


@use_case
def confirm_line(actor: Actor, *, line_id: UUID) -> None:
    """Raises ``RightMissing``, ``LineNotFound``, ``NotYet``, ``Lapsed``."""
    actor.require("line.serve")
    row = access_row(actor, line_id, "provider_org_id")
    step(row, LineState.PLACED, to=LineState.CONFIRMED, in_time=True, deadline_at=None)
    note(actor, "line.confirmed", row)


@use_case
def decline_line(actor: Actor, *, line_id: UUID, reason: str) -> None:
    """What was reserved is free again. Raises ``RightMissing``, ``LineNotFound``, ``ReasonMissing``, ``NotYet``, ``Lapsed``."""
    actor.require("line.serve")
    wording = check_reason(reason)
    row = access_row(actor, line_id, "provider_org_id")
    step(row, LineState.PLACED, to=LineState.DECLINED, in_time=True, deadline_at=None, reason=wording[:400])
    let_go(actor, row, "declined")
    note(actor, "line.declined", row)
