"""What waits for somebody in this room, for to-dos to be made of it. ``org`` None: everywhere, under the cross role."""

from uuid import UUID

from django.db.models import QuerySet

from staveworks.foundation.support.models import Ticket
from staveworks.foundation.support.types import State
from staveworks.kit.waiting import Waiting


def _tickets(org: UUID | None, subject: UUID | None, state: State) -> QuerySet[Ticket]:
    found = Ticket.objects.using("default" if org else "cross").filter(state=state)
    return found.filter(id=subject) if subject else found


def _who(ticket: Ticket) -> dict[str, str]:
    """Nothing of what was asked: that stays where both sides see it."""
    return {"who": str(ticket.person_id)} if ticket.person_id else {}


def tickets_to_answer(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """The operator's turn."""
    found = _tickets(org, subject, State.OPEN)
    return [
        Waiting(
            each.operator_id,
            each.id,
            each.moved_at,
            params={"firm": str(each.org_id or each.person_id), **_who(each)},
        )
        for each in (found.filter(operator_id=org) if org else found)
    ]


def answers_to_read(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """The turn of the organisation that asked; whoever asked for herself finds the answer where she asked."""
    found = _tickets(org, subject, State.ANSWERED).exclude(org_id=None)
    return [
        Waiting(each.org_id, each.id, each.moved_at, params=_who(each))
        for each in (found.filter(org_id=org) if org else found)
        if each.org_id
    ]
