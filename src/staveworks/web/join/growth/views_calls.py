"""Whom to call, what was said, when to call again."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from staveworks.foundation.outreach.queries import access_call_row, count_calls_due, list_calls_due
from staveworks.foundation.outreach.types import CallOutcome
from staveworks.foundation.outreach.usecases.note_call import note_call
from staveworks.kit.errors import StaveworksError
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.join.growth.places import city_chips, city_of, city_options
from staveworks.web.language import said
from staveworks.web.middleware import status_of
from staveworks.web.pages import page_of
from staveworks.web.words import put_error, tell, words

ROWS = 50


class CallForm(forms.Form):
    """How it went."""

    outcome = forms.ChoiceField(
        label=words("结果", "How it went"),
        choices=[(outcome.value, said(outcome.text)) for outcome in CallOutcome],
        widget=forms.RadioSelect,
        error_messages={"required": words("请选一个结果。", "Choose how it went.")},
    )
    note = forms.CharField(
        label=words("备注", "Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    next_date = forms.DateField(
        label=words("下次联系", "Call again on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "invalid": words("日期读不懂，如 2026-12-01。", "Can't read the date, such as 2026-12-01.")
        },
    )


@door("firm.invite")
def calls(request: HttpRequest) -> HttpResponse:
    """Those due first; ``all`` shows also those agreed for later."""
    actor, city, everyone = actor_of(request), city_of(request), request.GET.get("all") == "1"
    page = page_of(
        request.GET.get("page"),
        count_calls_due(actor, city=city, everyone=everyone),
        lambda start, size: list_calls_due(actor, city=city, everyone=everyone, offset=start, limit=size),
        size=ROWS,
    )
    shown = {
        "page": page,
        "cities": city_chips(request, city_options(actor)),
        "city": city,
        "everyone": everyone,
    }
    return render(request, "growth/calls.html", shown)


@door("firm.invite")
def call(request: HttpRequest, firm: UUID) -> HttpResponse:
    """One firm: whom to ask for, what was said before, and the note of this call."""
    actor = actor_of(request)
    form = CallForm(request.POST or None)
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        given = form.cleaned_data
        try:
            note_call(
                actor,
                firm=firm,
                outcome=CallOutcome(given["outcome"]),
                note=given["note"],
                next_date=given["next_date"],
            )
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
        else:
            messages.success(request, tell("已记下。", "Noted."))
            return redirect("calls")
    row, history = access_call_row(actor, firm)
    return render(request, "growth/call.html", {"row": row, "history": history, "form": form}, status=status)
