"""What people do with a to-do itself: take it, hand it to a colleague, put it off, say that it is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from staveworks.db.transaction import acting, use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.notices.kinds import KINDS, TodoKind
from staveworks.foundation.notices.models import Todo
from staveworks.foundation.notices.todo_queries import open_to
from staveworks.foundation.notices.todo_types import (
    ColleagueUnknown,
    NotByHand,
    SnoozeDateInvalid,
    TakenAlready,
    TodoClosed,
    TodoNotFound,
    TodoState,
)
from staveworks.foundation.notices.usecases.announce_todo import announce, holders_of
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.queries import names_of
from staveworks.foundation.parties.types import Actor


@dataclass(frozen=True, slots=True)
class _Hand:
    """A to-do in somebody's hand: ``actor`` acts for its organisation."""

    actor: Actor
    todo: Todo
    kind: TodoKind

    @property
    def mine(self) -> Q:
        """Hers to change: nobody else has taken it, and it is open."""
        return Q(id=self.todo.id, state=TodoState.OPEN) & (Q(holder=None) | Q(holder_id=self.actor.person))


@contextmanager
def _in_hand(actor: Actor, todo_id: UUID) -> Iterator[_Hand]:
    """Whoever has the right to do the thing may do this too. Raises ``TodoNotFound``, ``TodoClosed``."""
    todo = Todo.objects.filter(open_to(actor), id=todo_id).first()
    if todo is None:
        raise TodoNotFound
    if todo.state != TodoState.OPEN:
        raise TodoClosed
    if todo.org_id == actor.org_id:
        yield _Hand(actor, todo, KINDS[todo.kind])
    else:  # for herself alone, in an organisation that she isn't in (yet)
        with acting(org=todo.org_id, person=actor.person_id):
            yield _Hand(Actor(actor.person_id, todo.org_id), todo, KINDS[todo.kind])


@use_case
def take_todo(actor: Actor, *, todo_id: UUID) -> None:
    """She does it; the others see that. Of two who take it at once one gets it.

    Raises ``TodoNotFound``, ``TodoClosed``, ``TakenAlready``.
    """
    with _in_hand(actor, todo_id) as hand:
        if hand.todo.holder_id == actor.person_id:
            return
        _set(hand, holder_id=actor.person_id)
        append_event(hand.actor, "todo.taken", subject=todo_id)


@use_case
def release_todo(actor: Actor, *, todo_id: UUID) -> None:
    """Back to everybody who may do it, and no longer put off. Raises as ``take_todo``."""
    with _in_hand(actor, todo_id) as hand:
        _set(hand, holder_id=None, snoozed_until=None)
        append_event(hand.actor, "todo.released", subject=todo_id)


@use_case
def hand_todo(actor: Actor, *, todo_id: UUID, to: UUID) -> None:
    """A colleague who has the right does it; she is told.

    Raises ``TodoNotFound``, ``TodoClosed``, ``ColleagueUnknown``.
    """
    with _in_hand(actor, todo_id) as hand:
        if to not in {each.person_id for each in holders_of(hand.actor, hand.kind)}:
            raise ColleagueUnknown(field="to")
        still = Todo.objects.filter(id=todo_id, state=TodoState.OPEN)
        if not still.update(holder_id=to, snoozed_until=None):
            raise TodoClosed
        event = append_event(hand.actor, "todo.handed", subject=todo_id, to=to)
        if to != actor.person_id:
            who = names_of([actor.person_id]).get(actor.person, "–")
            announce(hand.actor, hand.todo, template="todo.handed", to=[to], once=str(event), who=who)


@use_case
def snooze_todo(actor: Actor, *, todo_id: UUID, until: date) -> None:
    """She takes it and has it out of her sight before the day ``until``; its deadline stays, and its reminder.

    Raises as ``take_todo``, and ``SnoozeDateInvalid``.
    """
    with _in_hand(actor, todo_id) as hand:
        due = hand.todo.due_at
        if until <= timezone.localdate() or (due is not None and until > timezone.localdate(due)):
            raise SnoozeDateInvalid(field="until")
        _set(hand, holder_id=actor.person_id, snoozed_until=until)
        append_event(hand.actor, "todo.snoozed", subject=todo_id, until=until.isoformat())


@use_case
def finish_todo(actor: Actor, *, todo_id: UUID) -> None:
    """She says that it is done, where the thing itself can't show it. Of two who say so one has done it.

    Raises as ``take_todo``, and ``NotByHand``.
    """
    with _in_hand(actor, todo_id) as hand:
        if not hand.kind.by_hand:
            raise NotByHand
        _set(
            hand,
            state=TodoState.DONE,
            closed_at=Now(),
            done_by_id=actor.person_id,
            done_via_org_id=actor.via_org_id,
            by_hand=True,
        )
        append_event(hand.actor, "todo.finished", subject=todo_id)


@use_case
def reopen_todo(actor: Actor, *, todo_id: UUID) -> UUID:
    """Take ``finish_todo`` back: the same thing is to do again, as a new to-do. Raises ``TodoNotFound``."""
    todo = Todo.objects.filter(open_to(actor), id=todo_id, by_hand=True).exclude(state=TodoState.OPEN).first()
    if todo is None or todo.org_id != actor.org_id:
        raise TodoNotFound
    fresh = Todo(
        org_id=todo.org_id,
        kind=todo.kind,
        subject_id=todo.subject_id,
        params=todo.params,
        since=todo.since,
        due_at=todo.due_at,
    )
    Todo.objects.bulk_create([fresh], ignore_conflicts=True)  # somebody else may have done so
    append_event(actor, "todo.reopened", subject=todo_id)
    return fresh.id


def _set(hand: _Hand, **columns: object) -> None:
    """Compare and swap: nothing happens to one that was closed or taken a moment ago."""
    if Todo.objects.filter(hand.mine).update(**columns):
        return
    now = Todo.objects.filter(id=hand.todo.id).select_related("holder").first()
    if now is None or now.state != TodoState.OPEN:
        raise TodoClosed
    holder: Person | None = now.holder
    raise TakenAlready(holder.name if holder else "")
