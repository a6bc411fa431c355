"""Reads: the asker's tickets, the operator's desk, one ticket with all that was written."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from staveworks.db.transaction import query
from staveworks.foundation.parties.types import Actor, title_of
from staveworks.foundation.support.models import Ticket
from staveworks.foundation.support.types import Entry, State, TicketCard, TicketNotFound
from staveworks.foundation.support.types import Ticket as TicketSeen


def seen_by(actor: Actor) -> QuerySet[Ticket]:
    """The tickets of the desk, of the actor's organisation, or her own where she has none. Raises ``RightMissing``."""
    if actor.org_id is None:
        return Ticket.objects.filter(org_id=None, person_id=actor.person)
    if not actor.may("support.answer"):
        actor.require("support.ask")
        return Ticket.objects.filter(org_id=actor.org_id)
    return Ticket.objects.filter(Q(operator_id=actor.org_id) | Q(org_id=actor.org_id))


def answers(actor: Actor, ticket: Ticket) -> bool:
    """Whether the actor writes in ``ticket`` for the operator."""
    return actor.org_id == ticket.operator_id and actor.may("support.answer")


@query
def list_tickets(
    actor: Actor, *, states: Sequence[State] = tuple(State), offset: int = 0, limit: int = 50
) -> list[TicketCard]:
    """The latest moved first; of the desk, those that wait for it the longest first. Raises ``RightMissing``."""
    desk = actor.may("support.answer")
    order = "moved_at" if desk and set(states) == {State.OPEN} else "-moved_at"
    found = seen_by(actor).filter(state__in=states).select_related("org", "person").order_by(order, "id")
    return [_card(ticket) for ticket in found[offset : offset + limit]]


@query
def count_tickets(actor: Actor, *, states: Sequence[State] = tuple(State)) -> int:
    """Raises ``RightMissing``."""
    return seen_by(actor).filter(state__in=states).count()


DESK = (
    "SELECT count(*) FROM support_ticket WHERE (operator_id = %(org)s OR org_id = %(org)s) AND state = 'open'"
)
FIRM = "SELECT count(*) FROM support_ticket WHERE org_id = %(org)s AND state = 'answered'"
ALONE = "SELECT count(*) FROM support_ticket WHERE org_id IS NULL AND person_id = %(person)s AND state = 'answered'"


@query
def count_turns(actor: Actor) -> int:
    """The tickets that wait for the reader's side: what the rail counts. Raises ``RightMissing``.

    As ``seen_by`` says; written out, since every page's frame asks.
    """
    asked = DESK if actor.may("support.answer") else FIRM if actor.org_id else ALONE
    if asked is FIRM:
        actor.require("support.ask")
    with connection.cursor() as cursor:
        cursor.execute(asked, {"org": actor.org_id, "person": actor.person_id})
        return int(cursor.fetchone()[0])


@query
def access_ticket(actor: Actor, ticket_id: UUID) -> TicketSeen:
    """Raises ``RightMissing``, ``TicketNotFound``."""
    ticket = seen_by(actor).select_related("org", "person").filter(id=ticket_id).first()
    if ticket is None:
        raise TicketNotFound
    entries = ticket.entries.select_related("person").order_by("at", "id")
    written = tuple(
        Entry(entry.id, entry.person.name if entry.person else "", entry.by_operator, entry.text, entry.at)
        for entry in entries
    )
    return TicketSeen(_card(ticket), written, answers(actor, ticket))


def _card(ticket: Ticket) -> TicketCard:
    return TicketCard(
        id=ticket.id,
        org_id=ticket.org_id,
        organisation=title_of(ticket.org.name, ticket.org.name_en) if ticket.org else None,
        person=ticket.person.name if ticket.person else "",
        page=ticket.page,
        state=State(ticket.state),
        first=ticket.first,
        opened_at=ticket.opened_at,
        moved_at=ticket.moved_at,
    )
