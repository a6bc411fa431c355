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
    """Over several days, each counted by the statement that counts on it."""
    return free_in_each([days], statements, calendar, public, now=now, stale_days=stale_days)[0]


def free_in_each(
    buckets: Iterable[Iterable[date]],
    statements: Iterable[Said],
    calendar: Calendar,
    public: Holidays,
    *,
    now: datetime,
    stale_days: int,
) -> list[FreeHours]:
    """``free_in`` of several buckets. A page of all firms asks for twenty thousand days, so what a statement leaves free of each
    weekday is asked once; only holidays and days worked in exchange are asked one by one."""
    counting = [
        (
            each,
            each.first_date,
            each.last_date,
            each.is_stale(now, stale_days),
            [each.free_of(hours) for hours in calendar.weekday_hours],
        )
        for each in sorted(statements, key=NUMBER, reverse=True)
    ]
    keeps, off, worked = calendar.holidays, public.off, public.worked
    found = []
    for days in buckets:
        fresh = stale = NONE
        for day in days:
            for said, first, last, is_stale, usual in counting:
                if first <= day <= last:
                    rare = keeps and (day in off or day in worked)
                    hours = said.free_of(calendar.hours_on(day, public)) if rare else usual[day.weekday()]
                    if is_stale:
                        stale += hours
                    else:
                        fresh += hours
                    break
        found.append(FreeHours(fresh, stale))
    return found


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def shared_out(limit: Decimal, hours: Sequence[Decimal]) -> list[Decimal]:
    """``hours`` scaled down so that together they are no more than ``limit``; as they are where they already fit."""
    total = sum(hours, NONE)
    if total <= limit:
        return list(hours)
    return [(each * limit / total).quantize(CENT, rounding="ROUND_DOWN") for each in hours]
