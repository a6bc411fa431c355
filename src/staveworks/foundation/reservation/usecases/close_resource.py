"""Close units of an exclusive resource for a while: maintenance stands in the same place as a reservation, and can't overlap one."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.models import Reservation as Row
from staveworks.foundation.reservation.models import Resource
from staveworks.foundation.reservation.rows import chain_of, lock, range_of, reservation_of
from staveworks.foundation.reservation.types import (
    OCCUPYING,
    Chain,
    Kind,
    Reservation,
    ResourceNotFound,
    SpanTaken,
    State,
)
from staveworks.kit.ids import new_id
from staveworks.kit.spans import Span


@use_case
def close_resource(
    actor: Actor, *, resource_id: UUID, during: Span, reason: str, unit: int | None = None
) -> Chain:
    """The chain of closed units (all, or one); ``release`` opens them again.

    Raises ``ResourceNotFound`` (not the actor's, not exclusive, no such unit) and ``SpanTaken`` with the reservations in the
    way: whoever closes has to move them first.
    """
    lock([resource_id])
    resource = Resource.objects.filter(id=resource_id, org_id=actor.org, kind=Kind.EXCLUSIVE).first()
    if resource is None or (unit is not None and not 1 <= unit <= resource.capacity):
        raise ResourceNotFound
    units = [unit] if unit else list(range(1, resource.capacity + 1))
    chain = new_id()
    rows = [_closed(actor, chain, resource_id, each, during, reason) for each in units]
    try:
        with transaction.atomic():
            Row.objects.bulk_create(rows)
    except IntegrityError:
        raise SpanTaken(_in_the_way(resource_id, units, during)) from None
    append_event(actor, "resource.closed", subject=resource_id, units=len(units))
    return chain_of(chain, rows)


def _closed(actor: Actor, chain: UUID, resource_id: UUID, unit: int, during: Span, reason: str) -> Row:
    return Row(
        id=new_id(),
        chain_id=chain,
        place=0,
        subject_id=chain,
        resource_id=resource_id,
        unit=unit,
        quantity=1,
        consumed=0,
        during=range_of(during),
        state=State.MAINTENANCE,
        holder_id=actor.org,
        owner_id=actor.org,
        reason=reason[:200],
    )


def _in_the_way(resource_id: UUID, units: Sequence[int], during: Span) -> list[Reservation]:
    rows = Row.objects.filter(
        resource_id=resource_id, unit__in=units, during__overlap=range_of(during), state__in=list(OCCUPYING)
    )
    return [reservation_of(row) for row in rows.order_by("during", "unit")]
