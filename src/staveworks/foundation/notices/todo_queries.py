"""Reads of to-dos. ``access_todo`` is the only way to one; all answer with dataclasses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now, TruncDate
from django.utils import timezone

from staveworks.db.transaction import query
from staveworks.foundation.notices.deadlines import deadline_words
from staveworks.foundation.notices.kinds import KINDS
from staveworks.foundation.notices.models import Todo
from staveworks.foundation.notices.todo_types import TodoCard, TodoNotFound, TodoState, Turn
from staveworks.foundation.notices.wording import Names, address_of, names_in, worded
from staveworks.foundation.parties.queries import SERVICE_NAME, titles_of
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Text

DONE_SHOWN = 50


@dataclass(frozen=True, slots=True)
class TodoCounts:
    """How many there are under each filter; ``late`` of those that are open."""

    yours: int
    others: int
    put_off: int
    late: int


def open_to(actor: Actor) -> Q:
    """To-dos that are this person's business: of kinds whose right she has in her organisation, and her own anywhere."""
    mine = Q(person_id=actor.person_id) if actor.person_id else Q(pk=None)
    if actor.org_id is None:
        return mine
    return Q(org_id=actor.org_id, person=None, kind__in=_kinds_of(actor)) | mine


def _kinds_of(actor: Actor) -> list[str]:
    return [kind.code for kind in KINDS.values() if kind.right and actor.may(kind.right)]


def _today() -> TruncDate:
    return TruncDate(Now(), tzinfo=timezone.get_default_timezone())


@query
def list_todos(actor: Actor) -> list[TodoCard]:
    """All that is open and this person's business, what lapses first comes first."""
    return _cards(actor, Todo.objects.filter(open_to(actor), state=TodoState.OPEN))


TODAY = "(now() AT TIME ZONE %(zone)s)::date"
YOURS = f"""
FROM notices_todo
WHERE (org_id = %(org)s AND person_id IS NULL AND kind = ANY (%(kinds)s) OR person_id = %(person)s) AND state = %(open)s
  AND (holder_id IS NULL OR holder_id = %(person)s) AND (snoozed_until IS NULL OR snoozed_until <= {TODAY})
"""
"""Every page's frame counts them, every home lists them: written out it takes a fifth of what putting it together takes."""
LISTED = f"SELECT *, now() AS now, {TODAY} AS today {YOURS} ORDER BY due_at NULLS LAST, since, id"


def _asked(actor: Actor) -> dict[str, Any]:
    return {
        "org": actor.org_id,
        "person": actor.person_id,
        "kinds": _kinds_of(actor),
        "open": TodoState.OPEN,
        "zone": timezone.get_default_timezone_name(),
    }


@query
def list_yours(actor: Actor) -> list[TodoCard]:
    """Those whose turn is hers, what lapses first comes first."""
    return _carded(actor, list(Todo.objects.raw(LISTED, _asked(actor))))


@query
def count_yours(actor: Actor) -> int:
    """How many wait for this person: neither taken by somebody else nor put off."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {YOURS}", _asked(actor))
        return int(cursor.fetchone()[0])


@query
def list_over(
    actor: Actor, *, kind: str = "", after: tuple[datetime, UUID] | None = None, limit: int = DONE_SHOWN
) -> list[TodoCard]:
    """Those that are done or dropped, the newest first, of one kind or of all; older than ``after`` (moment, id)."""
    found = Todo.objects.filter(open_to(actor)).exclude(state=TodoState.OPEN)
    found = found.filter(kind=kind) if kind else found
    if after:
        found = found.filter(Q(closed_at__lt=after[0]) | Q(closed_at=after[0], id__lt=after[1]))
    return _cards(actor, found, order=("-closed_at", "-id"), limit=limit)


@query
def access_todo(actor: Actor, todo_id: UUID) -> TodoCard:
    """Raises ``TodoNotFound``."""
    cards = _cards(actor, Todo.objects.filter(open_to(actor), id=todo_id))
    if not cards:
        raise TodoNotFound
    return cards[0]


@query
def find_organisation_of(actor: Actor, todo_id: UUID) -> UUID:
    """Whose to-do it is, if the actor's organisation or she herself may see its row. Raises ``TodoNotFound``."""
    found = Todo.objects.filter(id=todo_id).values_list("org_id", flat=True).first()
    if found is None:
        raise TodoNotFound
    return found


def counts_of(cards: Sequence[TodoCard]) -> TodoCounts:
    """The figures on the filters, of a list that was read."""
    return TodoCounts(
        yours=sum(card.turn is Turn.YOURS for card in cards),
        others=sum(card.turn is Turn.WAITING and not card.put_off for card in cards),
        put_off=sum(card.put_off for card in cards),
        late=sum(card.late for card in cards),
    )


def _cards(
    actor: Actor, found: QuerySet[Todo], *, order: Iterable[Any] = (), limit: int | None = None
) -> list[TodoCard]:
    order = order or (F("due_at").asc(nulls_last=True), "since", "id")
    return _carded(actor, list(found.annotate(now=Now(), today=_today()).order_by(*order)[:limit]))


def _carded(actor: Actor, rows: Sequence[Todo]) -> list[TodoCard]:
    names = titles_of(id_ for row in rows for id_ in names_in(row))
    return [card_of(actor, row, names) for row in rows]


def card_of(actor: Actor, row: Any, names: Names) -> TodoCard:
    """A row (with ``now`` and ``today`` of the database) as ``actor`` sees it."""
    kind, words, now, today = KINDS[row.kind], worded(row, names), row.now, row.today
    is_open = row.state == TodoState.OPEN
    put_off = is_open and row.snoozed_until is not None and row.snoozed_until > today
    mine = row.holder_id in (None, actor.person_id)
    may_work = is_open and mine
    return TodoCard(
        id=row.id,
        kind=row.kind,
        org_id=row.org_id,
        organisation=names.get(row.org_id, NOBODY),
        subject=row.subject_id,
        what=words.what,
        why=words.why,
        button=words.button,
        url=address_of(kind, row),
        state=TodoState(row.state),
        turn=_turn(is_open, mine, put_off),
        since=row.since,
        due_at=row.due_at,
        until=deadline_words(row.due_at, now, timezone.get_default_timezone()),
        late=is_open and row.due_at is not None and row.due_at <= now,
        holder_id=row.holder_id,
        holder=names.get(row.holder_id, NOBODY).zh if row.holder_id else "",
        snoozed_until=row.snoozed_until,
        put_off=put_off,
        closed_at=row.closed_at,
        done_by=_person(row.done_by_id, names),
        by_link=row.by_link,
        may_work=may_work,
        may_finish=may_work and kind.by_hand,
    )


NOBODY = Text(zh="–", en="–")


def _person(id_: UUID | None, names: Names) -> str | None:
    """Her name; None for a program of ours, and for somebody whose data were erased."""
    name = names[id_].zh if id_ and id_ in names else SERVICE_NAME
    return None if name == SERVICE_NAME else name


def _turn(is_open: bool, mine: bool, put_off: bool) -> Turn:
    if not is_open:
        return Turn.OVER
    return Turn.YOURS if mine and not put_off else Turn.WAITING


def first_day(card: TodoCard) -> date | None:
    """The day on which it comes up again or lapses: what "next" means on an empty page."""
    if card.put_off:
        return card.snoozed_until
    return timezone.localdate(card.due_at) if card.due_at else None


@query
def list_open_subjects(actor: Actor, *, kind: str) -> set[UUID]:
    """What open to-dos of ``kind`` in the actor's organisation are about."""
    found = Todo.objects.filter(org_id=actor.org, kind=kind, state=TodoState.OPEN)
    return set(found.values_list("subject_id", flat=True))


def list_open_todos(*, kind: str) -> dict[tuple[UUID, UUID], dict[str, Any]]:
    """(organisation, subject) → parameters of every open to-do of ``kind``, under the cross role."""
    found = Todo.objects.using("cross").filter(kind=kind, state=TodoState.OPEN)
    return {
        (org_id, subject): params
        for org_id, subject, params in found.values_list("org_id", "subject_id", "params")
    }


def list_said_done(*, kind: str) -> dict[tuple[UUID, UUID], datetime]:
    """(organisation, subject) → when somebody said so last, of things that can't show it themselves; under the cross role."""
    found = Todo.objects.using("cross").filter(kind=kind, by_hand=True).exclude(state=TodoState.OPEN)
    rows = found.order_by("closed_at").values_list("org_id", "subject_id", "closed_at")
    return {(org_id, subject): closed_at for org_id, subject, closed_at in rows if closed_at}
