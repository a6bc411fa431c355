"""The buyer's pages: my orders, one order from draft to approval, the firm's limit."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from staveworks.cluster.prescription.carrying_out import list_left
from staveworks.cluster.programmes.shares import shares_of
from staveworks.foundation.parties.queries import names_of
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError
from staveworks.mechanisms.booking.usecases.take_instead import take_instead
from staveworks.trade.catalogue.types import OfferNotFound
from staveworks.trade.orders.queries import access_limits, access_order, current_draft, list_orders
from staveworks.trade.orders.types import (
    LinesNotFree,
    Order,
    OrderState,
    PriceChanged,
)
from staveworks.trade.orders.usecases.decide_approval import approve_order, recall_order, refuse_order
from staveworks.trade.orders.usecases.fill_order import remove_line
from staveworks.trade.orders.usecases.hold_order import hold_order, take_prices
from staveworks.trade.orders.usecases.place_order import place_order
from staveworks.trade.orders.usecases.set_limit import set_limit
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.middleware import status_of
from staveworks.web.order.alternatives import MissingLine, missing_lines
from staveworks.web.order.forms import FEN, LimitForm, ReasonForm, expected_fen, fen_of
from staveworks.web.order.holding import with_hold
from staveworks.web.order.shown import order_badge, show
from staveworks.web.words import error_words, tell


@door("order.read")
def orders(request: HttpRequest) -> HttpResponse:
    """The organisation's orders, the newest first."""
    actor = actor_of(request)
    rows = [(card, order_badge(card.state, card.turns)) for card in list_orders(actor)]
    turns = sum(badge[0] == "yours" for _, badge in rows)
    shown = {"rows": rows, "draft": current_draft(actor), "turns": turns}
    return render(request, "order/orders.html", shown)


@door("order.read")
def order(request: HttpRequest, order: UUID) -> HttpResponse:
    """One order: its draft to review and place, its approval, its lines on their ways."""
    return _page(request, access_order(actor_of(request), order_id=order))


@door("order.place")
@require_POST
def hold(request: HttpRequest, order: UUID) -> HttpResponse:
    """Hold everything; if something is dearer or gone, say so on the same page."""
    return _act(request, order, lambda actor: hold_order(actor, order_id=order))


@door("order.place")
@require_POST
def prices(request: HttpRequest, order: UUID) -> HttpResponse:
    """Take the lines at what they cost now."""
    said = tell("已按现在的价格更新。", "The order has the present prices now.")
    return _act(request, order, lambda actor: take_prices(actor, order_id=order), said)


@door("order.place")
@require_POST
def place(request: HttpRequest, order: UUID) -> HttpResponse:
    """Place what is held, at the sum that was shown."""
    actor = actor_of(request)
    try:
        state = place_order(actor, order_id=order, expected_fen=expected_fen(request))
    except StaveworksError as error:
        return _refused(request, order, error)
    if state is OrderState.AWAITING_APPROVAL:
        messages.success(
            request, tell("已提交审批，东西先占着。", "Sent for approval; everything stays held.")
        )
    else:
        count = access_order(actor, order_id=order).card.providers if actor.may("order.read") else 1
        messages.success(
            request,
            tell(
                "已下单，{n} 家已收到。", "Ordered. {n} provider knows.|Ordered. {n} providers know.", n=count
            ),
        )
    return redirect("order", order)


@door("order.approve")
@require_POST
def approve(request: HttpRequest, asked_order: UUID) -> HttpResponse:
    """It is placed with it."""
    said = tell("已批准并下单。", "Approved and placed.")
    return _act(request, asked_order, lambda actor: approve_order(actor, order_id=asked_order), said)


@door("order.approve")
@require_POST
def refuse(request: HttpRequest, asked_order: UUID) -> HttpResponse:
    """It is a draft again."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, access_order(actor_of(request), order_id=asked_order), refusal=form, status=422)
    said = tell("没有批准，订单退回草稿。", "Refused: the order is a draft again.")
    reason = form.cleaned_data["reason"]
    return _act(
        request, asked_order, lambda actor: refuse_order(actor, order_id=asked_order, reason=reason), said
    )


@door("order.place")
@require_POST
def recall(request: HttpRequest, asked_order: UUID) -> HttpResponse:
    """Take it back before somebody has decided."""
    said = tell("已撤回，订单退回草稿。", "Taken back: the order is a draft again.")
    return _act(request, asked_order, lambda actor: recall_order(actor, order_id=asked_order), said)


@door("order.place")
@require_POST
def remove(request: HttpRequest, order: UUID, draft_line: UUID) -> HttpResponse:
    """Out of the draft."""
    try:
        unheld = remove_line(actor_of(request), line_id=draft_line)
    except StaveworksError as error:
        return _refused(request, order, error)
    messages.success(request, with_hold(tell("已去掉。", "Removed."), unheld=unheld))
    return redirect("order", order)


@door("order.place")
@require_POST
def instead(request: HttpRequest, order: UUID, draft_line: UUID) -> HttpResponse:
    """A time that is free in the place of one that isn't, and everything held with it."""

    def swap(actor: Actor) -> None:
        take_instead(
            actor, line_id=draft_line, version_id=version, starts_at=request.POST.get("starts_at", "")
        )
        hold_order(actor, order_id=order)

    try:
        version = UUID(request.POST.get("version", ""))
    except ValueError:
        raise OfferNotFound from None
    return _act(request, order, swap, tell("已改订并占住。", "Swapped, and held."))


@door("order.read", to_change="order.limit")
def limit(request: HttpRequest) -> HttpResponse:
    """Above which amount somebody else approves."""
    actor = actor_of(request)
    limits = access_limits(actor) if actor.may("order.read") else None
    first = {"limit": limits.limit_fen / FEN} if limits and limits.set_here else {}
    form = LimitForm(request.POST or None, initial=first)
    status = 422 if request.method == "POST" and request.POST else 200
    if request.method == "POST" and form.is_valid():
        yuan = form.cleaned_data["limit"]
        set_limit(actor, limit_fen=None if yuan is None else fen_of(yuan))
        messages.success(request, tell("已保存。", "Saved."))
        return redirect("order_limit")
    return render(request, "order/limit.html", {"form": form, "limits": limits}, status=status)


def _act(request: HttpRequest, order: UUID, do: Callable[[Actor], object], said: str = "") -> HttpResponse:
    """Do it and show the order; what was refused is said above it, and nothing is lost."""
    try:
        do(actor_of(request))
    except StaveworksError as error:
        return _refused(request, order, error)
    if said:
        messages.success(request, said)
    return redirect("order", order)


def _refused(request: HttpRequest, order: UUID, error: StaveworksError) -> HttpResponse:
    """The order with what stands in its way; an order that the reader can't see is refused as such."""
    actor = actor_of(request)
    if not actor.may("order.read"):
        raise error
    shown = access_order(actor, order_id=order)
    changes = error.changes if isinstance(error, PriceChanged) else ()
    missing = missing_lines(actor, shown, error) if isinstance(error, LinesNotFree) else []
    return _page(
        request, shown, error=error_words(error), changes=changes, missing=missing, status=status_of(error)
    )


def _page(
    request: HttpRequest,
    order: Order,
    *,
    error: str = "",
    changes: object = (),
    missing: Sequence[MissingLine] = (),
    refusal: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    asked = order.approval if order.approval and not order.approval.verdict else None
    last = order.approval if order.approval and order.approval.verdict in ("refused", "lapsed") else None
    people = names_of([asked.requested_by]) if asked and asked.requested_by else {}
    limits = access_limits(actor)
    shares = shares_of(actor, lines=order.lines)
    left = list_left(actor, order_id=order.card.id) if order.card.state is OrderState.DRAFT else ()
    left_fen = sum(each.price_fen for each in left)
    shown = {
        "order": order,
        "lines": [show(line, actor.org, shares.get(line.id)) for line in order.lines],
        "paid_fen": sum(each.fen for each in shares.values()),
        "left": left,
        "left_fen": left_fen,
        "whole_fen": order.card.price_fen + left_fen,
        "state": str(order.card.state),
        "error": error,
        "changes": changes,
        "missing": missing,
        "asked": asked,
        "asker": next(iter(people.values()), None),
        "last": last,
        "limits": limits,
        "above": order.card.price_fen > limits.limit_fen,
        "refusal": refusal or ReasonForm(),
        "may_place": actor.may("order.place"),
        "may_approve": actor.may("order.approve"),
    }
    return render(request, "order/order.html", shown, status=status)
