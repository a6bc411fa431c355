"""Public words about to-dos: their states, what a page or program gets of one, and what is refused."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.text import Text


class TodoState(StrEnum):
    """*dropped*: the thing stopped waiting without anybody of ours doing it (withdrawn, lapsed)."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Turn(StrEnum):
    """Whose turn it is, as seen by one person: *waiting* for a colleague who took it, or until a day it was put off to."""

    YOURS = "yours"
    WAITING = "waiting"
    OVER = "over"


class Step(StrEnum):
    """What happens as a deadline comes near: those whose turn it is, then owners and managers, then the operator."""

    REMINDER = "reminder"
    LEADERS = "leaders"
    OPERATOR = "operator"


class LinkPurpose(StrEnum):
    """*open*: shows what waits and leads to it; *decide*: the thing itself can be done there."""

    OPEN = "open"
    DECIDE = "decide"


@dataclass(frozen=True, slots=True)
class TodoCard:
    """A to-do as one person sees it. ``url`` is where its one next action is; ``until`` says the deadline in words.

    ``put_off``: snoozed, and the day has not come. ``done_by`` is None for a program of ours.
    """

    id: UUID
    kind: str
    org_id: UUID
    organisation: Text
    subject: UUID
    what: Text
    why: Text
    button: Text
    url: str
    state: TodoState
    turn: Turn
    since: datetime
    due_at: datetime | None
    until: Text
    late: bool
    holder_id: UUID | None
    holder: str
    snoozed_until: date | None
    put_off: bool
    closed_at: datetime | None
    done_by: str | None
    by_link: bool
    may_work: bool
    may_finish: bool
    """Whether saying that it is done closes it; the others close by themselves once the thing is done."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What settling did: *opened*, *changed*, *closed* or nothing."""

    did: str
    todo_id: UUID | None


class TodoNotFound(NotFound):
    text = Text(zh="没有这件待办，或不归您办。", en="No such to-do, or none of yours.")


class TodoClosed(Refused):
    text = Text(zh="这件事已经办完了。", en="This is done already.")


class TakenAlready(Refused):
    """Somebody else took it a moment before; ``name`` is hers."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Text(
                zh="{name} 已经接手了。您可以请对方转给您。",
                en="{name} has taken it already. Ask for it to be handed over.",
            ).format(name=name)
        )


class NotByHand(Refused):
    text = Text(
        zh="这件事在它自己的页面上办，办好了待办自动消失。",
        en="This is done on its own page; the to-do then goes by itself.",
    )


class SnoozeDateInvalid(Invalid):
    text = Text(
        zh="请选明天以后、截止日以前的一天。", en="Choose a day after today and not after the deadline."
    )


class ColleagueUnknown(Invalid):
    text = Text(zh="这位同事没有办这件事的权限。", en="This colleague doesn't have the right to do it.")


class TapLinkInvalid(NotFound):
    text = Text(
        zh="这个链接已失效：事情办完了、过了期，或您不再有这项权限。",
        en="This link no longer works: the thing is done, the link expired, or you no longer have the right.",
    )
