"""Bring a resource into the kernel, change how much of it there is, offer it no longer."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from psycopg.types.range import TimestamptzRange

from staveworks.db.clock import DatabaseClock
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.models import Counter, Resource
from staveworks.foundation.reservation.rows import lock, range_of
from staveworks.foundation.reservation.types import (
    CapacityInUse,
    CapacityInvalid,
    Kind,
    LotInvalid,
    ResourceNotFound,
)
from staveworks.kit.ids import new_id
from staveworks.kit.spans import Span

EVER = TimestamptzRange(None, None, bounds="()")


@use_case
def register_resource(actor: Actor, *, kind: Kind, capacity: int) -> UUID:
    """The id of a resource of the actor's organisation. ``capacity``: units of an exclusive one, the amount of a counted one.

    What it is called and when it is open is its mechanism's affair; so is the right to make one. A store has its amount in its lots
    (``register_lot``): its own capacity of 1 says nothing. Raises ``CapacityInvalid``.
    """
    made = Resource(id=new_id(), org_id=actor.org, kind=kind, capacity=_checked(capacity))
    Resource.objects.bulk_create([made])
    append_event(actor, "resource.registered", subject=made.id, kind=kind, capacity=capacity)
    return made.id


@use_case
def register_lot(
    actor: Actor, *, store_id: UUID, capacity: int, since_date: date, ends_at: datetime | None = None
) -> UUID:
    """The id of a lot of a store: from now on there is so much more. From ``ends_at`` on nothing is taken from it.

    Raises ``ResourceNotFound``, ``LotInvalid`` (it is no store), ``CapacityInvalid``.
    """
    _access(actor, store_id)
    if not Resource.objects.filter(id=store_id, kind=Kind.STORE).exists():
        raise LotInvalid
    made = Resource(
        id=new_id(),
        org_id=actor.org,
        kind=Kind.COUNTED,
        capacity=_checked(capacity),
        store_id=store_id,
        since_date=since_date,
        ends_at=ends_at,
    )
    Resource.objects.bulk_create([made])
    always = Counter(id=new_id(), org_id=actor.org, resource_id=made.id, during=EVER, capacity=capacity)
    Counter.objects.bulk_create([always])
    append_event(actor, "resource.registered", subject=made.id, kind=Kind.COUNTED, capacity=capacity)
    return made.id


@use_case
def change_capacity(actor: Actor, *, resource_id: UUID, capacity: int, slot: Span | None = None) -> None:
    """From now on there is more or less of it, while it is being sold. ``slot``: only in that slot of a counted resource. Of a
    lot there may be nothing left at all.

    Raises ``ResourceNotFound``, ``CapacityInvalid``, ``CapacityInUse`` (held or sold already; nothing changes).
    """
    _access(actor, resource_id)
    if capacity != 0 or not Resource.objects.filter(id=resource_id, store__isnull=False).exists():
        _checked(capacity)
    try:
        with transaction.atomic():
            _set(actor, resource_id, capacity, slot)
    except IntegrityError:
        raise CapacityInUse(field="capacity") from None
    append_event(actor, "resource.capacity_changed", subject=resource_id, capacity=capacity)


@use_case
def withdraw_resource(actor: Actor, *, resource_id: UUID) -> None:
    """Nobody can hold it any more; what is held or sold stays. Again: nothing changes. Raises ``ResourceNotFound``."""
    _access(actor, resource_id)
    offered = Resource.objects.filter(id=resource_id, withdrawn_at=None)
    if offered.update(withdrawn_at=DatabaseClock()):
        append_event(actor, "resource.withdrawn", subject=resource_id)


def _set(actor: Actor, resource_id: UUID, capacity: int, slot: Span | None) -> None:
    counters = Counter.objects.filter(resource_id=resource_id)
    if slot is None:
        Resource.objects.filter(id=resource_id).update(capacity=capacity)
        to_come = Q(during__upper_inf=True) | Q(during__endswith__gt=DatabaseClock())
        counters.filter(to_come).update(capacity=capacity)
    elif not counters.filter(during=range_of(slot)).update(capacity=capacity):
        opened = Counter(
            id=new_id(), org_id=actor.org, resource_id=resource_id, during=range_of(slot), capacity=capacity
        )
        Counter.objects.bulk_create([opened])


def _access(actor: Actor, resource_id: UUID) -> None:
    lock([resource_id])
    if not Resource.objects.filter(id=resource_id, org_id=actor.org).exists():
        raise ResourceNotFound


def _checked(capacity: int) -> int:
    if capacity < 1:
        raise CapacityInvalid(field="capacity")
    return capacity
