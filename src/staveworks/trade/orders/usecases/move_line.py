"""Move a line to another time that is held already: the old one falls away and the new one is firm, in one transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor
from staveworks.trade.orders.domain import needs_approval
from staveworks.trade.orders.moving import access_row, let_go, note, step
from staveworks.trade.orders.terms import limits_of
from staveworks.trade.orders.types import (
    DearerThanApproved,
    LineState,
    NotYet,
    OrderState,
    PriceChanged,
)
from staveworks.trade.orders.usecases.answer_line import confirm_line
from staveworks.trade.orders.usecases.end_line import CANCELLABLE
from staveworks.trade.orders.usecases.order_held import OrderedHeld, begin_held
from staveworks.trade.orders.usecases.place_order import place_lines

MOVED = "改到更早的时间 / moved to an earlier time"


@use_case
def move_line(
    actor: Actor,
    *,
    line_id: UUID,
    request: Mapping[str, Any],
    becomes: UUID,
    chain_id: UUID,
    held_until: datetime,
    expected_fen: int | None = None,
) -> OrderedHeld:
    """The same offer under the new line ``becomes``, for which ``chain_id`` is held. No fee is owed. What the provider had confirmed
    it has confirmed for the new time too: it was its own calendar that had it free.

    Raises ``RightMissing``, ``LineNotFound``, ``NotYet`` (begun, or over), ``PriceChanged``, ``DearerThanApproved``, ``HoldExpired``, whatever
    ``quote_version`` raises; then the old line stands, and what is held still is.
    """
    actor.require("order.place")
    row = access_row(actor, line_id, "buyer_org_id")
    was = LineState(row.state)
    if was not in CANCELLABLE:
        raise NotYet(was)
    step(row, was, to=LineState.CANCELLED, fee_fen=0, deadline_at=None, reason=MOVED)
    let_go(actor, row, "moved")
    note(actor, "line.cancelled", row, fee_fen=0, moved_to=becomes)
    order, line = begin_held(
        actor,
        offer_id=row.version.offer_id,
        request=request,
        line_id=becomes,
        chain_id=chain_id,
        held_until=held_until,
    )
    if expected_fen is not None and expected_fen != line.price_fen:
        raise PriceChanged(())
    if line.price_fen > row.price_fen and needs_approval(line.price_fen, limits_of(actor).limit_fen):
        raise DearerThanApproved
    place_lines(actor, order, chain_id, [line], LineState.DRAFT)
    if was is LineState.CONFIRMED:
        confirm_line(operator_service_for(row.provider_org_id), line_id=becomes)
    return OrderedHeld(order.id, becomes, OrderState.RUNNING)
