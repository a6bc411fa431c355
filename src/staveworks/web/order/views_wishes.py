"""Waiting lists for their buyers: join one, see where one stands, take or decline the time that is kept."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError
from staveworks.mechanisms.booking.mechanism import MECHANISM
from staveworks.mechanisms.booking.queries import access_wish, list_wishes, price_wish
from staveworks.mechanisms.booking.types import OPEN_WISHES, NoWaitingList, TimeFree, WishState
from staveworks.mechanisms.booking.usecases.answer_wish import decline_time, take_time
from staveworks.mechanisms.booking.usecases.ask_to_move import ask_to_move
from staveworks.mechanisms.booking.usecases.make_wish import leave_list, make_wish
from staveworks.trade.catalogue.queries import access_offer
from staveworks.trade.catalogue.types import OfferState, OfferVersion
from staveworks.trade.orders.types import OrderState
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.middleware import status_of
from staveworks.web.order.coming import with_people
from staveworks.web.order.forms import expected_fen
from staveworks.web.order.request_forms import RequestForm
from staveworks.web.typed import moment_of
from staveworks.web.words import error_words, put_error, tell

SHAPES = {WishState.WAITING: "waiting", WishState.KEPT: "yours", WishState.TAKEN: "done"}
WINDOW: dict[str, dict[str, Any]] = {
    "earliest_at": {"type": "string", "format": "date-time", "x-zh": "最早", "x-en": "From"},
    "latest_at": {
        "type": "string", "format": "date-time", "x-zh": "最晚", "x-en": "Until",
        "x-help-zh": "到那时已经用完。", "x-help-en": "By then it is over.",
    },
}  # fmt: skip
A_WEEK = timedelta(days=7)


@door("order.read")
def wishes(request: HttpRequest) -> HttpResponse:
    """The organisation's places in waiting lists, those for which a time is kept first."""
    rows = [(wish, SHAPES.get(wish.state, "over")) for wish in list_wishes(actor_of(request))]
    kept = sum(wish.state is WishState.KEPT for wish, _ in rows)
    waiting = sum(wish.state is WishState.WAITING for wish, _ in rows)
    return render(request, "order/wishes.html", {"rows": rows, "kept": kept, "waiting": waiting})


@door("order.read")
def wish(request: HttpRequest, wish: UUID) -> HttpResponse:
    """One place in a waiting list."""
    return _page(request, wish)


@door("offer.read", to_change="order.place")
def new(request: HttpRequest, offer: UUID) -> HttpResponse:
    """Join the waiting list of what an offer lends."""
    actor = actor_of(request)
    view = access_offer(actor, offer_id=offer)
    version = view.version
    if (
        version is None
        or view.state is not OfferState.PUBLISHED
        or version.content.mechanism != MECHANISM.code
    ):
        raise NoWaitingList
    form, status = RequestForm(_schema(actor, version), request.POST or None), 200
    free: TimeFree | None = None
    if not form.is_bound:
        form.initial = _initial(request.GET)
    elif form.is_valid():
        asked = form.request()
        window = {name: form.cleaned_data[name] for name in WINDOW}
        answers = {name: value for name, value in asked.items() if name not in WINDOW}
        try:
            made = make_wish(actor, offer_id=offer, request=answers, **window)
        except StaveworksError as error:
            put_error(form, error)
            status, free = status_of(error), error if isinstance(error, TimeFree) else None
        else:
            messages.success(
                request,
                tell("已加入候补，有空档就通知您。", "You are in line; you hear when a time comes free."),
            )
            return redirect("wish", made)
    shown = {"offer": view, "title": version.content.title, "form": form, "free": free}
    return render(
        request, "order/wish_form.html", shown, status=status if not form.errors else max(status, 422)
    )


@door("order.place")
@require_POST
def move(request: HttpRequest, line: UUID) -> HttpResponse:
    """Ask that a booking be moved to an earlier time, from now on or from a day."""
    actor = actor_of(request)
    said = request.POST.get("earliest_at", "")
    try:
        first = datetime.fromisoformat(said) if said else timezone.now()
    except ValueError:
        first = timezone.now()
    try:
        made = ask_to_move(
            actor, line_id=line, earliest_at=first if first.tzinfo else timezone.make_aware(first)
        )
    except StaveworksError as error:
        if not actor.may("order.read") or status_of(error) == 404:
            raise
        messages.error(request, error_words(error))
        return redirect("line", line)
    messages.success(
        request, tell("已加入候补；原来的预约照旧。", "You are in line; the booking stands as it is.")
    )
    return redirect("wish", made)


@door("order.place")
@require_POST
def take(request: HttpRequest, wish: UUID) -> HttpResponse:
    """Order the time that is kept, at the price that was shown."""
    try:
        ordered = take_time(actor_of(request), wish_id=wish, expected_fen=expected_fen(request))
    except StaveworksError as error:
        return _refused(request, wish, error)
    if ordered.state is OrderState.AWAITING_APPROVAL:
        messages.success(request, tell("已提交审批，时间先占着。", "Sent for approval; the time stays held."))
    else:
        messages.success(request, tell("已下单。", "Ordered."))
    return redirect("order", ordered.order_id)


@door("order.place")
@require_POST
def decline(request: HttpRequest, wish: UUID) -> HttpResponse:
    """It goes to the next in line."""
    said = tell("已让给下一位。", "It goes to the next in line.")
    return _act(request, wish, lambda actor: decline_time(actor, wish_id=wish), said)


@door("order.place")
@require_POST
def leave(request: HttpRequest, wish: UUID) -> HttpResponse:
    """Give the place in line up."""
    said = tell("已退出候补。", "You left the waiting list.")
    return _act(request, wish, lambda actor: leave_list(actor, wish_id=wish), said)


def _act(request: HttpRequest, wish: UUID, do: Callable[[Actor], None], said: str) -> HttpResponse:
    try:
        do(actor_of(request))
    except StaveworksError as error:
        return _refused(request, wish, error)
    messages.success(request, said)
    return redirect("wishes")


def _refused(request: HttpRequest, wish: UUID, error: StaveworksError) -> HttpResponse:
    if not actor_of(request).may("order.read"):
        raise error
    return _page(request, wish, error=error_words(error), status=status_of(error))


def _page(request: HttpRequest, wish_id: UUID, *, error: str = "", status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    found = access_wish(actor, wish_id=wish_id)
    shown = {
        "wish": found,
        "shape": SHAPES.get(found.state, "over"),
        "open": found.state in OPEN_WISHES,
        "ends_at": found.starts_at + timedelta(minutes=found.minutes) if found.starts_at else None,
        "price_fen": price_wish(actor, wish_id=wish_id),
        "error": error,
        "may_place": actor.may("order.place"),
    }
    return render(request, "order/wish.html", shown, status=status)


def _schema(actor: Actor, version: OfferVersion) -> dict[str, Any]:
    """The offer's form with a window in the place of a time."""
    form = with_people(actor, version, MECHANISM.form(version))
    asked = {name: shape for name, shape in form["properties"].items() if name != "starts_at"}
    needed = [name for name in form["required"] if name != "starts_at"]
    return {"type": "object", "properties": WINDOW | asked, "required": [*WINDOW, *needed]}


def _initial(given: Mapping[str, str]) -> dict[str, Any]:
    """From what was wanted and couldn't be had: from that time on, for a week."""
    wanted = moment_of(given.get("starts_at", "")) or timezone.localtime()
    first = wanted.replace(second=0, microsecond=0)
    window = {"earliest_at": first, "latest_at": (first + A_WEEK).replace(hour=23, minute=59)}
    return window | {name: given[name] for name in ("minutes", "quantity") if given.get(name, "").isdecimal()}
