"""A time is kept for the first in line: she takes it, and it is ordered with it; or she doesn't, and the next in line gets it."""

from typing import Any
from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.types import HoldExpired
from staveworks.foundation.reservation.usecases.release import release
from staveworks.mechanisms.booking.models import Wish as Row
from staveworks.mechanisms.booking.types import NothingKept, WishNotFound, WishState
from staveworks.mechanisms.booking.waiting_list import request_at
from staveworks.trade.orders.usecases.move_line import move_line
from staveworks.trade.orders.usecases.order_held import OrderedHeld, order_held


@use_case
def take_time(actor: Actor, *, wish_id: UUID, expected_fen: int | None = None) -> OrderedHeld:
    """What is held becomes the reservation of a line, ordered at once; above the firm's limit it waits for approval, held on. Of a
    booking that is to be moved, the old one falls away with it.

    Raises ``RightMissing``, ``WishNotFound``, ``NothingKept``, ``PriceChanged`` (it is still kept), ``NobodyToApprove``;
    of a booking to move ``NotYet``, ``DearerThanApproved``.
    """
    actor.require("order.place")
    row = _own(actor, wish_id)
    if not Row.objects.filter(id=row.id, state=WishState.KEPT).update(state=WishState.TAKEN):
        raise NothingKept
    row.refresh_from_db()
    if row.line_id is None or row.chain_id is None or row.starts_at is None or row.kept_until is None:
        raise AssertionError("booking_wish_kept_says_what")
    held: dict[str, Any] = {
        "request": request_at(row, row.starts_at),
        "chain_id": row.chain_id,
        "held_until": row.kept_until,
        "expected_fen": expected_fen,
    }
    try:
        if row.moves_id is not None:
            ordered = move_line(actor, line_id=row.moves_id, becomes=row.line_id, **held)
        else:
            ordered = order_held(actor, offer_id=row.offer_id, line_id=row.line_id, **held)
    except HoldExpired:
        raise NothingKept from None
    append_event(actor, "wish.taken", subject=row.id, resource=row.resource_id, line=row.line_id)
    return ordered


@use_case
def decline_time(actor: Actor, *, wish_id: UUID) -> None:
    """It is free for the next in line; her own place is given up. Raises ``RightMissing``, ``WishNotFound``, ``NothingKept``."""
    actor.require("order.place")
    row = _own(actor, wish_id)
    if not Row.objects.filter(id=row.id, state=WishState.KEPT).update(state=WishState.DECLINED):
        raise NothingKept
    row.refresh_from_db()
    release(actor, chain_id=row.chain_id, reason="declined")
    append_event(actor, "wish.declined", subject=row.id, resource=row.resource_id)


def _own(actor: Actor, wish_id: UUID) -> Row:
    row = Row.objects.filter(id=wish_id, buyer_org_id=actor.org).first()
    if row is None:
        raise WishNotFound
    return row
