"""Free hours from what was declared: of several statements about a day the last one counts; never more than is worked that day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from operator import attrgetter

from staveworks.kit.holidays import Holidays
from staveworks.mechanisms.dispatch.domain.calendar import NONE, Calendar

WEEK = timedelta(days=7)
CENT = Decimal("0.01")
NUMBER = attrgetter("number")


@dataclass(frozen=True, slots=True)
class Said:
    """One statement: hours a day, or a share of the working hours (percent). ``confirmed_at``: when it was last said to be right."""

    number: int
    first_date: date
    last_date: date
    day_hours: Decimal | None
    percent: int | None
    confirmed_at: datetime

    def covers(self, day: date) -> bool:
        return self.first_date <= day <= self.last_date

    def free_of(self, worked: Decimal) -> Decimal:
        """What is free of a day on which so many hours are worked."""
        if self.percent is not None:
            return (worked * self.percent / 100).quantize(CENT)
        return min(worked, self.day_hours or NONE)

    def is_stale(self, now: datetime, stale_days: int) -> bool:
        return now - self.confirmed_at > timedelta(days=stale_days)


@dataclass(frozen=True, slots=True)
class FreeHours:
    """Of one bucket: what may be dispatched, and what would be free but was not confirmed for too long."""

    fresh: Decimal
    stale: Decimal


def said_on(day: date, statements: Iterable[Said]) -> Said | None:
    """The statement that counts on ``day``: the last one that covers it."""
    covering = [each for each in statements if each.covers(day)]
    return max(covering, key=NUMBER) if covering else None


def free_on(day: date, statements: Iterable[Said], calendar: Calendar, public: Holidays) -> Decimal:
    """Free hours of one day, whether confirmed or not; none where nothing was said."""
    said = said_on(day, statements)
    return said.free_of(calendar.hours_on(day, public)) if said else NONE


def days_left(first: date, last: date, later: Iterable[tuple[date, date]]) -> int:
    """On how many days from ``first`` to ``last`` a statement still counts, where ``later`` ones stand (first and last day of each)."""
    left, at = 0, first
    for begins, ends in sorted(later):
        if begins > last:
            break
        left += max(0, (begins - at).days)
        at = max(at, ends + timedelta(days=1))
    return left + max(0, (last - at).days + 1)


def days_of(first: date, days: int) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range(days))


def free_in(
    days: Iterable[date],
    statements: Sequence[Said],
    calendar: Calendar,
    public: Holidays,
    *,
    now: datetime,
    stale_days: int,
) -> FreeHours:
    """Over several days, each counted by the statement that counts on it: the last one takes its days first, the others what is left.

    For a page it is asked ten thousand days, so whatever holds for a whole statement is asked once for it.
    """
    fresh = stale = NONE
    left = list(days)
    for said in sorted(statements, key=NUMBER, reverse=True):
        first, last = said.first_date, said.last_date
        counted = [day for day in left if first <= day <= last]
        if not counted:
            continue
        hours = sum([said.free_of(calendar.hours_on(day, public)) for day in counted], NONE)
        if said.is_stale(now, stale_days):
            stale += hours
        else:
            fresh += hours
        if len(counted) == len(left):
            break
        left = [day for day in left if not first <= day <= last]
    return FreeHours(fresh, stale)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def shared_out(limit: Decimal, hours: Sequence[Decimal]) -> list[Decimal]:
    """``hours`` scaled down so that together they are no more than ``limit``; as they are where they already fit."""
    total = sum(hours, NONE)
    if total <= limit:
        return list(hours)
    return [(each * limit / total).quantize(CENT, rounding="ROUND_DOWN") for each in hours]
