"""Drop what is personal in messages after a while, or when a person is forgotten; states and counts stay."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now

from staveworks.db.transaction import acting, use_case
from staveworks.foundation.notices.messages.types import DeliveryState
from staveworks.foundation.notices.models import Delivery, Message, Preference, SinkEntry
from staveworks.foundation.parties.queries import operator_service
from staveworks.foundation.parties.types import Actor

BATCH = 5000
EMPTY: dict[str, Any] = {"params": {}, "link": b"", "person_id": None, "sent_by_id": None, "about": None}


@use_case
def forget_old_messages(actor: Actor, *, before: datetime) -> int:
    """Of the actor's organisation, at most 5,000 at a time; how many."""
    old = Message.objects.filter(org_id=actor.org, created_at__lt=before, forgotten_at=None)
    ids = list(old.order_by("created_at").values_list("id", flat=True)[:BATCH])
    _empty(Q(id__in=ids))
    SinkEntry.objects.filter(operator_id=actor.org, taken_at__lt=before).delete()
    return len(ids)


def forget_person_in_messages(*, person_id: UUID, addresses: Collection[str]) -> int:
    """What was said to a person in every organisation, and her preferences; how many messages. For the erasure of a person.

    What was still to be sent to her isn't any more.
    """
    with acting(person=person_id):
        by_org: dict[UUID, list[UUID]] = {}
        for id_, org_id in Message.objects.filter(person_id=person_id).values_list("id", "org_id"):
            by_org.setdefault(org_id, []).append(id_)
    for org_id, ids in sorted(by_org.items()):
        with acting(org=org_id):
            _empty(Q(id__in=ids))
    service = operator_service()
    with acting(org=service.org_id):
        SinkEntry.objects.filter(operator_id=service.org, address__in=addresses).delete()
    Preference.objects.filter(person_id=person_id).delete()
    return sum(len(ids) for ids in by_org.values())


def _empty(which: Q) -> None:
    """A delivery in a sender's hands keeps its address until the next time."""
    messages = Message.objects.filter(which)
    Delivery.objects.filter(message__in=messages, state=DeliveryState.QUEUED).update(
        state=DeliveryState.SUPPRESSED, error="forgotten", changed_at=Now()
    )
    underway = Delivery.objects.filter(message__in=messages, state=DeliveryState.SENDING)
    messages = messages.exclude(id__in=underway.values("message_id"))
    Delivery.objects.filter(message__in=messages).update(
        address="", address_digest="", person_id=None, provider_id=""
    )
    messages.update(**EMPTY, forgotten_at=Now())
