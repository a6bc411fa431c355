"""订单: fill an order with offers of many providers, hold everything, place it; approve what is above the firm's limit."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from ninja import Query

from staveworks.api.authentication import Call
from staveworks.api.faults import problem_of
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.shapes import Nothing
from staveworks.api.v1.order_shapes import (
    AddLine,
    AlternativeOut,
    ChangeLine,
    Held,
    LimitsOut,
    LineMade,
    NoteOrder,
    OrderOut,
    OrderWithLines,
    Placed,
    PlaceOrder,
    PriceChangeOut,
    PriceChanges,
    SetLimit,
    WithReason,
)
from staveworks.cluster.programmes.shares import shares_of
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.alternatives import list_alternatives
from staveworks.mechanisms.booking.mechanism import MECHANISM
from staveworks.trade.orders.queries import (
    access_limits,
    access_line,
    access_order,
    changes_of,
    list_orders,
)
from staveworks.trade.orders.types import LinesNotFree
from staveworks.trade.orders.usecases.decide_approval import approve_order, recall_order, refuse_order
from staveworks.trade.orders.usecases.fill_order import add_line, change_line, note_order, remove_line
from staveworks.trade.orders.usecases.hold_order import hold_order, take_prices
from staveworks.trade.orders.usecases.place_order import place_order
from staveworks.trade.orders.usecases.set_limit import set_limit

router = Resource("orders")
READ, PLACE, APPROVE, LIMIT = (
    right("order.read"),
    right("order.place"),
    right("order.approve"),
    right("order.limit"),
)
MOST = 1000


@contextmanager
def inside(member: str) -> Iterator[None]:
    """What is wrong in a member of the body is pointed at there."""
    try:
        yield
    except Invalid as error:
        error.field = f"{member}.{error.field}" if error.field else member
        raise


@router.read("", says=Text(zh="列出订单", en="List orders"), door=READ, answer=Page[OrderOut])
def list_own_orders(request: Call, paging: Query[Paging]) -> Page[OrderOut]:
    """The organisation's, the newest first; at most the latest 1,000."""
    return page_of_all(
        list_orders(request.auth, limit=MOST),
        paging=paging,
        listing="orders",
        key=lambda card: (card.number, str(card.id)),
        show=OrderOut.of,
        newest_first=True,
    )


@router.effect(
    "POST",
    "/lines",
    says=Text(zh="加入订单", en="Add a line"),
    door=PLACE,
    answer=LineMade,
    status=201,
)
def add_one_line(request: Call, body: AddLine) -> LineMade:
    """At what it costs now. Nothing is held yet; what the draft held is given back, since it is another order now."""
    with inside("request"):
        made = add_line(request.auth, version_id=body.version, request=body.request, order_id=body.order)
    return LineMade(id=made.line_id, order=made.order_id)


@router.effect(
    "PUT",
    "/lines/{uuid:draft_line}",
    says=Text(zh="改订单里的一项", en="Change a line"),
    door=PLACE,
    answer=Nothing,
)
def change_one_line(request: Call, draft_line: UUID, body: ChangeLine) -> Nothing:
    """Ask for something else of the same offer, at what it costs now."""
    with inside("request"):
        change_line(request.auth, line_id=draft_line, request=body.request)
    return Nothing()


@router.effect(
    "DELETE",
    "/lines/{uuid:draft_line}",
    says=Text(zh="从订单里去掉一项", en="Remove a line"),
    door=PLACE,
    answer=Nothing,
    takes=None,
)
def remove_one_line(request: Call, draft_line: UUID) -> Nothing:
    """Of a draft."""
    remove_line(request.auth, line_id=draft_line)
    return Nothing()


@router.read("/limit", says=Text(zh="看审批限额", en="Read the limits"), door=READ, answer=LimitsOut)
def read_limits(request: Call) -> LimitsOut:
    """Above which amount an order needs somebody else's approval."""
    return LimitsOut.of(access_limits(request.auth))


@router.effect("PUT", "/limit", says=Text(zh="定审批限额", en="Set the limit"), door=LIMIT, answer=Nothing)
def set_one_limit(request: Call, body: SetLimit) -> Nothing:
    """Orders that await approval keep the limit under which they were asked."""
    set_limit(request.auth, limit_fen=body.limit_fen)
    return Nothing()


@router.read(
    "/{uuid:order}", says=Text(zh="看一张订单", en="Read an order"), door=READ, answer=OrderWithLines
)
def read_one_order(request: Call, order: UUID) -> OrderWithLines:
    """With its lines, what vouchers pay of them, and the latest request for approval."""
    found = access_order(request.auth, order_id=order)
    return OrderWithLines.of(found, shares_of(request.auth, lines=found.lines))


@router.effect(
    "PUT",
    "/{uuid:order}/note",
    says=Text(zh="写订单用途", en="Say what an order is for"),
    door=PLACE,
    answer=Nothing,
)
def note_one_order(request: Call, order: UUID, body: NoteOrder) -> Nothing:
    """The firm's own words; no provider reads them."""
    note_order(request.auth, order_id=order, note=body.note)
    return Nothing()


@router.read(
    "/{uuid:order}/changes",
    says=Text(zh="看价格有没有变", en="Read what changed"),
    door=READ,
    answer=PriceChanges,
)
def read_changes(request: Call, order: UUID) -> PriceChanges:
    """What would be different if the draft were ordered now."""
    return PriceChanges(
        changes=[PriceChangeOut.of(each) for each in changes_of(request.auth, order_id=order)]
    )


@router.effect(
    "POST",
    "/{uuid:order}/prices",
    says=Text(zh="接受现在的价格", en="Take the present prices"),
    door=PLACE,
    answer=Nothing,
    takes=None,
)
def take_present_prices(request: Call, order: UUID) -> Nothing:
    """Of a draft; what can't be ordered any more stays, to be removed."""
    take_prices(request.auth, order_id=order)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:order}/hold",
    says=Text(zh="占住，去确认", en="Hold and review"),
    door=PLACE,
    answer=Held,
    takes=None,
)
def hold_one_order(request: Call, order: UUID) -> Held:
    """Everything or nothing. ``price-changed`` and ``lines-not-free`` say in ``errors`` of which lines (``parameter``); the latter
    has ``alternatives``: by line the nearest free times in this and other cities, as `/lines/{line}/alternatives` gives them."""
    try:
        return Held(held_until=hold_order(request.auth, order_id=order).expires_at)
    except LinesNotFree as refused:
        problem = problem_of(refused)
        problem.more["alternatives"] = _alternatives(request.auth, refused)
        raise problem from refused


def _alternatives(actor: Actor, refused: LinesNotFree) -> dict[str, list[dict[str, Any]]]:
    """By line; none for whoever may place the order and not read it."""
    if not actor.may("order.read"):
        return {}
    lines = [access_line(actor, line_id=each.line_id) for each in refused.missing]
    return {
        str(line.id): [
            AlternativeOut.of(each).model_dump(mode="json")
            for each in list_alternatives(actor, version_id=line.version_id, request=line.request)
        ]
        for line in lines
        if line.mechanism == MECHANISM.code
    }


@router.effect(
    "POST",
    "/{uuid:order}/place",
    says=Text(zh="下单", en="Place an order"),
    door=PLACE,
    answer=Placed,
)
def place_one_order(request: Call, order: UUID, body: PlaceOrder) -> Placed:
    """What is held becomes firm, or waits for approval above the firm's limit."""
    return Placed(state=place_order(request.auth, order_id=order, expected_fen=body.expected_fen))


@router.effect(
    "POST",
    "/{uuid:asked_order}/approve",
    says=Text(zh="批准订单", en="Approve an order"),
    door=APPROVE,
    answer=Nothing,
    takes=None,
)
def approve_one_order(request: Call, asked_order: UUID) -> Nothing:
    """By somebody else than who asked; it is placed with it."""
    approve_order(request.auth, order_id=asked_order)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:asked_order}/refuse",
    says=Text(zh="不批准订单", en="Refuse an order"),
    door=APPROVE,
    answer=Nothing,
)
def refuse_one_order(request: Call, asked_order: UUID, body: WithReason) -> Nothing:
    """It is a draft again and holds nothing."""
    refuse_order(request.auth, order_id=asked_order, reason=body.reason)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:asked_order}/recall",
    says=Text(zh="撤回审批", en="Take an order back"),
    door=PLACE,
    answer=Nothing,
    takes=None,
)
def recall_one_order(request: Call, asked_order: UUID) -> Nothing:
    """Before somebody has decided; it is a draft again and holds nothing."""
    recall_order(request.auth, order_id=asked_order)
    return Nothing()
