"""Somebody else in the buyer's firm decides on an order above its limit."""

from uuid import UUID

from staveworks.db.clock import DatabaseClock
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.trade.orders.domain import check_reason
from staveworks.trade.orders.models import Approval, Order
from staveworks.trade.orders.models import Line as Row
from staveworks.trade.orders.moving import let_all_go, lock_order
from staveworks.trade.orders.terms import limits_of, others_may_approve
from staveworks.trade.orders.types import (
    DECIDED,
    ApprovalNotFound,
    ApprovalOver,
    ApproverIsRequester,
    Lapsed,
    LineState,
)
from staveworks.trade.orders.usecases.place_order import place_lines


@use_case
def approve_order(actor: Actor, *, order_id: UUID) -> None:
    """The order is placed at the prices and with the reservations with which approval was asked.

    Whoever asked decides herself only where nobody else in the firm can, and up to what the rule lets her.
    Raises ``RightMissing``, ``OrderNotFound``, ``ApprovalNotFound``, ``ApprovalOver``, ``ApproverIsRequester``, ``Lapsed``, ``HoldExpired``.
    """
    actor.require("order.approve")
    order, asked = _open(actor, order_id)
    own = None
    if asked.requested_by_id == actor.person_id:
        own = limits_of(actor).own_fen
        if others_may_approve(actor) or own < asked.amount_fen:
            raise ApproverIsRequester
    in_time = Approval.objects.filter(id=asked.id, verdict="", deadline_at__gt=DatabaseClock())
    if not in_time.update(
        verdict="approved", decided_by_id=actor.person_id, own_up_to_fen=own, decided_at=DatabaseClock()
    ):
        raise Lapsed
    rows = _awaiting(order)
    append_event(actor, "approval.granted", subject=order.id)
    place_lines(actor, order, rows[0].chain_id or order.id, rows, LineState.AWAITING_APPROVAL)


@use_case
def refuse_order(actor: Actor, *, order_id: UUID, reason: str) -> None:
    """The order is a draft again and nothing is held.

    Raises ``RightMissing``, ``OrderNotFound``, ``ApprovalNotFound``, ``ApprovalOver``, ``ReasonMissing``.
    """
    actor.require("order.approve")
    wording = check_reason(reason)
    order, _ = _open(actor, order_id)
    end_approval(actor, order, "refused", decided_by=actor.person_id, reason=wording)
    append_event(actor, "approval.refused", subject=order.id)


@use_case
def recall_order(actor: Actor, *, order_id: UUID) -> None:
    """Take the request back, to change the order: whoever may place orders, before somebody has decided.

    Raises ``RightMissing``, ``OrderNotFound``, ``ApprovalNotFound``, ``ApprovalOver``.
    """
    actor.require("order.place")
    order, _ = _open(actor, order_id)
    end_approval(actor, order, "recalled", decided_by=actor.person_id)
    append_event(actor, "approval.recalled", subject=order.id)


def end_approval(
    actor: Actor, order: Order, verdict: str, *, decided_by: UUID | None = None, reason: str = ""
) -> None:
    """The lines go back into the draft, what they held is given back."""
    Approval.objects.filter(order=order, verdict="").update(
        verdict=verdict, decided_by_id=decided_by, reason=reason[:400], decided_at=DatabaseClock()
    )
    let_all_go(actor, _awaiting(order), f"approval {verdict}")
    Row.objects.filter(order=order, state=LineState.AWAITING_APPROVAL).update(
        state=LineState.DRAFT, chain_id=None, held_until=None, deadline_at=None
    )


def _open(actor: Actor, order_id: UUID) -> tuple[Order, Approval]:
    order = lock_order(actor, order_id)
    asked = Approval.objects.filter(order=order, verdict="").first()
    if asked is None:
        last = Approval.objects.filter(order=order).order_by("requested_at").last()
        raise ApprovalOver(DECIDED[last.verdict]) if last else ApprovalNotFound
    return order, asked


def _awaiting(order: Order) -> list[Row]:
    return list(Row.objects.filter(order=order, state=LineState.AWAITING_APPROVAL).order_by("place"))
