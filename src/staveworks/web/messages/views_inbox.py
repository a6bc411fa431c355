"""A person's inbox over all her organisations, and the log of what was sent to her."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from staveworks.foundation.notices.inbox import access_message, count_unread, list_inbox, list_own_deliveries
from staveworks.foundation.notices.usecases.read_messages import read_all_messages, read_message
from staveworks.kit.text import Text
from staveworks.web.asking import actor_of
from staveworks.web.doors import door_person
from staveworks.web.language import current
from staveworks.web.messages.paging import after, position_of
from staveworks.web.messages.states import STATES, why
from staveworks.web.words import tell

PAGE = 30


@door_person
def inbox(request: HttpRequest) -> HttpResponse:
    """Newest first; unread ones stand out."""
    actor, only = actor_of(request), request.GET.get("show") == "unread"
    found = list_inbox(
        actor, language=current(), limit=PAGE + 1, after=position_of(request), unread_only=only
    )
    unread = count_unread(actor)
    chips = [
        {"label": Text(zh="全部", en="All"), "url": "?", "count": None, "current": not only},
        {"label": Text(zh="未读", en="Unread"), "url": "?show=unread", "count": unread, "current": only},
    ]
    context = {
        "entries": found[:PAGE],
        "older": after(found[PAGE - 1].created_at, found[PAGE - 1].id) if len(found) > PAGE else "",
        "unread_here": unread,
        "chips": chips,
        "only": only,
    }
    return render(request, "messages/inbox.html", context)


@door_person
def message(request: HttpRequest, message: UUID) -> HttpResponse:
    """One message; looking at it is reading it."""
    actor = actor_of(request)
    entry = access_message(actor, message, language=current())
    if entry.read_at is None:
        read_message(actor, message_id=message)
    return render(request, "messages/message.html", {"entry": entry})


@door_person
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Nothing is unread any more."""
    read_all_messages(actor_of(request))
    messages.success(request, tell("已全部标为已读。", "All are marked as read."))
    return redirect("inbox")


@door_person
def own_log(request: HttpRequest) -> HttpResponse:
    """What was sent to her by e-mail, SMS or a robot, and what became of it."""
    rows = [(one, STATES[one.state], why(one.error)) for one in list_own_deliveries(actor_of(request))]
    return render(request, "messages/own_log.html", {"rows": rows})
