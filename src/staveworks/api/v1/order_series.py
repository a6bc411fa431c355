"""重复预约: every free date of a recurrence rule as a line of the draft, held together."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.shapes import In, Out, Words
from staveworks.api.v1.orders import inside
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.domain.series import SeriesInvalid
from staveworks.mechanisms.booking.repeating import Occurrence, preview_series
from staveworks.mechanisms.booking.usecases.book_series import book_series

router = Resource("orders")
PLACE = right("order.place")


class SeriesIn(In):
    """``request``: as for one line, its start is the first date. ``rrule``: RFC 5545 with COUNT or UNTIL (a day), at most 60 dates."""

    version: UUID
    request: dict[str, Any]
    rrule: Annotated[str, Field(max_length=200)]
    order: UUID | None = None


class DateOut(Out):
    """``why``: it is skipped, and this is the reason; null: it is free."""

    starts_at: datetime
    ends_at: datetime
    why: Words | None


class SeriesOut(Out):
    dates: list[DateOut]


class SeriesMade(Out):
    """``held_until`` null: something else in the draft stands in the way of holding; hold the order to read what."""

    order: UUID
    lines: list[UUID]
    skipped: list[DateOut]
    held_until: datetime | None


@router.ask("/preview", says=Text(zh="看重复预约的日期", en="Look at a series"), door=PLACE, answer=SeriesOut)
def look_at_series(request: Call, body: SeriesIn) -> SeriesOut:
    """Which dates are free, which would be skipped, and why. Takes nothing."""
    with _pointing():
        found = preview_series(request.auth, version_id=body.version, request=body.request, rrule=body.rrule)
    return SeriesOut(dates=[_date(each) for each in found])


@router.effect(
    "POST", "", says=Text(zh="重复预约", en="Book a series"), door=PLACE, answer=SeriesMade, status=201
)
def book_one_series(request: Call, body: SeriesIn) -> SeriesMade:
    """A line for each free date; what is taken or closed is skipped. The whole draft is held with them."""
    with _pointing():
        done = book_series(
            request.auth,
            version_id=body.version,
            request=body.request,
            rrule=body.rrule,
            order_id=body.order,
        )
    return SeriesMade(
        order=done.order_id,
        lines=list(done.lines),
        skipped=[_date(each) for each in done.skipped],
        held_until=done.held_until,
    )


@contextmanager
def _pointing() -> Iterator[None]:
    """What is wrong in the request is pointed at there, what is wrong in the rule at the rule."""
    try:
        with inside("request"):
            yield
    except SeriesInvalid as error:
        error.field = "rrule"
        raise


def _date(each: Occurrence) -> DateOut:
    return DateOut(starts_at=each.during.starts_at, ends_at=each.during.ends_at, why=Words.maybe(each.why))
