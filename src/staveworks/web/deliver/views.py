"""What was ordered of this organisation; one line for its buyer, its provider, and who decides its dispute."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from staveworks.cluster.programmes.shares import shares_of
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.alternatives import list_alternatives
from staveworks.mechanisms.booking.queries import find_place
from staveworks.mechanisms.booking.short_codes import in_groups, short_of
from staveworks.mechanisms.booking.types import Alternative
from staveworks.mechanisms.tasks.queries import is_test_order
from staveworks.mechanisms.tasks.stock_queries import delivered_lots
from staveworks.mechanisms.tasks.usecases.open_task import open_task
from staveworks.trade.catalogue.mechanisms import OF_A_CONTRACT, mechanism_of, own_delivery_of
from staveworks.trade.catalogue.queries import access_version
from staveworks.trade.catalogue.types import MechanismUnknown
from staveworks.trade.orders.pricing import as_reader
from staveworks.trade.orders.queries import (
    access_line,
    cancellation_fee_of,
    list_desk,
    list_disputes,
)
from staveworks.trade.orders.types import Line, LineState, Side
from staveworks.trade.orders.usecases.accept_line import accept_line
from staveworks.trade.orders.usecases.answer_line import confirm_line, decline_line
from staveworks.trade.orders.usecases.deliver_line import deliver_part, start_line
from staveworks.trade.orders.usecases.dispute_line import answer_dispute, decide_dispute, open_dispute
from staveworks.trade.orders.usecases.end_line import cancel_line, displace_line, record_no_show
from staveworks.trade.orders.waiting import LEFT_ALONE, looks_elsewhere
from staveworks.web.asking import actor_of
from staveworks.web.deliver.forms import (
    AnswerForm,
    CancelForm,
    DecideForm,
    DeliverForm,
    DisputeForm,
    Nothing,
    yuan_as_fen,
)
from staveworks.web.deliver.views_counter import ticket_of
from staveworks.web.doors import door
from staveworks.web.language import say
from staveworks.web.middleware import status_of
from staveworks.web.order.coming import with_people
from staveworks.web.order.forms import ReasonForm
from staveworks.web.order.request_forms import answer_of, label_of
from staveworks.web.order.shown import show, side_of, unheard, urgency
from staveworks.web.words import put_error

Do = Callable[..., object]
Step = tuple[type[forms.Form], Do, Text]


def agree(actor: Actor, *, line_id: UUID, text: str) -> None:
    answer_dispute(actor, line_id=line_id, text=text, agree=True)


def disagree(actor: Actor, *, line_id: UUID, text: str) -> None:
    answer_dispute(actor, line_id=line_id, text=text, agree=False)


def take(actor: Actor, *, line_id: UUID) -> None:
    """With the test order, where it is one: whoever took it goes on to its samples, before the reaction comes to it."""
    confirm_line(actor, line_id=line_id)
    open_task(actor, subject=line_id)


SERVING: dict[str, Step] = {
    "confirm": (Nothing, take, Text(zh="已接单，对方已知道。", en="Confirmed; the buyer knows.")),
    "decline": (ReasonForm, decline_line, Text(zh="没有接单，对方已知道。", en="Declined; the buyer knows.")),
    "start": (Nothing, start_line, Text(zh="已开始交付。", en="Delivery has begun.")),
    "deliver": (DeliverForm, deliver_part, Text(zh="已记下交付。", en="The delivery is recorded.")),
    "displace": (
        ReasonForm,
        displace_line,
        Text(zh="已取消，对方不付费。", en="Taken off; the buyer owes nothing."),
    ),
    "no-show": (Nothing, record_no_show, Text(zh="已记下对方未到场。", en="Recorded that nobody came.")),
    "agree": (AnswerForm, agree, Text(zh="已同意，争议了结。", en="Agreed; the dispute is over.")),
    "disagree": (
        AnswerForm,
        disagree,
        Text(zh="已答复，由运营方裁定。", en="Answered; the operator decides."),
    ),
}
BUYING: dict[str, Step] = {
    "accept": (Nothing, accept_line, Text(zh="已验收。", en="Accepted.")),
    "cancel": (CancelForm, cancel_line, Text(zh="已取消，对方已知道。", en="Cancelled; the provider knows.")),
    "dispute": (
        DisputeForm,
        open_dispute,
        Text(zh="已提出争议，等对方答复。", en="The dispute is open; the provider answers."),
    ),
}
DECIDING: dict[str, Step] = {
    "decide": (DecideForm, decide_dispute, Text(zh="已裁定，双方已知道。", en="Decided; both sides know."))
}
BOOKING = "booking"
LOST = (LineState.DISPLACED, LineState.DECLINED, LineState.EXPIRED)
"""By no will of the buyer's: she is told what else is free."""
DESK = (LineState.PLACED, LineState.CONFIRMED, LineState.IN_DELIVERY, LineState.DELIVERED, LineState.DISPUTED)
SHOWN_OVER = 30


@door("line.serve")
def lines(request: HttpRequest) -> HttpResponse:
    """The provider's desk: what is to answer and to deliver, what lapses first before the rest, then what waits for others."""
    actor = actor_of(request)
    shown = [show(line, actor.org) for line in list_desk(actor, states=DESK)]
    yours = sorted((each for each in shown if each.badge[0] == "yours"), key=lambda each: urgency(each.line))
    others = [each for each in shown if each.badge[0] != "yours"]
    ended = [state for state in LineState if state not in DESK]
    over = [
        show(line, actor.org) for line in list_desk(actor, states=ended, newest_first=True, limit=SHOWN_OVER)
    ]
    return render(request, "deliver/lines.html", {"yours": yours, "others": others, "over": over})


@door("dispute.decide")
def disputes(request: HttpRequest) -> HttpResponse:
    """Disputes that the organisation decides, the oldest first."""
    actor = actor_of(request)
    found = [show(line, actor.org) for line in list_disputes(actor)]
    return render(request, "deliver/disputes.html", {"found": found})


@door("order.read")
def line(request: HttpRequest, line: UUID) -> HttpResponse:
    """One line, with the steps that the reader may take."""
    return _page(request, access_line(actor_of(request), line_id=line))


@door("line.serve")
@require_POST
def serve(request: HttpRequest, served_line: UUID, act: str) -> HttpResponse:
    """A step of the provider."""
    return _step(request, served_line, SERVING, act)


@door("order.place")
@require_POST
def buy(request: HttpRequest, line: UUID, act: str) -> HttpResponse:
    """A step of the buyer."""
    return _step(request, line, BUYING, act)


@door("dispute.decide")
@require_POST
def decide(request: HttpRequest, disputed_line: UUID) -> HttpResponse:
    """Who decides the dispute."""
    return _step(request, disputed_line, DECIDING, "decide")


def _step(request: HttpRequest, line: UUID, steps: dict[str, Step], act: str) -> HttpResponse:
    """Take it; what is refused stands at its field, and nothing that was typed is lost."""
    if act not in steps:
        raise Http404
    kind, do, said = steps[act]
    actor = actor_of(request)
    form, status = kind(request.POST), 422
    if form.is_valid():
        try:
            do(actor, line_id=line, **yuan_as_fen(form.cleaned_data))
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
        else:
            messages.success(request, say(said))
            return redirect("line", line)
    return _page(request, access_line(actor, line_id=line), tried=(act, form), status=status)


def _page(
    request: HttpRequest, line: Line, *, tried: tuple[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    side = side_of(line, actor.org)
    act, form = tried or ("", None)
    share = shares_of(actor, lines=[line]).get(line.id) if side is Side.BUYER else None
    fee = cancellation_fee_of(actor, line_id=line.id) if side is Side.BUYER else None
    blank: dict[str, forms.Form] = {
        "decline": ReasonForm(),
        "deliver": DeliverForm(),
        "displace": ReasonForm(),
        "answer": AnswerForm(),
        "cancel": CancelForm(),
        "dispute": DisputeForm(initial={"stands_fen": 0}),
        "decide": DecideForm(),
    }
    name = "answer" if act in ("agree", "disagree") else act
    given: dict[str, Any] = blank | ({name: form} if form is not None else {})
    for each, one in given.items():
        one.auto_id = f"{each}_%s"
    shown = {
        "shown": show(line, actor.org, share),
        "line": line,
        "asked": _asked(actor, line),
        "where": _where(actor, line) if line.mechanism == BOOKING else None,
        "lots": delivered_lots(actor, line_id=line.id) if line.mechanism == "task" and line.parts else [],
        "side": str(side),
        "state": str(line.state),
        "alternatives": _alternatives(actor, line) if side is Side.BUYER else [],
        "own_delivery": _own_delivery(actor, line) if side is Side.PROVIDER else None,
        "tested": is_test_order(actor, line_id=line.id),
        "fee": fee,
        "instead": _instead(actor, line) if side is Side.BUYER else "",
        "forms": given,
        "tried": name,
        "error_form": form if form is not None and name not in blank else None,
        "ticket": ticket_of(request, actor, line),
        "short_code": in_groups(short_of(line.id)),
        "may_serve": side is Side.PROVIDER and actor.may("line.serve"),
        "may_buy": side is Side.BUYER and actor.may("order.place"),
        "may_move": side is Side.BUYER
        and actor.may("order.place")
        and line.mechanism == BOOKING
        and line.state in (LineState.PLACED, LineState.CONFIRMED)
        and line.quote.starts_at is not None
        and line.quote.starts_at > timezone.now(),
        "may_decide": side is Side.DECIDER and actor.may("dispute.decide"),
        "unheard": unheard(line),
    }
    return render(request, "deliver/line.html", shown, status=status)


def _instead(actor: Actor, line: Line) -> str:
    """Where the buyer finds another who does the same, once the provider doesn't."""
    if line.state not in LEFT_ALONE or not looks_elsewhere(line.by_both, line.request):
        return ""
    content = access_version(as_reader(actor), version_id=line.version_id).content
    return f"{reverse('catalogue')}?{urlencode({'plank': content.planks[0], 'mechanism': content.mechanism})}"


def _own_delivery(actor: Actor, line: Line) -> Text | None:
    """How it is delivered, if not by the form here."""
    if line.state not in (LineState.CONFIRMED, LineState.IN_DELIVERY):
        return None
    return own_delivery_of(access_version(as_reader(actor), version_id=line.version_id))


def _where(actor: Actor, line: Line) -> tuple[Text, str] | None:
    version = access_version(as_reader(actor), version_id=line.version_id)
    return find_place(actor, terms=version.content.terms or {})


def _asked(actor: Actor, line: Line) -> list[tuple[Text, Text]]:
    """What the buyer filled in, under the labels of the offer's form as it was then."""
    if not line.request:
        return []
    version = access_version(as_reader(actor), version_id=line.version_id)
    try:
        form = mechanism_of(line.mechanism).form(version)
        known = with_people(actor, version, form).get("properties", {})
    except MechanismUnknown:  # no longer installed; what was asked is still shown
        known = {}
    shapes = {name: known.get(name, {}) for name in line.request}
    return [
        (label_of(shapes[name], name), answer_of(shapes[name], value))
        for name, value in line.request.items()
        if name != OF_A_CONTRACT  # the price says which by its title
        and not (name == "starts_at" and line.quote.starts_at)  # stands above
    ]


def _alternatives(actor: Actor, line: Line) -> list[Alternative]:
    """Instead of a booking that was to come and fell away."""
    if line.state not in LOST or line.quote.starts_at is None or line.quote.starts_at <= timezone.now():
        return []
    return list_alternatives(actor, version_id=line.version_id, request=line.request)
