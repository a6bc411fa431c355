"""Free hours from what was declared: of several statements about a day the last one counts; never more than is worked that day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from operator import attrgetter, itemgetter, mul
from typing import NamedTuple

from staveworks.kit.holidays import Holidays
from staveworks.mechanisms.dispatch.types.calendar import NONE, Calendar

WEEK, DAY = timedelta(days=7), timedelta(days=1)
CENT = Decimal("0.01")
NUMBER = attrgetter("number")
EVER = datetime.min.replace(tzinfo=UTC)


class Said(NamedTuple):
    """One statement: hours a day, or a share of the working hours (percent). ``confirmed_at``: when it was last said to be right.

    A tuple, as ``FreeHours``: a page of all firms makes thousands.
    """

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
        return self.confirmed_at < now - timedelta(days=stale_days)


class FreeHours(NamedTuple):
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
        at = max(at, ends + DAY)
    return left + max(0, (last - at).days + 1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row on which the same counts: hours a day, or a share of the working hours (percent)."""

    first_date: date
    last_date: date
    day_hours: Decimal | None
    percent: int | None


def by_day(statements: Iterable[Said], since: date) -> dict[date, Said]:
    """The statement that counts, for each day from ``since`` on of which something was said."""
    found: dict[date, Said] = {}
    for each in sorted(statements, key=NUMBER):
        first = max(each.first_date, since)
        found |= dict.fromkeys(days_of(first, (each.last_date - first).days + 1), each)
    return found


def in_force(statements: Iterable[Said], since: date) -> list[Stretch]:
    """What counts on each day from ``since`` on, in as few stretches as say it; nothing for days of which nothing was said."""
    found: list[Stretch] = []
    for day, said in sorted(by_day(statements, since).items(), key=itemgetter(0)):
        its, last = (said.day_hours, said.percent), found[-1] if found else None
        if last and last.last_date + DAY == day and (last.day_hours, last.percent) == its:
            found[-1] = replace(last, last_date=day)
        else:
            found.append(Stretch(day, day, *its))
    return found


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
    bucket = Bucket.of(days, public)
    return free_in_each([bucket], statements, calendar, public, now=now, stale_days=stale_days)[0]


@dataclass(frozen=True, slots=True)
class Bucket:
    """Days in order, with what all firms' hours in it have in common: how many of each weekday, from Monday on, and whether there is
    a public holiday or a day worked in exchange among them."""

    days: tuple[date, ...]
    weekdays: tuple[int, ...]
    rare: bool

    @classmethod
    def of(cls, days: Iterable[date], public: Holidays) -> "Bucket":
        its = tuple(days)
        falls = [day.weekday() for day in its]
        rare = any(day in public.off or day in public.worked for day in its)
        return cls(its, tuple(falls.count(weekday) for weekday in range(7)), rare)


class _Counting:
    """A statement that counts on some days. What it leaves free of a weekday, and of a bucket with such weekdays, is worked out once."""

    __slots__ = ("_calendar", "_usual", "_whole", "first", "is_stale", "last", "said")

    def __init__(self, said: Said, calendar: Calendar, is_stale: bool) -> None:
        self.said, self.first, self.last, self.is_stale = said, said.first_date, said.last_date, is_stale
        self._calendar = calendar
        self._usual: list[Decimal] = []
        self._whole: dict[tuple[int, ...], FreeHours] = {}

    def usual(self) -> list[Decimal]:
        if not self._usual:
            self._usual = [self.said.free_of(hours) for hours in self._calendar.weekday_hours]
        return self._usual

    def whole(self, bucket: Bucket) -> FreeHours:
        """Of all days of the bucket."""
        found = self._whole.get(bucket.weekdays)
        if found is None:
            hours = sum(map(mul, self.usual(), bucket.weekdays), NONE)
            found = FreeHours(NONE, hours) if self.is_stale else FreeHours(hours, NONE)
            self._whole[bucket.weekdays] = found
        return found


def free_in_each(
    buckets: Iterable[Bucket],
    statements: Iterable[Said],
    calendar: Calendar,
    public: Holidays,
    *,
    now: datetime,
    stale_days: int,
) -> list[FreeHours]:
    """``free_in`` of several buckets. A page of all firms asks for twenty thousand days, so what a statement leaves free of each
    weekday is asked once, and a bucket that one statement covers is multiplied out; only holidays, days worked in exchange and
    buckets with several statements are asked day by day."""
    stale_before = now - timedelta(days=stale_days)
    counting = [
        _Counting(each, calendar, each.confirmed_at < stale_before)
        for each in sorted(statements, key=NUMBER, reverse=True)
    ]
    return [_free(bucket, counting, calendar, public) for bucket in buckets]


def worked_in_each(buckets: Iterable[Bucket], calendar: Calendar, public: Holidays) -> list[Decimal]:
    """Hours that are worked in each bucket, free or not: what would be free if all were."""
    always = _Counting(Said(0, date.min, date.max, None, 100, EVER), calendar, is_stale=False)
    return [_free(bucket, [always], calendar, public).fresh for bucket in buckets]


NOTHING = FreeHours(NONE, NONE)


def _free(bucket: Bucket, counting: Sequence[_Counting], calendar: Calendar, public: Holidays) -> FreeHours:
    if not bucket.days:
        return NOTHING
    begins, ends = bucket.days[0], bucket.days[-1]
    rare = calendar.holidays and bucket.rare
    for place, each in enumerate(counting):
        if each.last < begins or ends < each.first:
            continue
        if rare or begins < each.first or each.last < ends:
            return _day_by_day(bucket, counting[place:], calendar, public)
        return each.whole(bucket)
    return NOTHING


def _day_by_day(
    bucket: Bucket, counting: Sequence[_Counting], calendar: Calendar, public: Holidays
) -> FreeHours:
    fresh = stale = NONE
    keeps, off, worked = calendar.holidays, public.off, public.worked
    for day in bucket.days:
        for each in counting:
            if each.first <= day <= each.last:
                rare = keeps and (day in off or day in worked)
                hours = (
                    each.said.free_of(calendar.hours_on(day, public)) if rare else each.usual()[day.weekday()]
                )
                if each.is_stale:
                    stale += hours
                else:
                    fresh += hours
                break
    return FreeHours(fresh, stale)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def shared_out(limit: Decimal, hours: Sequence[Decimal]) -> list[Decimal]:
    """``hours`` scaled down so that together they are no more than ``limit``; as they are where they already fit."""
    total = sum(hours, NONE)
    if total <= limit:
        return list(hours)
    return [(each * limit / total).quantize(CENT, rounding="ROUND_DOWN") for each in hours]
