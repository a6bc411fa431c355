"""A booking that repeats: choose how often, see which dates are free and which are skipped, put the free ones into the order."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError
from staveworks.mechanisms.booking.arriving import CODE
from staveworks.mechanisms.booking.domain.series import MOST, rule_for
from staveworks.mechanisms.booking.repeating import Occurrence, preview_series
from staveworks.mechanisms.booking.usecases.book_series import book_series
from staveworks.trade.catalogue.mechanisms import mechanism_of
from staveworks.trade.catalogue.queries import access_offer
from staveworks.trade.catalogue.types import OfferState, OfferVersion
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.middleware import status_of
from staveworks.web.order.coming import with_people
from staveworks.web.order.request_forms import RequestForm
from staveworks.web.words import put_error, tell, words

RHYTHMS = {
    "weekly": ("WEEKLY", 1, "每周", "Every week"),
    "fortnightly": ("WEEKLY", 2, "每两周", "Every two weeks"),
    "daily": ("DAILY", 1, "每天", "Every day"),
    "monthly": ("MONTHLY", 1, "每月同一天", "Every month, the same day"),
}


class SeriesForm(RequestForm):
    """What the offer asks, and how it repeats: so many times, or until a day."""

    def __init__(self, schema: Any, data: Any = None) -> None:
        super().__init__(schema, data)
        self.asked = list(self.fields)
        self.fields["rhythm"] = forms.ChoiceField(
            label=words("多久一次", "How often"),
            choices=[(code, words(zh, en)) for code, (_, _, zh, en) in RHYTHMS.items()],
        )
        self.fields["times"] = forms.IntegerField(
            label=words("一共几次", "How many times"), min_value=1, max_value=MOST, required=False
        )
        self.fields["until"] = forms.DateField(
            label=words("或到哪天为止", "Or until"),
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            required=False,
            help_text=words("次数和日期填一个。", "Fill in one of the two."),
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and bool(said.get("times")) == bool(said.get("until")):
            self.add_error("times", words("次数和日期填一个。", "Fill in how many times, or until when."))
        return said

    def request(self) -> dict[str, Any]:
        whole = super().request()
        return {name: value for name, value in whole.items() if name in self.asked}

    def rule(self) -> str:
        said = self.cleaned_data
        frequency, interval, _, _ = RHYTHMS[said["rhythm"]]
        return rule_for(frequency, interval, times=said["times"], until=said["until"])


@door("offer.read", to_change="order.place")
def series(request: HttpRequest, offer: UUID) -> HttpResponse:
    """GET shows the dates; POST takes the free ones. What can't be booked by the time is left to its offer's page."""
    actor = actor_of(request)
    view = access_offer(actor, offer_id=offer)
    version = view.version
    if (
        version is None
        or version.content.mechanism != CODE
        or view.state is not OfferState.PUBLISHED
        or view.own
    ):
        return redirect("offer", offer)
    given = request.POST if request.method == "POST" else request.GET if "rhythm" in request.GET else None
    schema = with_people(actor, version, mechanism_of(CODE).form(version))
    form, status = SeriesForm(schema, given), 200
    dates: tuple[Occurrence, ...] = ()
    if given is None:
        form.initial = {name: request.GET[name] for name in form.asked if name in request.GET}
    elif not form.is_valid():
        status = 422
    else:
        try:
            if request.method == "POST":
                return _booked(request, actor, version, form)
            dates = preview_series(actor, version_id=version.id, request=form.request(), rrule=form.rule())
        except StaveworksError as error:
            if error.field == "rrule":
                error.field = "times"
            put_error(form, error)
            status = status_of(error)
    shown = {
        "offer": view,
        "content": version.content,
        "form": form,
        "dates": dates,
        "free": sum(each.free for each in dates),
        "skipped": sum(not each.free for each in dates),
        "sent": _sent(form) if dates else [],
        "may_order": actor.may("order.place"),
    }
    return render(request, "order/series.html", shown, status=status)


def _sent(form: SeriesForm) -> list[tuple[str, Any]]:
    """All that was filled in, to be sent again with the button."""
    return [(name, value) for name, value in form.sent() if value]


def _booked(request: HttpRequest, actor: Actor, version: OfferVersion, form: SeriesForm) -> HttpResponse:
    done = book_series(actor, version_id=version.id, request=form.request(), rrule=form.rule())
    count, skipped = len(done.lines), len(done.skipped)
    told = tell("加入 {n} 次", "{n} date is in the order|{n} dates are in the order", n=count)
    if skipped:
        told += tell("，跳过 {n} 次", ", {n} skipped", n=skipped)
    if done.held_until is None:
        told += tell("；还没有占住，请看订单里的提示。", "; nothing is held yet, the order says why.")
        messages.warning(request, told)
    else:
        messages.success(request, told + tell("，都已占住。", ", all held."))
    return redirect("order", done.order_id)
