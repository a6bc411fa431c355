"""求助: ask the operator from any page, answer at the desk; both see the same."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from staveworks.cluster.barrel.firms import lists_firm
from staveworks.foundation.support.domain import LONGEST, clean_page
from staveworks.foundation.support.queries import access_ticket, count_tickets, list_tickets
from staveworks.foundation.support.types import State
from staveworks.foundation.support.usecases.open_ticket import open_ticket
from staveworks.foundation.support.usecases.write_entry import close_ticket, write_entry
from staveworks.kit.errors import StaveworksError
from staveworks.web.asking import actor_of
from staveworks.web.doors import door_person
from staveworks.web.middleware import status_of
from staveworks.web.pages import page_of
from staveworks.web.words import put_error, tell, words

ROWS = 30


class TicketForm(forms.Form):
    """What somebody writes to the other side."""

    text = forms.CharField(
        label=words("您的问题", "Your question"),
        help_text=words(
            "做什么时遇到的，看到了什么，想要什么。不要写密码或验证码。",
            "What you were doing, what you saw, what you expected. No passwords or codes.",
        ),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class EntryForm(TicketForm):
    """A further entry."""

    def __init__(self, *args: Any, desk: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = words("答复", "Answer") if desk else words("接着问", "Ask on")
        self.fields["text"].help_text = ""
        self.fields["text"].widget.attrs["rows"] = 4


@door_person
def tickets(request: HttpRequest) -> HttpResponse:
    """The desk of the operator; for everybody else what she or her organisation asked."""
    actor = actor_of(request)
    desk, turn = actor.may("support.answer"), State.OPEN if actor.may("support.answer") else State.ANSWERED
    yours = list_tickets(actor, states=[turn])
    others = [state for state in State if state != turn]
    page = page_of(
        request.GET.get("page"),
        count_tickets(actor, states=others),
        lambda start, size: list_tickets(actor, states=others, offset=start, limit=size),
        size=ROWS,
    )
    return render(request, "govern/tickets.html", {"yours": yours, "page": page, "desk": desk})


@door_person
def ask(request: HttpRequest) -> HttpResponse:
    """A new question; ``from`` is the page on which it arose."""
    page = clean_page(request.POST.get("page") or request.GET.get("from", ""))
    form = TicketForm(request.POST or None)
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        try:
            ticket = open_ticket(actor_of(request), text=form.cleaned_data["text"], page=page)
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
        else:
            messages.success(
                request,
                tell("已发给运营方，答复会出现在这里。", "Sent to the operator. The answer appears here."),
            )
            return redirect("ticket", ticket)
    return render(request, "govern/ask.html", {"form": form, "page": page}, status=status)


@door_person
def ticket(request: HttpRequest, ticket: UUID) -> HttpResponse:
    """One ticket, to read and to write in."""
    actor = actor_of(request)
    seen = access_ticket(actor, ticket)
    form = EntryForm(request.POST or None, desk=seen.desk)
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        try:
            write_entry(actor, ticket_id=ticket, text=form.cleaned_data["text"])
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
        else:
            said = (
                tell("已答复。", "Answered.")
                if seen.desk
                else tell("已发给运营方。", "Sent to the operator.")
            )
            messages.success(request, said)
            return redirect("ticket", ticket)
    firm = seen.card.org_id
    opens = seen.desk and firm is not None and lists_firm(actor, firm=firm)
    shown = {"ticket": seen, "form": form, "firm": firm if opens else None}
    return render(request, "govern/ticket.html", shown, status=status)


@door_person
@require_POST
def close(request: HttpRequest, ticket: UUID) -> HttpResponse:
    """Nobody's turn any more; writing in it opens it again."""
    close_ticket(actor_of(request), ticket_id=ticket)
    messages.success(request, tell("已结束。再写一句就会重新打开。", "Closed. Writing in it opens it again."))
    return redirect("ticket", ticket)
