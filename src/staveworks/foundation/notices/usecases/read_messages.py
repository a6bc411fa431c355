"""A person has read a message, or all of them."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models.functions import Now

from staveworks.db.transaction import acting, use_case
from staveworks.foundation.notices.messages.types import MessageNotFound
from staveworks.foundation.notices.models import Message
from staveworks.foundation.parties.types import Actor


@use_case
def read_message(actor: Actor, *, message_id: UUID) -> None:
    """Raises ``MessageNotFound`` for a message that isn't the person's."""
    org_id = (
        Message.objects.filter(id=message_id, person_id=actor.person).values_list("org_id", flat=True).first()
    )
    if org_id is None:
        raise MessageNotFound
    _mark(actor, org_id, [message_id])


@use_case
def read_all_messages(actor: Actor) -> int:
    """How many had not been read."""
    unread = Message.objects.filter(person_id=actor.person, read_at=None, forgotten_at=None)
    by_org: dict[UUID, list[UUID]] = {}
    for id_, org_id in unread.values_list("id", "org_id"):
        by_org.setdefault(org_id, []).append(id_)
    return sum(_mark(actor, org_id, ids) for org_id, ids in sorted(by_org.items()))


def _mark(actor: Actor, org_id: UUID, ids: Iterable[UUID]) -> int:
    """A message is its organisation's to write; that it is hers to read has been seen before."""
    with acting(org=org_id, person=actor.person_id):
        return Message.objects.filter(id__in=list(ids), person_id=actor.person, read_at=None).update(
            read_at=Now()
        )
