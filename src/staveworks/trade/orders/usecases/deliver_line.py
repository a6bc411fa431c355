"""The provider begins and delivers, at once or in parts; what was reserved is used with it."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from staveworks.db.clock import database_now
from staveworks.db.transaction import use_case
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.queries import list_reservations
from staveworks.foundation.reservation.types import MoreThanReserved, Reservation, Used
from staveworks.foundation.reservation.types import State as Held
from staveworks.foundation.reservation.usecases.release import release
from staveworks.foundation.reservation.usecases.use import begin, consume, use_up
from staveworks.kit.ids import new_id
from staveworks.trade.catalogue.frozen import read_quote
from staveworks.trade.catalogue.mechanisms import own_delivery_of
from staveworks.trade.catalogue.queries import access_version
from staveworks.trade.orders.domain import before_its_time, check_reason, usable_from
from staveworks.trade.orders.models import Line as Row
from staveworks.trade.orders.models import Part
from staveworks.trade.orders.moving import access_row, from_now, note, step
from staveworks.trade.orders.pricing import as_reader
from staveworks.trade.orders.types import DeliveredElsewhere, LineState, QuantityInvalid

FIRM = (Held.COMMITTED, Held.IN_USE)


@use_case
def start_line(actor: Actor, *, line_id: UUID) -> None:
    """Delivery has begun: the buyer can't cancel any more. Raises ``RightMissing``, ``LineNotFound``, ``NotYet``, ``BeforeItsTime``."""
    actor.require("line.serve")
    row = access_row(actor, line_id, "provider_org_id")
    _in_its_time(actor, row)
    step(row, LineState.CONFIRMED, to=LineState.IN_DELIVERY)
    for each in _firm(actor, row):
        if each.state is Held.COMMITTED:
            begin(actor, reservation_id=each.id)
    note(actor, "line.started", row)


@use_case
def deliver_part(
    actor: Actor,
    *,
    line_id: UUID,
    text: str,
    last: bool,
    quantity: int | None = None,
    by_mechanism: bool = False,
) -> int:
    """The number of the part. ``last``: nothing more comes, the buyer accepts or disputes within the days agreed.

    ``quantity``: how much of what is reserved (kilograms, pieces) this part used, where that is counted; with the last part
    what is left is given back, without one it counts as used. ``text`` says what was delivered. ``by_mechanism``: the line's own
    mechanism delivers, which alone may where it has a way of its own.
    Raises ``RightMissing``, ``LineNotFound``, ``ReasonMissing`` (at ``text``), ``QuantityInvalid``, ``NotYet``,
    ``BeforeItsTime``, ``DeliveredElsewhere``.
    """
    actor.require("line.serve")
    wording = check_reason(text, field="text")
    row = access_row(actor, line_id, "provider_org_id")
    _in_its_time(actor, row)
    if not by_mechanism and (
        how := own_delivery_of(access_version(as_reader(actor), version_id=row.version_id))
    ):
        raise DeliveredElsewhere(how)
    _move(row, last)
    used = _use(actor, row, quantity, last)
    number = (Part.objects.filter(line=row).aggregate(last=Max("number"))["last"] or 0) + 1
    part = Part(
        id=new_id(),
        line=row,
        buyer_org_id=row.buyer_org_id,
        provider_org_id=row.provider_org_id,
        number=number,
        note=wording,
        quantity=quantity,
        used=[{"resource": str(each.resource_id), "quantity": each.quantity} for each in used],
        last=last,
        delivered_by_id=actor.person_id,
    )
    part.save(force_insert=True)
    note(actor, "line.delivered" if last else "line.part_delivered", row, part=number)
    return number


def _in_its_time(actor: Actor, row: Row) -> None:
    """A time that is booked can't have been used before it: its buyer would pay by keeping silent."""
    starts_at = read_quote(row.quote).starts_at
    if starts_at is None or usable_from(starts_at) <= database_now():
        return
    if any(each.unit is not None for each in _firm(actor, row)):
        raise before_its_time(timezone.localtime(starts_at))


def _move(row: Row, last: bool) -> None:
    if last:
        until = from_now(timedelta(days=row.acceptance_days))
        step(row, LineState.CONFIRMED, LineState.IN_DELIVERY, to=LineState.DELIVERED, deadline_at=until)
    else:  # of first parts delivered at once each finds it begun or begins it
        step(row, LineState.CONFIRMED, LineState.IN_DELIVERY, to=LineState.IN_DELIVERY)


def _use(actor: Actor, row: Row, quantity: int | None, last: bool) -> list[Used]:
    """Use what was reserved: ``quantity`` of what is counted, everything else with the last part. What of it is counted."""
    used = [] if quantity is None else _use_up(actor, row, quantity)
    if not last:
        return used
    for each in _firm(actor, row):
        if quantity is not None and each.unit is None:
            release(actor, reservation_id=each.id, reason="delivered; the rest is not needed")
            continue
        rest = each.quantity - each.consumed
        consume(actor, reservation_id=each.id, quantity=rest)
        if each.unit is None:
            used.append(Used(each.resource_id, rest))
    return used


def _use_up(actor: Actor, row: Row, quantity: int) -> list[Used]:
    try:
        return use_up(actor, subject_id=row.id, quantity=quantity)
    except MoreThanReserved:
        raise QuantityInvalid(field="quantity") from None


def _firm(actor: Actor, row: Row) -> list[Reservation]:
    return [each for each in list_reservations(actor, subject_ids=[row.id]) if each.state in FIRM]
