"""The buyer accepts what was delivered, whole; or says what doesn't stand (``dispute_line``)."""

from uuid import UUID

from django.db.models import F

from staveworks.db.transaction import use_case
from staveworks.foundation.parties.types import Actor
from staveworks.trade.orders.moving import access_row, check_own_people, note, step
from staveworks.trade.orders.types import LineState


@use_case
def accept_line(actor: Actor, *, line_id: UUID) -> None:
    """Raises ``RightMissing``, ``LineNotFound``, ``NotYet``, ``ProviderAccepts``."""
    actor.require("order.place")
    row = access_row(actor, line_id, "buyer_org_id")
    check_own_people(actor, row)
    step(row, LineState.DELIVERED, to=LineState.ACCEPTED, accepted_fen=F("price_fen"), deadline_at=None)
    note(actor, "line.accepted", row, accepted_fen=row.price_fen)
