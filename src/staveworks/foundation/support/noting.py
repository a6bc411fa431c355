"""The event of a ticket: the asker's organisation's, or the operator's where the asker has none."""

from dataclasses import replace

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.support.models import Ticket


def note(actor: Actor, event: str, ticket: Ticket) -> None:
    """Append ``event`` in the transaction of its effect."""
    owner = ticket.org_id or ticket.operator_id
    doer = actor if actor.org_id else replace(actor, org_id=owner)
    with acting(org=doer.org_id, person=doer.person_id):
        append_event(doer, event, subject=ticket.id, org=owner, operator=ticket.operator_id)
