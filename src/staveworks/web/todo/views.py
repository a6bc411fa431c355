"""To-dos: everybody's first page after the home, one of them in detail, and what people do with it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.queries import list_events
from staveworks.foundation.notices.kinds import KINDS
from staveworks.foundation.notices.todo_queries import (
    access_todo,
    counts_of,
    find_organisation_of,
    list_over,
    list_todos,
)
from staveworks.foundation.notices.todo_types import TodoCard, TodoNotFound
from staveworks.foundation.notices.usecases.work_on_todo import (
    finish_todo,
    hand_todo,
    release_todo,
    reopen_todo,
    snooze_todo,
    take_todo,
)
from staveworks.foundation.parties.queries import list_choices, titles_of
from staveworks.foundation.parties.queries.holders import list_holders
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError
from staveworks.web.asking import actor_of
from staveworks.web.doors import door_person
from staveworks.web.govern.events import Happening, firm_of, happening
from staveworks.web.middleware import activate
from staveworks.web.todo.posted import day_of, uuid_of
from staveworks.web.todo.shown import OVER, chips_of, kind_chips, next_after, shown_of
from staveworks.web.words import error_words, tell


@door_person
@require_safe
def todos(request: HttpRequest) -> HttpResponse:
    """All that is open and hers to see, under filters; or what is done, by whom and when."""
    actor = actor_of(request)
    cards, show = list_todos(actor), shown_of(request)
    found = list_over(actor) if show == OVER else [card for card in cards if show.shows(card)]
    kind = request.GET.get("kind", "")
    context = {
        "cards": [card for card in found if not kind or card.kind == kind],
        "counts": counts_of(cards),
        "first": next((card for card in cards if shown_of(None).shows(card)), None),
        "show": show,
        "chips": chips_of(request, cards, show),
        "kinds": kind_chips(request, found, kind),
        "next": next_after(cards),
        "own": actor.org_id,
        "me": actor.person_id,
    }
    return render(request, "todo/index.html", context)


@door_person
@require_safe
def todo(request: HttpRequest, todo_id: UUID) -> HttpResponse:
    """One of them: what and why, until when, what happened to it, and what she can do with it."""
    actor = actor_of(request)
    card = access_todo(actor, todo_id)
    right = KINDS[card.kind].right
    colleagues = list_holders(actor, right=right) if right and card.org_id == actor.org_id else []
    tomorrow = timezone.localdate() + timedelta(days=1)
    last = timezone.localdate(card.due_at) if card.due_at else None
    context = {
        "card": card,
        "happenings": _happenings(actor, card),
        "colleagues": [each for each in colleagues if each.person_id != (card.holder_id or actor.person_id)],
        "tomorrow": tomorrow,
        "last": last,
        "may_snooze": card.may_work and not card.put_off and (last is None or tomorrow <= last),
        "own": actor.org_id,
        "me": actor.person_id,
        "own_page": card.url == request.path,
    }
    return render(request, "todo/detail.html", context)


def _happenings(actor: Actor, card: TodoCard) -> list[Happening]:
    events = list_events(actor, subject=card.id)
    ids = [id_ for e in events for id_ in (e.person_id, e.via_org_id, e.org_id, e.subject_id, firm_of(e))]
    names = titles_of(ids)
    return [happening(event, names, actor.org_id) for event in events]


@door_person
def go(request: HttpRequest, todo_id: UUID) -> HttpResponse:
    """To the one next action, acting for the organisation whose to-do it is: links in messages lead here."""
    actor = actor_of(request)
    try:
        card = access_todo(actor, todo_id)
    except TodoNotFound:
        _act_for_its_organisation(request, actor, todo_id)
        return redirect("todo_go", todo_id)
    return redirect(card.url)


def _act_for_its_organisation(request: HttpRequest, actor: Actor, todo_id: UUID) -> None:
    """Switch to the one of her organisations that has it. Raises ``TodoNotFound``, also for the one she is in."""
    for choice in list_choices(actor.person):
        if choice.card.id == actor.org_id:
            continue
        with acting(org=choice.card.id, person=actor.person_id):
            try:
                found = find_organisation_of(Actor(actor.person_id, choice.card.id), todo_id)
            except TodoNotFound:
                continue
        if found == choice.card.id:
            activate(request, choice.card.id, choice.via_org_id)
            return
    raise TodoNotFound


@door_person
@require_POST
def take(request: HttpRequest, todo_id: UUID) -> HttpResponse:
    """It is hers now; the toast takes it back."""
    return _do(
        request,
        lambda actor: take_todo(actor, todo_id=todo_id),
        tell("您接手了。", "It is yours now."),
        back=reverse("todo", args=[todo_id]),
        undo=reverse("todo_release", args=[todo_id]),
    )


@door_person
@require_POST
def release(request: HttpRequest, todo_id: UUID) -> HttpResponse:
    """Everybody's again."""
    return _do(
        request,
        lambda actor: release_todo(actor, todo_id=todo_id),
        tell("放回去了，同事也能办。", "Given back: colleagues can do it too."),
        back=reverse("todo", args=[todo_id]),
    )


@door_person
@require_POST
def hand(request: HttpRequest, todo_id: UUID) -> HttpResponse:
    """A colleague does it."""
    to = uuid_of(request.POST.get("to", ""))
    return _do(
        request,
        lambda actor: hand_todo(actor, todo_id=todo_id, to=to),
        tell("已转交，对方会收到消息。", "Handed over; your colleague is told."),
        back=reverse("todo", args=[todo_id]),
    )


@door_person
@require_POST
def snooze(request: HttpRequest, todo_id: UUID) -> HttpResponse:
    """Out of sight until a day."""
    until = day_of(request.POST.get("until", ""))
    return _do(
        request,
        lambda actor: snooze_todo(actor, todo_id=todo_id, until=until),
        tell("推到 {day}，到时再出现。", "Put off until {day}.", day=until),
        back=reverse("todos"),
        undo=reverse("todo_release", args=[todo_id]),
    )


@door_person
@require_POST
def finish(request: HttpRequest, todo_id: UUID) -> HttpResponse:
    """She says that it is done."""
    return _do(
        request,
        lambda actor: finish_todo(actor, todo_id=todo_id),
        tell("记为已办完。", "Marked as done."),
        back=reverse("todos"),
        undo=reverse("todo_again", args=[todo_id]),
    )


@door_person
@require_POST
def again(request: HttpRequest, todo_id: UUID) -> HttpResponse:
    """It wasn't."""
    return _do(
        request,
        lambda actor: reopen_todo(actor, todo_id=todo_id),
        tell("又在待办里了。", "It is to do again."),
        back=reverse("todos"),
    )


def _do(
    request: HttpRequest, act: Callable[[Actor], object], said: str, *, back: str, undo: str = ""
) -> HttpResponse:
    """Do it and say so, with a way back; a refusal is said where she is. What isn't hers to see is not found."""
    try:
        act(actor_of(request))
    except TodoNotFound:
        raise
    except StaveworksError as error:
        messages.error(request, error_words(error))
        return redirect("todo", request.resolver_match.kwargs["todo_id"])  # type: ignore[union-attr]
    messages.success(request, said, extra_tags=f"undo:{undo}" if undo else "")
    return redirect(back)
