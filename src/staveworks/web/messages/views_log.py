"""The operator's log of deliveries: what was sent, failed, came back, by kind and channel; addresses not written to any more."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from staveworks.foundation.notices.delivery_log import (
    Counts,
    Narrowed,
    access_delivery,
    count_log,
    list_deliveries,
)
from staveworks.foundation.notices.messages.catalogue import catalogue
from staveworks.foundation.notices.messages.types import Channel, DeliveryState, NotToBeSentAgain
from staveworks.foundation.notices.suppressions import list_suppressions
from staveworks.foundation.notices.usecases.lift_suppression import lift_suppression
from staveworks.foundation.notices.usecases.send_again import send_again
from staveworks.kit.text import Text
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.messages.paging import after, position_of
from staveworks.web.messages.states import OUTCOMES, STATES, why
from staveworks.web.words import error_words, tell

PAGE = 50
ALL = Text(zh="全部", en="All")
Chip = dict[str, Any]


@door("message.read")
def deliveries(request: HttpRequest) -> HttpResponse:
    """Filtered by state, channel and kind; the address says how."""
    actor, narrowed = actor_of(request), _narrowed(request)
    counts = count_log(actor, narrowed)
    found = list_deliveries(actor, narrowed, limit=PAGE + 1, after=position_of(request))
    context = {
        "rows": [(one, STATES[one.state], why(one.error)) for one in found[:PAGE]],
        "total": counts.total,
        "chips": _chips(narrowed, counts),
        "narrowed": narrowed,
        "is_narrowed": bool(narrowed.state or narrowed.channel or narrowed.template),
        "older": _address(narrowed, after=after(found[PAGE - 1].created_at, found[PAGE - 1].id))
        if len(found) > PAGE
        else "",
        "trouble": counts.states.get("failed", 0) + counts.states.get("bounced", 0),
    }
    return render(request, "messages/deliveries.html", context)


def _narrowed(request: HttpRequest) -> Narrowed:
    """What isn't known narrows nothing."""
    state, channel = request.GET.get("state", ""), request.GET.get("channel", "")
    template = request.GET.get("kind", "")
    return Narrowed(
        state if state in set(DeliveryState) else "",
        channel if channel in set(Channel) else "",
        template if template in catalogue().templates else "",
    )


def _chips(narrowed: Narrowed, counts: Counts) -> list[tuple[Text, list[Chip]]]:
    names = catalogue().templates
    return [
        (
            Text(zh="状态", en="State"),
            _group(narrowed, "state", {s.value: s.text for s in DeliveryState}, counts.states),
        ),
        (
            Text(zh="渠道", en="Channel"),
            _group(narrowed, "channel", {c.value: c.text for c in Channel}, counts.channels),
        ),
        (
            Text(zh="类别", en="Kind"),
            _group(narrowed, "template", {code: t.name for code, t in names.items()}, counts.templates),
        ),
    ]


def _group(narrowed: Narrowed, name: str, texts: dict[str, Text], counts: Any) -> list[Chip]:
    """One chip for each value that occurs, and one for all."""
    chosen = getattr(narrowed, name)
    chips = [{"label": ALL, "url": _address(narrowed, **{name: ""}), "count": None, "current": not chosen}]
    for value, text in texts.items():
        if counts.get(value) or value == chosen:
            chips.append(
                {
                    "label": text,
                    "url": _address(narrowed, **{name: value}),
                    "count": counts.get(value, 0),
                    "current": value == chosen,
                }
            )
    return chips if len(chips) > 1 else []


def _address(narrowed: Narrowed, **changed: str) -> str:
    values = {"state": narrowed.state, "channel": narrowed.channel, "template": narrowed.template} | changed
    values["kind"] = values.pop("template")
    return "?" + urlencode({name: value for name, value in values.items() if value})


@door("message.read")
def delivery(request: HttpRequest, delivery: UUID) -> HttpResponse:
    """One delivery and its attempts."""
    actor = actor_of(request)
    found = access_delivery(actor, delivery)
    tried = [(one, OUTCOMES.get(one.outcome), why(one.code)) for one in found.attempts]
    context = {
        "found": found,
        "one": found.entry,
        "mark": STATES[found.entry.state],
        "why": why(found.entry.error),
        "tried": tried,
        "may": actor.may("message.manage") and found.may_send_again,
        "closed": why(found.suppressed),
    }
    return render(request, "messages/delivery.html", context)


@door("message.manage")
@require_POST
def again(request: HttpRequest, delivery: UUID) -> HttpResponse:
    """Queue it again."""
    try:
        send_again(actor_of(request), delivery_id=delivery)
    except NotToBeSentAgain as error:
        messages.error(request, error_words(error))
    else:
        messages.success(request, tell("已重新排队。", "It is queued again."))
    return redirect("delivery", delivery=delivery)


@door("message.read")
def suppressed(request: HttpRequest) -> HttpResponse:
    """Addresses that bounced, complained or said stop."""
    actor = actor_of(request)
    context = {"rows": list_suppressions(actor), "may": actor.may("message.manage")}
    return render(request, "messages/suppressed.html", context)


@door("message.manage")
@require_POST
def lift(request: HttpRequest) -> HttpResponse:
    """The address may be written to again."""
    lift_suppression(
        actor_of(request), digest=request.POST.get("digest", ""), topic=request.POST.get("topic", "")
    )
    messages.success(request, tell("以后会再向这个地址发消息。", "Messages go to this address again."))
    return redirect("suppressed")
