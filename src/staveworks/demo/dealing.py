"""How the demo's order lines come about: what was placed goes its way step by step, and between the steps time passes."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from staveworks.db.transaction import acting
from staveworks.demo.passing import pass_time
from staveworks.demo.people import owner_of
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.booking.usecases.close_for import close_for
from staveworks.mechanisms.tasks.usecases.keep_subscription import (
    begin_subscription,
    list_due,
    renew_subscription,
)
from staveworks.mechanisms.tasks.usecases.open_task import open_task
from staveworks.trade.catalogue.types import OfferVersion
from staveworks.trade.orders.models import Line
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.types import LineState, OrderState
from staveworks.trade.orders.usecases.accept_line import accept_line
from staveworks.trade.orders.usecases.answer_line import confirm_line, decline_line
from staveworks.trade.orders.usecases.decide_approval import approve_order
from staveworks.trade.orders.usecases.deliver_line import deliver_part, start_line
from staveworks.trade.orders.usecases.dispute_line import answer_dispute, decide_dispute, open_dispute
from staveworks.trade.orders.usecases.end_line import cancel_line, record_no_show
from staveworks.trade.orders.usecases.fill_order import add_line, note_order
from staveworks.trade.orders.usecases.hold_order import hold_order
from staveworks.trade.orders.usecases.lapse_lines import lapse_line
from staveworks.trade.orders.usecases.place_order import place_order
from staveworks.trade.settlement.usecases.post_ordered_line import post_ordered_line

NOT_TAKEN = {"placed", "declined", "expired", "cancelled"}
DELIVERED = {"delivered", "disputed", "split", "accepted", "settled"}
OWED = {"accepted", "settled", "split", "no_show", "called_off"}


@dataclass(slots=True)
class Deal:
    """A line that was placed, and what is to become of it.

    ``becomes``: a ``LineState``, or *part_delivered*, *split* (accepted after a dispute), *called_off* (cancelled late).
    ``days``: how many pass until it is delivered, until it is judged, and since. ``said``: the words of those who act.
    """

    becomes: str
    days: tuple[int, int, int]
    line: UUID
    buyer: Actor
    provider: Actor
    said: Mapping[str, Any] = field(default_factory=dict)


def fill(
    buyer: Actor, wanted: Iterable[tuple[OfferVersion, Mapping[str, Any]]], *, note: str = ""
) -> tuple[UUID, list[UUID]]:
    """A draft of hers with these lines in it: the order, its lines."""
    order, lines = None, []
    for version, asked in wanted:
        added = add_line(buyer, version_id=version.id, request=asked, order_id=order)
        order = added.order_id
        lines.append(added.line_id)
    assert order is not None
    if note:
        note_order(buyer, order_id=order, note=note)
    return order, lines


def place(buyer: Actor, order: UUID) -> None:
    """All of it; above the firm's limit its owner approves."""
    hold_order(buyer, order_id=order)
    if place_order(buyer, order_id=order) is OrderState.AWAITING_APPROVAL:
        approve_order(owner_of(buyer.org), order_id=order)


def go_their_way(deals: Sequence[Deal]) -> None:
    """From placed to what each is to become."""
    for deal in deals:
        _answer(deal)
    pass_time(
        {deal.line: deal.days[0] for deal in deals}, booked={deal.line: sum(deal.days) for deal in deals}
    )
    for deal in deals:
        _deliver(deal)
    pass_time({deal.line: deal.days[1] for deal in deals})
    for deal in deals:
        _judge(deal)
    _pay([deal for deal in deals if deal.becomes == LineState.SETTLED])
    pass_time({deal.line: deal.days[2] for deal in deals})


def renew(buyers: Collection[UUID]) -> None:
    """Months have passed: what is subscribed to is ordered anew, as the job does it."""
    for buyer, subscription in list_due():
        if buyer in buyers:
            renew_subscription(operator_service_for(buyer), subscription_id=subscription)


def _answer(deal: Deal) -> None:
    if deal.becomes == "declined":
        decline_line(deal.provider, line_id=deal.line, reason=deal.said["reason"])
    elif deal.becomes == "cancelled":
        cancel_line(deal.buyer, line_id=deal.line, reason=deal.said["reason"])
    elif deal.becomes not in NOT_TAKEN:
        confirm_line(deal.provider, line_id=deal.line)
        provider = operator_service_for(deal.provider.org)
        open_task(provider, subject=deal.line)
        begin_subscription(provider, subject=deal.line)


def _deliver(deal: Deal) -> None:
    text = deal.said.get("part", "已按约完成")
    if deal.becomes in DELIVERED:
        deliver_part(deal.provider, line_id=deal.line, text=text, last=True)
    elif deal.becomes == "part_delivered":
        deliver_part(deal.provider, line_id=deal.line, text=text, last=False)
    elif (step := STEPS.get(deal.becomes)) is not None:
        step(deal)


def _close(deal: Deal) -> None:
    """What was booked is closed over its buyer, who reads when else it is free."""
    (ask,) = access_line(deal.provider, line_id=deal.line).quote.asks
    assert ask.during is not None
    close_for(deal.provider, resource_id=ask.resource_id, during=ask.during, reason=deal.said["reason"])


STEPS: Mapping[str, Callable[[Deal], object]] = {
    "in_delivery": lambda deal: start_line(deal.provider, line_id=deal.line),
    "expired": lambda deal: lapse_line(operator_service_for(deal.buyer.org), line_id=deal.line),
    "no_show": lambda deal: record_no_show(deal.provider, line_id=deal.line),
    "displaced": _close,
    "called_off": lambda deal: cancel_line(deal.buyer, line_id=deal.line, reason=deal.said["reason"]),
}


def _judge(deal: Deal) -> None:
    if deal.becomes in {"accepted", "settled"}:
        accept_line(deal.buyer, line_id=deal.line)
    elif deal.becomes in {"disputed", "split"}:
        said = deal.said
        open_dispute(deal.buyer, line_id=deal.line, reason=said["reason"], stands_fen=said["stands_fen"])
        answer_dispute(deal.provider, line_id=deal.line, text=said["answer"], agree=False)
        if deal.becomes == "split":
            decider = operator_service_for(deal.buyer.org).via_org_id
            assert decider is not None
            decide_dispute(
                owner_of(decider),
                line_id=deal.line,
                accepted_fen=said["accepted_fen"],
                reason=said["decision"],
            )
    if deal.becomes in OWED:
        post_ordered_line(deal.buyer, subject=deal.line)


def _pay(deals: Sequence[Deal]) -> None:
    """What no use case writes before there is a bank: that the buyer has paid."""
    for buyer in {deal.buyer.org for deal in deals}:
        paid = [deal.line for deal in deals if deal.buyer.org == buyer]
        with acting(org=buyer):
            Line.objects.filter(id__in=paid, state=LineState.ACCEPTED).update(state=LineState.SETTLED)
