"""Close units for a while though somebody has booked them: they make way, and are told what is free instead."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from staveworks.db.clock import database_now
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.types import Reservation, SpanTaken, State
from staveworks.foundation.reservation.usecases.close_resource import close_resource
from staveworks.foundation.reservation.usecases.release import release
from staveworks.kit.errors import Busy
from staveworks.kit.spans import Span
from staveworks.mechanisms.booking.free import nearest_free
from staveworks.mechanisms.booking.queries import access_bookable
from staveworks.mechanisms.booking.types import Closed, Displaced, Resource, ResourceNotFound, SpanInvalid
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.types import LineNotFound, LineState, ReasonMissing
from staveworks.trade.orders.usecases.answer_line import decline_line
from staveworks.trade.orders.usecases.end_line import displace_line

A_YEAR = timedelta(days=366)
TRIES = 3
"""Somebody may book between making room and closing."""
UNDONE = (LineState.CONFIRMED, LineState.IN_DELIVERY)
OTHERWISE = "可改约 / free instead: "


@use_case
def close_for(
    actor: Actor, *, resource_id: UUID, during: Span, reason: str, unit: int | None = None
) -> Closed:
    """All units, or one. Each booking in the way falls away without a fee, and its buyer reads the three nearest free times.

    Raises ``RightMissing``, ``ResourceNotFound``, ``ReasonMissing``, ``SpanInvalid``, ``Busy``.
    """
    resource = access_bookable(actor, resource_id=resource_id)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    if during.length > A_YEAR or during.ends_at <= database_now():
        raise SpanInvalid(field="ends_at")
    if unit is not None and not 1 <= unit <= resource.units:
        raise ResourceNotFound
    displaced: list[Displaced] = []
    for _ in range(TRIES):
        try:
            chain = close_resource(
                actor, resource_id=resource_id, during=during, reason=reason.strip(), unit=unit
            )
        except SpanTaken as taken:
            displaced += _make_room(actor, resource, taken.reservations, during, reason.strip())
        else:
            append_event(actor, "bookable.closed", subject=resource_id, displaced=len(displaced))
            return Closed(chain.id, tuple(displaced))
    raise Busy


@use_case
def reopen(actor: Actor, *, resource_id: UUID, chain_id: UUID) -> None:
    """Open again what was closed. Raises ``RightMissing``, ``ResourceNotFound``, ``ReservationNotFound``."""
    access_bookable(actor, resource_id=resource_id)
    release(actor, chain_id=chain_id, reason="open again", only=State.MAINTENANCE)
    append_event(actor, "bookable.reopened", subject=resource_id)


def _make_room(
    actor: Actor, resource: Resource, held: tuple[Reservation, ...], closing: Span, reason: str
) -> list[Displaced]:
    found = []
    for subject in dict.fromkeys(each.subject_id for each in held):
        its = [each for each in held if each.subject_id == subject]
        try:
            line = access_line(actor, line_id=subject)
        except LineNotFound:  # a draft's, which its provider doesn't see; or another closing
            for each in its:
                release(actor, reservation_id=each.id, reason="closed")
            continue
        was = (
            Span(line.quote.starts_at, line.quote.due_at)
            if line.quote.starts_at and line.quote.due_at
            else closing
        )
        units = max(1, sum(ask.quantity for ask in line.quote.asks))
        free = nearest_free(resource, was, units=units, now=database_now(), blocked=closing)
        told = f"{reason} · {OTHERWISE}{_said(free, resource)}" if free else reason
        if line.state is LineState.PLACED:
            decline_line(actor, line_id=line.id, reason=told)
        elif line.state in UNDONE:
            displace_line(actor, line_id=line.id, reason=told)
        else:  # over, and its time was not given back
            for each in its:
                release(actor, reservation_id=each.id, reason="closed")
            continue
        found.append(Displaced(line.id, line.buyer, was, free))
    return found


def _said(free: tuple[Span, ...], resource: Resource) -> str:
    zone = ZoneInfo(resource.opening.zone)
    return ", ".join(f"{each.starts_at.astimezone(zone):%m-%d %H:%M}" for each in free)
