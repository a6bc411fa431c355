"""What is firm is used: begun (checked in), used in part or whole."""

from typing import Any
from uuid import UUID

from django.db.models import Case, F, Value, When

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.models import Reservation as Row
from staveworks.foundation.reservation.rows import locked, reservation_of
from staveworks.foundation.reservation.types import (
    MoreThanReserved,
    Reservation,
    ReservationNotFound,
    State,
)

USABLE = (State.COMMITTED, State.IN_USE)


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


def _access(reservation_id: UUID) -> None:
    if not locked(Row.objects.filter(id=reservation_id)):
        raise ReservationNotFound


def _noted(actor: Actor, reservation_id: UUID, moved: int, event: str, **data: Any) -> Reservation:
    if not moved:
        raise MoreThanReserved
    append_event(actor, event, subject=reservation_id, **data)
    return reservation_of(Row.objects.get(id=reservation_id))
