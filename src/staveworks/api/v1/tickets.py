"""求助: questions to the operator and its answers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.shapes import In, Nothing, Out, Words
from staveworks.foundation.support.domain import LONGEST, PAGE
from staveworks.foundation.support.queries import access_ticket, list_tickets
from staveworks.foundation.support.types import State, Ticket, TicketCard
from staveworks.foundation.support.usecases.open_ticket import open_ticket
from staveworks.foundation.support.usecases.write_entry import close_ticket, write_entry
from staveworks.kit.text import Text

router = Resource("tickets")
desk_router = Resource("tickets")
ASK, ANSWER = right("support.ask"), right("support.answer")
MOST = 1000

Wording = Annotated[str, Field(min_length=1, max_length=LONGEST)]


class TicketOut(Out):
    """``open``: the operator's turn; ``answered``: the asker's. ``page``: the path it was asked from."""

    id: UUID
    organisation: UUID | None
    title: Words | None
    person: str
    page: str
    state: State
    first: str
    opened_at: datetime
    moved_at: datetime


class EntryOut(Out):
    id: UUID
    person: str
    by_operator: bool
    text: str
    at: datetime


class TicketWithEntries(TicketOut):
    entries: list[EntryOut]


class AskOperator(In):
    """``page``: the path of this site on which the question arose."""

    text: Wording
    page: Annotated[str, Field(max_length=PAGE)] = ""


class WriteEntry(In):
    text: Wording


class TicketMade(Out):
    id: UUID


class TicketFilter(In):
    state: State | None = None


def show(card: TicketCard) -> TicketOut:
    return TicketOut(
        id=card.id,
        organisation=card.org_id,
        title=Words.maybe(card.organisation),
        person=card.person,
        page=card.page,
        state=card.state,
        first=card.first,
        opened_at=card.opened_at,
        moved_at=card.moved_at,
    )


def _whole(ticket: Ticket) -> TicketWithEntries:
    entries = [EntryOut.model_validate(entry) for entry in ticket.entries]
    return TicketWithEntries(**dict(show(ticket.card)), entries=entries)


def _list(request: Call, narrowed: TicketFilter, paging: Paging, listing: str) -> Page[TicketOut]:
    states = [narrowed.state] if narrowed.state else list(State)
    return page_of_all(
        list_tickets(request.auth, states=states, limit=MOST),
        paging=paging,
        listing=f"{listing}:{narrowed.state or ''}",
        key=lambda card: (card.moved_at.isoformat(), str(card.id)),
        show=show,
        newest_first=True,
    )


@router.read("", says=Text(zh="列出本单位的求助", en="List own tickets"), door=ASK, answer=Page[TicketOut])
def list_own_tickets(request: Call, narrowed: Query[TicketFilter], paging: Query[Paging]) -> Page[TicketOut]:
    """The organisation's, the last moved first; at most the latest 1,000."""
    return _list(request, narrowed, paging, "tickets")


@router.effect("POST", "", says=Text(zh="提问", en="Ask a question"), door=ASK, answer=TicketMade, status=201)
def open_one_ticket(request: Call, body: AskOperator) -> TicketMade:
    """To the operator; at most 20 a person and day."""
    return TicketMade(id=open_ticket(request.auth, text=body.text, page=body.page))


@router.read(
    "/{uuid:ticket}",
    says=Text(zh="看一条求助", en="Read a ticket"),
    door=ASK,
    answer=TicketWithEntries,
)
def read_one_ticket(request: Call, ticket: UUID) -> TicketWithEntries:
    """With all that was written, oldest first."""
    return _whole(access_ticket(request.auth, ticket))


@router.effect(
    "POST",
    "/{uuid:ticket}/entries",
    says=Text(zh="接着问", en="Ask on"),
    door=ASK,
    answer=TicketMade,
    status=201,
)
def ask_on(request: Call, ticket: UUID, body: WriteEntry) -> TicketMade:
    """The operator's turn again; a closed ticket is opened."""
    return TicketMade(id=write_entry(request.auth, ticket_id=ticket, text=body.text))


@router.effect(
    "POST",
    "/{uuid:ticket}/close",
    says=Text(zh="结束求助", en="Close a ticket"),
    door=ASK,
    answer=Nothing,
    takes=None,
)
def close_one_ticket(request: Call, ticket: UUID) -> Nothing:
    """Nobody's turn any more."""
    close_ticket(request.auth, ticket_id=ticket)
    return Nothing()


@desk_router.read(
    "", says=Text(zh="列出待答复的求助", en="List the desk's tickets"), door=ANSWER, answer=Page[TicketOut]
)
def list_desk_tickets(request: Call, narrowed: Query[TicketFilter], paging: Query[Paging]) -> Page[TicketOut]:
    """Those that the operator answers, the last moved first; at most the latest 1,000."""
    request.auth.require("support.answer")  # what one asked oneself isn't the desk's
    return _list(request, narrowed, paging, "desk")


@desk_router.read(
    "/{uuid:ticket}",
    says=Text(zh="在服务台看一条求助", en="Read a ticket at the desk"),
    door=ANSWER,
    answer=TicketWithEntries,
)
def read_desk_ticket(request: Call, ticket: UUID) -> TicketWithEntries:
    """With all that was written, oldest first."""
    request.auth.require("support.answer")
    return _whole(access_ticket(request.auth, ticket))


@desk_router.effect(
    "POST",
    "/{uuid:ticket}/entries",
    says=Text(zh="答复求助", en="Answer a ticket"),
    door=ANSWER,
    answer=TicketMade,
    status=201,
)
def answer_one_ticket(request: Call, ticket: UUID, body: WriteEntry) -> TicketMade:
    """The asker's turn again."""
    request.auth.require("support.answer")
    return TicketMade(id=write_entry(request.auth, ticket_id=ticket, text=body.text))


@desk_router.effect(
    "POST",
    "/{uuid:ticket}/close",
    says=Text(zh="在服务台结束求助", en="Close a ticket at the desk"),
    door=ANSWER,
    answer=Nothing,
    takes=None,
)
def close_desk_ticket(request: Call, ticket: UUID) -> Nothing:
    """Nobody's turn any more."""
    request.auth.require("support.answer")
    close_ticket(request.auth, ticket_id=ticket)
    return Nothing()
