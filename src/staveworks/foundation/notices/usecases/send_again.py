"""A person of the operator queues a delivery again that failed or was suppressed."""

from uuid import UUID

from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.notices.messages.types import DeliveryNotFound, DeliveryState, NotToBeSentAgain
from staveworks.foundation.notices.models import Delivery, Suppression
from staveworks.foundation.parties.types import Actor

AGAIN = (DeliveryState.FAILED, DeliveryState.SUPPRESSED)


@use_case
def send_again(actor: Actor, *, delivery_id: UUID) -> None:
    """Raises ``RightMissing``, ``DeliveryNotFound``, ``NotToBeSentAgain`` (also while its address is suppressed)."""
    actor.require("message.manage")
    row = Delivery.objects.select_for_update().filter(id=delivery_id, operator_id=actor.org).first()
    if row is None:
        raise DeliveryNotFound
    closed = row.address_digest and Suppression.objects.filter(
        address_digest=row.address_digest, topic__in=["", row.topic]
    )
    if row.state not in AGAIN or not (row.address or row.gateway_id) or (closed and closed.exists()):
        raise NotToBeSentAgain
    Delivery.objects.filter(id=row.id).update(
        state=DeliveryState.QUEUED,
        due_at=Now(),
        attempts=0,
        batch=None,
        bundle="",
        error="",
        changed_at=Now(),
    )
    append_event(actor, "delivery.queued_again", subject=row.id, org=row.org_id)
