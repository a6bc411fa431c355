"""Write in a ticket: the operator answers, the asker asks on. Whose turn it is follows."""

from uuid import UUID

from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.support.domain import clean_text
from staveworks.foundation.support.models import Entry, Ticket
from staveworks.foundation.support.noting import note
from staveworks.foundation.support.queries import answers, seen_by
from staveworks.foundation.support.types import State, TicketClosed, TicketNotFound


@use_case
def write_entry(actor: Actor, *, ticket_id: UUID, text: str) -> UUID:
    """The entry's id. A closed ticket is opened again by it.

    Raises ``RightMissing``, ``TicketNotFound``, ``TextMissing``, ``TextTooLong``.
    """
    wording = clean_text(text)
    ticket, desk = _locked(actor, ticket_id)
    entry = Entry.objects.create(ticket=ticket, person_id=actor.person, by_operator=desk, text=wording)
    becomes = State.ANSWERED if desk else State.OPEN
    Ticket.objects.filter(id=ticket.id).update(state=becomes, moved_at=Now())
    note(actor, "ticket.answered" if desk else "ticket.asked_on", ticket)
    return entry.id


@use_case
def close_ticket(actor: Actor, *, ticket_id: UUID) -> None:
    """Nobody's turn any more. Raises ``RightMissing``, ``TicketNotFound``, ``TicketClosed``."""
    ticket, _ = _locked(actor, ticket_id)
    live = Ticket.objects.filter(id=ticket.id).exclude(state=State.CLOSED)
    if not live.update(state=State.CLOSED, moved_at=Now()):
        raise TicketClosed
    note(actor, "ticket.closed", ticket)


def _locked(actor: Actor, ticket_id: UUID) -> tuple[Ticket, bool]:
    """The ticket, and whether the actor answers for its operator."""
    ticket = seen_by(actor).select_for_update(of=("self",)).filter(id=ticket_id).first()
    if ticket is None:
        raise TicketNotFound
    return ticket, answers(actor, ticket)
