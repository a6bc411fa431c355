"""Ask the operator a question, from any page."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from staveworks.db.transaction import use_case
from staveworks.foundation.parties.queries import operator_of, operator_service
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.support.domain import clean_page, clean_text, first_line
from staveworks.foundation.support.models import Entry, Ticket
from staveworks.foundation.support.noting import note
from staveworks.foundation.support.types import TooManyTickets
from staveworks.kit.ids import new_id

A_DAY = 20


@use_case
def open_ticket(actor: Actor, *, text: str, page: str = "") -> UUID:
    """The ticket's id. Somebody without an organisation asks for herself.

    Raises ``RightMissing``, ``TextMissing``, ``TextTooLong``, ``TooManyTickets``.
    """
    if actor.org_id is not None:
        actor.require("support.ask")
    wording = clean_text(text)
    since = timezone.now() - timedelta(days=1)
    if Ticket.objects.filter(person_id=actor.person, opened_at__gt=since).count() >= A_DAY:
        raise TooManyTickets
    operator = operator_of(actor.org_id) if actor.org_id else operator_service().org
    ticket = Ticket.objects.create(
        id=new_id(),
        org_id=actor.org_id,
        operator_id=operator,
        person_id=actor.person,
        page=clean_page(page),
        first=first_line(wording),
    )
    Entry.objects.create(ticket=ticket, person_id=actor.person, by_operator=False, text=wording)
    note(actor, "ticket.opened", ticket)
    return ticket.id
