"""Subscriptions, for their buyer and their provider: all of them, one with its periods; pause, go on, end, a new price."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from staveworks.cluster.prescription.lending import Lent, list_lent
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.subscription_queries import access_subscription, list_subscriptions
from staveworks.mechanisms.tasks.types.subscriptions import MoveKind, Subscription, SubscriptionState
from staveworks.mechanisms.tasks.usecases.keep_subscription import (
    announce_price,
    end_subscription,
    keep_price,
    move_subscription,
)
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.language import say
from staveworks.web.middleware import status_of
from staveworks.web.order.forms import fen_of, yuan_field
from staveworks.web.words import error_words, put_error, tell

SHAPES = {
    SubscriptionState.RUNNING: "running",
    SubscriptionState.PAUSED: "waiting",
    SubscriptionState.HELD: "yours",
    SubscriptionState.ENDING: "waiting",
    SubscriptionState.ENDED: "over",
}
GOES_ON = (SubscriptionState.RUNNING, SubscriptionState.PAUSED, SubscriptionState.HELD)


@dataclass(frozen=True, slots=True)
class Act:
    """What either side, or one, does with a subscription by a button; ``done``: what is said then."""

    do: Callable[..., None]
    done: Text


PAUSE = Act(
    partial(move_subscription, kind=MoveKind.PAUSED),
    Text(
        zh="已暂停：之后开始的期不下单、不收费。", en="Paused: periods that begin from now on cost nothing."
    ),
)
RESUME = Act(
    partial(move_subscription, kind=MoveKind.RESUMED),
    Text(zh="已恢复：从下一期起照常下单。", en="It goes on with the next period."),
)
END = Act(end_subscription, Text(zh="这一期过完就结束。", en="It ends with the period that runs."))
KEEP = Act(keep_price, Text(zh="已接受新价。", en="You go on at the new price."))


class PriceForm(forms.Form):
    """What a period costs from a later one on."""

    price = yuan_field("每期新价（元，含税）", "New price of a period (yuan, tax included)")


@door("order.read")
@require_safe
def subscriptions(request: HttpRequest) -> HttpResponse:
    """What the organisation has by the period, and what it serves."""
    actor = actor_of(request)
    bought = list_subscriptions(actor, serving=False)
    served = list_subscriptions(actor, serving=True) if actor.may("line.serve") else []
    shown = {
        "bought": [(each, SHAPES[each.state]) for each in bought],
        "served": [(each, SHAPES[each.state]) for each in served],
        "to_see": sum(each.notice is not None and not each.notice.kept for each in bought),
    }
    return render(request, "order/subscriptions.html", shown)


@door("order.read")
@require_safe
def subscription(request: HttpRequest, subscription: UUID) -> HttpResponse:
    """One, with its periods and what can be done with it."""
    return _page(request, subscription)


def _button(right: str, act: Act) -> Callable[..., HttpResponseBase]:
    """The buyer's button, or the provider's for what it serves: each has an address and a right of its own."""

    @door(right)
    @require_POST
    def press(request: HttpRequest, /, **named: UUID) -> HttpResponse:
        (subscription_id,) = named.values()
        return _do(request, subscription_id, act)

    return press


pause, pause_served = _button("order.place", PAUSE), _button("line.serve", PAUSE)
resume, resume_served = _button("order.place", RESUME), _button("line.serve", RESUME)
end, end_served = _button("order.place", END), _button("line.serve", END)
keep = _button("order.place", KEEP)
"""Above the firm's limit that is its approval."""


@door("line.serve")
@require_POST
def price_served(request: HttpRequest, served_subscription: UUID) -> HttpResponse:
    """Announce a new price; it holds once the days of notice are over."""
    form = PriceForm(request.POST)
    if not form.is_valid():
        return _page(request, served_subscription, form=form, status=422)
    try:
        announce_price(
            actor_of(request),
            subscription_id=served_subscription,
            price_fen=fen_of(form.cleaned_data["price"]),
        )
    except StaveworksError as error:
        if status_of(error) == 404:
            raise
        put_error(form, error)
        return _page(request, served_subscription, form=form, status=status_of(error))
    messages.success(request, tell("已通知对方。", "The buyer knows."))
    return redirect("subscription", served_subscription)


def _do(request: HttpRequest, subscription_id: UUID, act: Act) -> HttpResponse:
    try:
        act.do(actor_of(request), subscription_id=subscription_id)
    except StaveworksError as error:
        if status_of(error) in (403, 404) or not actor_of(request).may("order.read"):
            raise
        return _page(request, subscription_id, error=error_words(error), status=status_of(error))
    messages.success(request, say(act.done))
    return redirect("subscription", subscription_id)


def _page(
    request: HttpRequest,
    subscription_id: UUID,
    *,
    form: PriceForm | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    found = access_subscription(actor, subscription_id=subscription_id)
    serves = found.provider_org == actor.org
    waits = found.notice is not None and not found.notice.kept and found.state in GOES_ON
    shown = {
        "subscription": found,
        "shape": SHAPES[found.state],
        "serves": serves,
        "may_act": found.state in GOES_ON and actor.may("line.serve" if serves else "order.place"),
        "paused": found.state is SubscriptionState.PAUSED,
        "waits": waits,
        "may_keep": waits
        and found.notice is not None
        and (not found.notice.to_approve or actor.may("order.approve")),
        "lent": _lent(actor, found),
        "form": form or PriceForm(),
        "error": error,
    }
    return render(request, "order/subscription.html", shown, status=status)


def _lent(actor: Actor, subscription: Subscription) -> Lent | None:
    """What of it stands in her barrel while it runs."""
    if subscription.buyer_org != actor.org or not actor.may("barrel.read"):
        return None
    return next((each for each in list_lent(actor) if each.subscription_id == subscription.id), None)
