"""Somebody arrives: her code, or her name on the list, and the delivery has begun."""

from uuid import UUID

from staveworks.db.clock import database_now
from staveworks.db.transaction import query, use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.booking.arrivals import (
    AlreadyHere,
    Arrival,
    BookedElsewhere,
    NoCodeYet,
    NoLongerTrained,
    at_another,
    why_not,
)
from staveworks.mechanisms.booking.arriving import CODE
from staveworks.mechanisms.booking.codes import code_of, line_of_code
from staveworks.mechanisms.booking.models import Bookable
from staveworks.mechanisms.booking.rows import resources_of
from staveworks.mechanisms.booking.short_codes import line_of_short, read_short
from staveworks.mechanisms.booking.training import still_trained
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.types import Line, LineNotFound, LineState, NotYet
from staveworks.trade.orders.usecases.deliver_line import start_line


def check_in(actor: Actor, *, code: str, at: UUID | None = None) -> Arrival:
    """By the code, scanned or typed in its short form; ``at``: the resource at whose door the counter stands.

    Raises ``RightMissing``, ``CodeUnknown``, ``TooManyWrong``, ``BookedElsewhere``, ``OtherResource``, ``BeforeItsTime``, ``TimeIsOver``,
    ``AlreadyHere``, ``NotConfirmedYet``, ``NoLongerBooked``, ``NoLongerTrained``.
    """
    actor.require("line.serve")
    typed = read_short(code)
    return check_in_line(actor, line_id=line_of_short(actor, typed) if typed else line_of_code(code), at=at)


@use_case
def check_in_line(actor: Actor, *, line_id: UUID, at: UUID | None = None) -> Arrival:
    """By the list. Raises as ``check_in``, but ``CodeUnknown``."""
    arrival = _arrival(actor, line_id)
    refused = why_not(arrival, now=database_now())
    if at is not None and at != arrival.resource.id:
        raise at_another(arrival)
    if refused:
        raise refused
    if not still_trained(arrival.line, arrival.resource, now=database_now()):
        raise NoLongerTrained
    try:
        start_line(actor, line_id=line_id)
    except NotYet:  # at the other counter, a moment ago
        raise why_not(_arrival(actor, line_id), now=database_now()) or AlreadyHere() from None
    append_event(actor, "booking.checked_in", subject=line_id, resource=arrival.resource.id)
    return _arrival(actor, line_id)


@query
def find_arrival(actor: Actor, *, code: str) -> Arrival:
    """Whose booking a code is of. Raises ``RightMissing``, ``CodeUnknown``, ``BookedElsewhere``."""
    actor.require("line.serve")
    return _arrival(actor, line_of_code(code))


@query
def access_code(actor: Actor, *, line_id: UUID) -> str:
    """For whoever booked, once it is confirmed. Raises ``RightMissing``, ``LineNotFound``, ``NoCodeYet``."""
    actor.require("order.read")
    line = access_line(actor, line_id=line_id)
    if not has_code(actor, line):
        raise NoCodeYet
    return code_of(line_id)


def has_code(actor: Actor, line: Line) -> bool:
    return line.mechanism == CODE and line.buyer_org == actor.org and line.state is LineState.CONFIRMED


def _arrival(actor: Actor, line_id: UUID) -> Arrival:
    actor.require("line.serve")
    try:
        line = access_line(actor, line_id=line_id)
    except LineNotFound:
        raise BookedElsewhere from None
    if line.provider_org != actor.org or line.mechanism != CODE:
        raise BookedElsewhere
    rows = Bookable.objects.filter(resource_id__in=[ask.resource_id for ask in line.quote.asks])
    found = resources_of(rows)
    if not found:
        raise BookedElsewhere
    return Arrival(line, found[0])
