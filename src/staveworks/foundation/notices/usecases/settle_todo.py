"""Make a to-do agree with the thing it is about, whatever happened to it and in whatever order that is heard of."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.looking_back import last_event
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.notices.deadlines import deadline
from staveworks.foundation.notices.kinds import KINDS, TodoKind
from staveworks.foundation.notices.models import Todo
from staveworks.foundation.notices.todo_types import Settled, TodoState
from staveworks.foundation.notices.usecases.announce_todo import announce, people_of
from staveworks.foundation.parties.types import Actor
from staveworks.kit.waiting import Waiting

Look = Callable[[], Waiting | None]
NOTHING = Settled("nothing", None)


@use_case
def settle_todo(actor: Actor, *, kind: str, subject: UUID, look: Look) -> Settled:
    """Open, change or close the to-do of ``kind`` about ``subject`` in the actor's organisation, as ``look`` finds the thing.

    It looks while it holds the to-do's turn: of two that settle the same one, the second looks after the first has written,
    so the last word is how things stand now. Called by programs only: by reactions after events, and by the job that looks
    everywhere (``jobs/todos``).
    """
    row = KINDS[kind]
    wait_for_turn(f"{actor.org}:{kind}:{subject}")
    waiting = look()
    todo = Todo.objects.filter(org_id=actor.org, kind=kind, subject_id=subject, state=TodoState.OPEN).first()
    if waiting and todo:
        return _change(todo, row, waiting)
    if waiting:
        return NOTHING if _done_by_hand(actor, row, waiting) else _open(actor, row, waiting)
    return _close(actor, row, todo) if todo else NOTHING


def wait_for_turn(name: str) -> None:
    """Until the end of the transaction nobody else has the turn of this name. Waits up to ``lock_timeout``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 20641))", [name])


def _open(actor: Actor, kind: TodoKind, waiting: Waiting) -> Settled:
    todo = Todo(
        org_id=waiting.org_id,
        kind=kind.code,
        subject_id=waiting.subject,
        person_id=waiting.person_id,
        params=dict(waiting.params),
        since=waiting.since or timezone.now(),
    )
    todo.due_at = _due(kind, waiting, todo)
    todo.save(force_insert=True)
    append_event(actor, "todo.opened", subject=todo.id, kind=kind.code, about=waiting.subject)
    if kind.tells:
        announce(actor, todo, template="todo.opened", to=people_of(actor, todo, kind))
    return Settled("opened", todo.id)


def _change(todo: Todo, kind: TodoKind, waiting: Waiting) -> Settled:
    """What it says may change while it waits: how many are left, until when."""
    fresh: dict[str, Any] = {"params": dict(waiting.params), "due_at": _due(kind, waiting, todo)}
    if all(getattr(todo, column) == value for column, value in fresh.items()):
        return NOTHING
    Todo.objects.filter(id=todo.id, state=TodoState.OPEN).update(**fresh)
    return Settled("changed", todo.id)


def _due(kind: TodoKind, waiting: Waiting, todo: Todo) -> Any:
    if waiting.due_at or kind.days is None:
        return waiting.due_at
    return deadline(todo.since, kind.days, timezone.get_default_timezone())


def _close(actor: Actor, kind: TodoKind, todo: Todo) -> Settled:
    done = last_event(
        actor,
        types=kind.done_by,
        since=todo.since,
        subject=todo.subject_id if kind.about_subject else None,
    )
    closed: dict[str, Any] = {"state": TodoState.DROPPED, "closed_at": Now()}
    if done:
        closed = {
            "state": TodoState.DONE,
            "closed_at": done.at,
            "done_by_id": done.person_id,
            "done_via_org_id": done.via_org_id,
            "by_link": "by_link" in done.data,
        }
    Todo.objects.filter(id=todo.id, state=TodoState.OPEN).update(**closed)
    append_event(actor, "todo.closed", subject=todo.id, kind=kind.code, about=todo.subject_id)
    return Settled("closed", todo.id)


def _done_by_hand(actor: Actor, kind: TodoKind, waiting: Waiting) -> bool:
    """Somebody said so since it began to wait: the thing itself can't show it."""
    said = Todo.objects.filter(
        org_id=actor.org, kind=kind.code, subject_id=waiting.subject, by_hand=True
    ).exclude(state=TodoState.OPEN)
    if waiting.since:
        said = said.filter(closed_at__gte=waiting.since)
    return kind.by_hand and said.exists()
