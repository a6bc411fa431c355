"""Public words of the room: states of a ticket, what is read, what is refused."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.text import Text


class State(StrEnum):
    """Whose turn it is: ``open`` the operator's, ``answered`` the asker's, ``closed`` nobody's."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


EDGES = [
    (State.OPEN, State.ANSWERED),
    (State.ANSWERED, State.OPEN),
    (State.OPEN, State.CLOSED),
    (State.ANSWERED, State.CLOSED),
    (State.CLOSED, State.OPEN),
    (State.CLOSED, State.ANSWERED),
]


@dataclass(frozen=True, slots=True)
class Entry:
    """What one person wrote; ``by_operator`` says for which side."""

    id: UUID
    person: str
    by_operator: bool
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TicketCard:
    """A ticket as lists show it. ``page`` is the path it was asked from, or empty; ``first`` its first line."""

    id: UUID
    org_id: UUID | None
    organisation: Text | None
    person: str
    page: str
    state: State
    first: str
    opened_at: datetime
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket with its entries, oldest first. ``desk``: the reader answers for the operator."""

    card: TicketCard
    entries: tuple[Entry, ...]
    desk: bool


class TicketNotFound(NotFound):
    text = Text(zh="没有这条求助，或您看不到它。", en="No such ticket, or none you can see.")


class TextMissing(Invalid):
    text = Text(zh="请写下您的问题或答复。", en="Write your question or answer.")


class TextTooLong(Invalid):
    text = Text(zh="最多 4,000 字。", en="At most 4,000 characters.")


class TicketClosed(Refused):
    text = Text(zh="这条求助已经结束。", en="This ticket is closed already.")


class TooManyTickets(Refused):
    text = Text(
        zh="今天已提了 20 个问题。急事请打运营方电话，或明天再来。",
        en="You asked 20 questions today. Call the operator if it is urgent, or come back tomorrow.",
    )
