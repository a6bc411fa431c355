"""Place what is held: the whole order or nothing; above the firm's limit somebody else approves it first."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Value
from django.db.models.functions import Least

from staveworks.db.clock import DatabaseClock
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.queries import list_reservations
from staveworks.foundation.reservation.types import Chain, HoldExpired, NotHeld, State
from staveworks.foundation.reservation.usecases.commit import commit, prolong
from staveworks.kit.ids import new_id
from staveworks.trade.catalogue.frozen import read_quote
from staveworks.trade.orders.domain import needs_approval
from staveworks.trade.orders.models import Approval, Order
from staveworks.trade.orders.models import Line as Row
from staveworks.trade.orders.moving import before_it_begins, draft_lines, from_now, lock_order, note_all
from staveworks.trade.orders.pricing import price_now
from staveworks.trade.orders.terms import limits_of, others_may_approve, terms_in_force
from staveworks.trade.orders.types import (
    Limits,
    LineState,
    NobodyToApprove,
    NotHeldYet,
    NotYet,
    OrderState,
    PriceChanged,
)


@use_case
def place_order(actor: Actor, *, order_id: UUID, expected_fen: int | None = None) -> OrderState:
    """What the order is now: under way, or awaiting approval. ``expected_fen``: the sum that the buyer saw.

    Raises ``RightMissing``, ``OrderNotFound``, ``NotADraft``, ``NothingOrdered``, ``NotHeldYet``, ``PriceChanged`` (what was held is
    still held), ``HoldExpired``, ``NobodyToApprove``.
    """
    actor.require("order.place")
    order = lock_order(actor, order_id)
    rows = draft_lines(order)
    chains = {row.chain_id for row in rows}
    total = sum(row.price_fen for row in rows)
    (chain,) = chains if len(chains) == 1 else (None,)
    if chain is None:
        raise NotHeldYet
    _, changes = price_now(actor, rows)
    if changes or (expected_fen is not None and expected_fen != total):
        raise PriceChanged(changes)
    limits = limits_of(actor)
    if needs_approval(total, limits.limit_fen):
        _ask_approval(actor, order, chain, rows, limits)
        return OrderState.AWAITING_APPROVAL
    place_lines(actor, order, chain, rows, LineState.DRAFT)
    return OrderState.RUNNING


def place_lines(actor: Actor, order: Order, chain: UUID, rows: Sequence[Row], state: LineState) -> None:
    """What is held becomes firm, and each provider gets its lines. Raises ``HoldExpired``: some of it is held no more."""
    if list_reservations(actor, chain_id=chain, limit=1):
        _all_of_it(rows, State.COMMITTED, lambda: commit(actor, chain_id=chain))
    moved = Row.objects.filter(id__in=[row.id for row in rows], state=state).update(
        state=LineState.PLACED,
        placed_at=DatabaseClock(),
        held_until=None,
        deadline_at=before_it_begins(terms_in_force().answer),
    )
    if moved != len(rows):
        raise NotYet(LineState.PLACED)
    note_all(actor, "line.placed", rows)
    append_event(actor, "order.placed", subject=order.id, lines=len(rows))


def _all_of_it(rows: Sequence[Row], state: State, move: Callable[[], Chain]) -> None:
    """``move`` leaves what its owner has taken back since (closing a machine) as it is; a line isn't placed with less than it needs."""
    try:
        chain = move()
    except NotHeld:
        raise HoldExpired from None
    needed = {row.id for row in rows}
    if any(each.state is not state for each in chain.reservations if each.subject_id in needed):
        raise HoldExpired


def _ask_approval(actor: Actor, order: Order, chain: UUID, rows: Sequence[Row], limits: Limits) -> None:
    """What is held stays held until somebody has decided, or the time for it is over: not after the first booked time begins."""
    total = sum(row.price_fen for row in rows)
    if total > limits.own_fen and not others_may_approve(actor):
        raise NobodyToApprove
    lasts = terms_in_force().approval
    if list_reservations(actor, chain_id=chain, limit=1):
        _all_of_it(rows, State.HELD, lambda: prolong(actor, chain_id=chain, ttl=lasts))
    due = _before_any_begins(rows, lasts)
    asked = Approval(
        id=new_id(),
        buyer_org_id=actor.org,
        order=order,
        requested_by_id=actor.person_id,
        amount_fen=total,
        limit_fen=limits.limit_fen,
        rule=limits.rule,
        deadline_at=due,
    )
    asked.save(force_insert=True)
    Row.objects.filter(id__in=[row.id for row in rows], state=LineState.DRAFT).update(
        state=LineState.AWAITING_APPROVAL, held_until=due, deadline_at=due
    )
    append_event(actor, "approval.requested", subject=order.id, amount_fen=total)


def _before_any_begins(rows: Sequence[Row], lasts: timedelta) -> Any:
    begins = [each for row in rows if (each := read_quote(row.quote).starts_at)]
    return Least(from_now(lasts), Value(min(begins), DateTimeField())) if begins else from_now(lasts)
