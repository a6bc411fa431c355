"""What is firm is used: begun (checked in), used in part or whole."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Value, When

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.models import Reservation as Row
from staveworks.foundation.reservation.models import Resource
from staveworks.foundation.reservation.rows import locked, reservation_of
from staveworks.foundation.reservation.types import (
    MoreThanReserved,
    Reservation,
    ReservationNotFound,
    State,
    Used,
)

USABLE = (State.COMMITTED, State.IN_USE)
TURN = (F("ends_at").asc(nulls_last=True), "since_date", "id")
"""Of the lots of a store, as ``reservation_hold`` takes them."""


@use_case
def begin(actor: Actor, *, reservation_id: UUID) -> Reservation:
    """The reservation, in use; by its holder or its resource's owner. Raises ``ReservationNotFound``, ``MoreThanReserved``."""
    _access(reservation_id)
    moved = Row.objects.filter(id=reservation_id, state=State.COMMITTED).update(state=State.IN_USE)
    return _noted(actor, reservation_id, moved, "reservation.begun")


@use_case
def consume(actor: Actor, *, reservation_id: UUID, quantity: int) -> Reservation:
    """The reservation with ``quantity`` more of it used; consumed once all is. By its holder or its resource's owner.

    Raises ``ReservationNotFound``, ``MoreThanReserved`` (more than is left, or it isn't firm).
    """
    if quantity < 1:
        raise MoreThanReserved
    _access(reservation_id)
    usable = Row.objects.filter(
        id=reservation_id, state__in=USABLE, consumed__lte=F("quantity") - Value(quantity)
    )
    moved = usable.update(
        consumed=F("consumed") + quantity,
        state=Case(
            When(consumed=F("quantity") - Value(quantity), then=Value(State.CONSUMED)),
            default=Value(State.IN_USE),
        ),
    )
    return _noted(actor, reservation_id, moved, "reservation.consumed", quantity=quantity)


@use_case
def use_up(actor: Actor, *, subject_id: UUID, quantity: int) -> list[Used]:
    """Use ``quantity`` of what one ask reserved for a subject, of several lots in their order; how much of which resource it was.

    Raises ``MoreThanReserved`` (more than is left, or several asks of a counted resource: it isn't clear of which).
    """
    rows = [
        row for row in locked(Row.objects.filter(subject_id=subject_id, unit=None)) if row.state in USABLE
    ]
    if len({(row.chain_id, row.place) for row in rows}) != 1 or quantity < 1:
        raise MoreThanReserved
    used = []
    for row in _in_turn(rows):
        amount = min(quantity, row.quantity - row.consumed)
        if amount:
            consume(actor, reservation_id=row.id, quantity=amount)
            used.append(Used(row.resource_id, amount))
            quantity -= amount
    if quantity:
        raise MoreThanReserved
    return used


def _in_turn(rows: Sequence[Row]) -> list[Row]:
    """What keeps the shortest first, then the oldest: as its owner sees it, whose resources they are."""
    lots = Resource.objects.filter(id__in=[row.resource_id for row in rows])
    order = {each.id: place for place, each in enumerate(lots.order_by(*TURN))}
    return sorted(rows, key=lambda row: order.get(row.resource_id, 0))


def _access(reservation_id: UUID) -> None:
    if not locked(Row.objects.filter(id=reservation_id)):
        raise ReservationNotFound


def _noted(actor: Actor, reservation_id: UUID, moved: int, event: str, **data: Any) -> Reservation:
    if not moved:
        raise MoreThanReserved
    append_event(actor, event, subject=reservation_id, **data)
    return reservation_of(Row.objects.get(id=reservation_id))
