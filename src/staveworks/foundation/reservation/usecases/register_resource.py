"""Bring a resource into the kernel, change how much of it there is, offer it no longer."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from staveworks.db.clock import DatabaseClock
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.models import Counter, Resource
from staveworks.foundation.reservation.rows import lock, range_of
from staveworks.foundation.reservation.types import CapacityInUse, CapacityInvalid, Kind, ResourceNotFound
from staveworks.kit.ids import new_id
from staveworks.kit.spans import Span


@use_case
def register_resource(actor: Actor, *, kind: Kind, capacity: int) -> UUID:
    """The id of a resource of the actor's organisation. ``capacity``: units of an exclusive one, the amount of a counted one.

    What it is called and when it is open is its mechanism's affair; so is the right to make one. Raises ``CapacityInvalid``.
    """
    made = Resource(id=new_id(), org_id=actor.org, kind=kind, capacity=_checked(capacity))
    Resource.objects.bulk_create([made])
    append_event(actor, "resource.registered", subject=made.id, kind=kind, capacity=capacity)
    return made.id


@use_case
def change_capacity(actor: Actor, *, resource_id: UUID, capacity: int, slot: Span | None = None) -> None:
    """From now on there is more or less of it, while it is being sold. ``slot``: only in that slot of a counted resource.

    Raises ``ResourceNotFound``, ``CapacityInvalid``, ``CapacityInUse`` (held or sold already; nothing changes).
    """
    _access(actor, resource_id)
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
