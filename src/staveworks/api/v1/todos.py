"""To-dos: what waits for whom, until when, and what is done with it. The thing itself is done on its own resource."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import PERSON, Resource
from staveworks.api.pagination import Page, Paging, page, page_of_all, position
from staveworks.api.shapes import In, Nothing, Out, Words
from staveworks.foundation.notices.todo_queries import access_todo, list_over, list_todos
from staveworks.foundation.notices.todo_types import TodoCard, TodoState, Turn
from staveworks.foundation.notices.usecases.work_on_todo import (
    finish_todo,
    hand_todo,
    release_todo,
    snooze_todo,
    take_todo,
)
from staveworks.kit.text import Text

router = Resource("todos")
FAR = "9999"


class TodoOut(Out):
    """``turn``: *yours*, *waiting* (a colleague took it, or it was put off), *over*. ``url``: where its next action is.

    ``until``: the deadline in words; ``late``: it has passed. ``done_by`` is null for a program.
    """

    id: UUID
    kind: str
    organisation: UUID
    subject: UUID
    what: Words
    why: Words
    button: Words
    url: str
    state: TodoState
    turn: Turn
    since: datetime
    due_at: datetime | None
    until: Words
    late: bool
    holder: UUID | None
    snoozed_until: date | None
    closed_at: datetime | None
    done_by: str | None
    by_link: bool
    may_finish: bool


class TodoFilter(In):
    """``open``: all that is hers to see, what lapses first comes first; ``over``: done or no longer needed, the newest first."""

    show: Literal["open", "over"] = "open"
    kind: Annotated[str, Field(max_length=40)] = ""


class HandTodo(In):
    """A colleague who has the right to do it."""

    to: UUID


class SnoozeTodo(In):
    """The day from which it is shown again: after today, not after the deadline."""

    until: date


def show(card: TodoCard) -> TodoOut:
    """A to-do as the caller sees it."""
    return TodoOut(
        id=card.id,
        kind=card.kind,
        organisation=card.org_id,
        subject=card.subject,
        what=Words.of(card.what),
        why=Words.of(card.why),
        button=Words.of(card.button),
        url=card.url,
        state=card.state,
        turn=card.turn,
        since=card.since,
        due_at=card.due_at,
        until=Words.of(card.until),
        late=card.late,
        holder=card.holder_id,
        snoozed_until=card.snoozed_until,
        closed_at=card.closed_at,
        done_by=card.done_by,
        by_link=card.by_link,
        may_finish=card.may_finish,
    )


@router.read("", says=Text(zh="待办", en="List to-dos"), door=PERSON, answer=Page[TodoOut])
def list_my_todos(request: Call, filter: Query[TodoFilter], paging: Query[Paging]) -> Page[TodoOut]:
    """Those whose right she has, and her own."""
    if filter.show == "over":
        return _over(request, filter, paging)
    cards = [card for card in list_todos(request.auth) if filter.kind in ("", card.kind)]
    return page_of_all(
        cards,
        paging=paging,
        listing=f"todos:{filter.kind}",
        key=lambda card: (card.due_at.isoformat() if card.due_at else FAR, str(card.id)),
        show=show,
    )


def _over(request: Call, filter: TodoFilter, paging: Paging) -> Page[TodoOut]:
    listing = f"todos over:{filter.kind}"
    after = position(paging, listing)
    found = list_over(
        request.auth,
        kind=filter.kind,
        after=(datetime.fromisoformat(after[0]), UUID(after[1])) if after else None,
        limit=paging.limit + 1,
    )
    return page(found, paging=paging, listing=listing, key=_closed, show=show)


def _closed(card: TodoCard) -> tuple[str, str]:
    assert card.closed_at, "what is over is dated"
    return card.closed_at.isoformat(), str(card.id)


@router.read("/{uuid:todo}", says=Text(zh="查看一件待办", en="Get a to-do"), door=PERSON, answer=TodoOut)
def get_todo(request: Call, todo: UUID) -> TodoOut:
    """One of them, open or over."""
    return show(access_todo(request.auth, todo))


@router.effect(
    "POST",
    "/{uuid:todo}/take",
    says=Text(zh="接手", en="Take a to-do"),
    door=PERSON,
    answer=Nothing,
    takes=None,
)
def take_one_todo(request: Call, todo: UUID) -> Nothing:
    """She does it; colleagues see that."""
    take_todo(request.auth, todo_id=todo)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:todo}/release",
    says=Text(zh="放回", en="Give a to-do back"),
    door=PERSON,
    answer=Nothing,
    takes=None,
)
def release_one_todo(request: Call, todo: UUID) -> Nothing:
    """Everybody's who may do it, and no longer put off."""
    release_todo(request.auth, todo_id=todo)
    return Nothing()


@router.effect(
    "POST", "/{uuid:todo}/hand", says=Text(zh="转交", en="Hand a to-do over"), door=PERSON, answer=Nothing
)
def hand_one_todo(request: Call, todo: UUID, body: HandTodo) -> Nothing:
    """A colleague does it, and is told."""
    hand_todo(request.auth, todo_id=todo, to=body.to)
    return Nothing()


@router.effect(
    "POST", "/{uuid:todo}/snooze", says=Text(zh="推后", en="Put a to-do off"), door=PERSON, answer=Nothing
)
def snooze_one_todo(request: Call, todo: UUID, body: SnoozeTodo) -> Nothing:
    """Out of sight before a day; its deadline and reminder stay."""
    snooze_todo(request.auth, todo_id=todo, until=body.until)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:todo}/done",
    says=Text(zh="记为已办完", en="Mark a to-do as done"),
    door=PERSON,
    answer=Nothing,
    takes=None,
)
def finish_one_todo(request: Call, todo: UUID) -> Nothing:
    """Where the thing itself can't show it (``may_finish``); the others close by themselves."""
    finish_todo(request.auth, todo_id=todo)
    return Nothing()
