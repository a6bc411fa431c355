"""Where free hours are that no published plan has taken: exactly for operators, in a look that is logged; for everybody else as published."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from staveworks.db.clock import database_now
from staveworks.db.transaction import query
from staveworks.foundation.parties.models import City
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rules.queries import rule_in_force
from staveworks.kit.holidays import load_holidays
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.domain.windows import Bucket, FreeHours, days_of, free_in_each, monday_of
from staveworks.mechanisms.dispatch.models import HeatCell, WorkCentre
from staveworks.mechanisms.dispatch.reading import reading_capacity
from staveworks.mechanisms.dispatch.rows import confirmations_at, said_at
from staveworks.mechanisms.dispatch.types.calendar import NONE, Calendar
from staveworks.mechanisms.dispatch.types.heat import Heat, HeatRow, HeatValue
from staveworks.mechanisms.dispatch.types.runs import MOST_BUCKETS

WEEKS, LEAST = 8, 5
PREFECTURE = 2
COLUMNS = ("id", "org_id", "operation", "city_id", "weekday_hours", "holidays")
"""Values and no rows: a page of all firms reads hundreds."""
type Place = tuple[str, str]
"""Operation and city."""


@dataclass(slots=True)
class _Sum:
    """One operation in one city in one week, while it is added up."""

    fresh: Decimal = Decimal(0)
    stale: Decimal = Decimal(0)
    firms: set[int] = field(default_factory=set)

    def add(self, firm: int, free: FreeHours, taken: Decimal) -> None:
        if free.fresh > taken:
            self.fresh += free.fresh - taken
            self.firms.add(firm)
        if free.stale:
            self.stale += free.stale


def fewest() -> int:
    """Firms behind a figure that leaves the operator: by rule, never below five."""
    return max(LEAST, int(rule_in_force("aggregates.minimum").value["firms"]))


@query
def free_heat(actor: Actor, *, weeks: int = WEEKS) -> Heat:
    """Of the places that the operator sees, from this week on. Raises ``RightMissing``, ``PlaceUnknown``. Logged as a sum."""
    with reading_capacity(actor, scope="heat") as log:
        now = database_now()
        rows = list(
            WorkCentre.objects.filter(closed_at=None).order_by("id").values_list(*COLUMNS, named=True)
        )
        sums = _sums(rows, now, weeks)
        firms = {row.org_id for row in rows}
        log.aggregated(len(firms))
    first = monday_of(timezone.localdate(now))
    mondays = tuple(first + timedelta(days=7 * number) for number in range(weeks))
    names = _names({city for _, city in sums})
    found = tuple(
        HeatRow(operation, city, names[city], tuple(HeatValue(len(s.firms), s.fresh, s.stale) for s in its))
        for (operation, city), its in sorted(sums.items())
    )
    return Heat(mondays, found, fewest(), exact=True, firms=len(firms))


@query
def published_heat(actor: Actor) -> Heat:
    """What every member may know, as it was last published. Raises ``RightMissing``."""
    actor.require("figures.read")
    last = HeatCell.objects.order_by("-on_date").values_list("on_date", flat=True).first()
    cells = list(HeatCell.objects.filter(on_date=last)) if last else []
    mondays = tuple(sorted({cell.monday for cell in cells}))
    names = _names({cell.city_id for cell in cells})
    by_place: dict[Place, dict[date, HeatValue]] = {}
    for cell in cells:
        its = by_place.setdefault((cell.operation, cell.city_id), {})
        its[cell.monday] = HeatValue(cell.firms, cell.hours)
    rows = tuple(
        HeatRow(operation, city, names[city], tuple(its.get(day, HeatValue(None, None)) for day in mondays))
        for (operation, city), its in sorted(by_place.items())
    )
    return Heat(mondays, rows, fewest(), exact=False, on_date=last)


def _sums(rows: list[Any], now: datetime, weeks: int) -> dict[Place, list[_Sum]]:
    stale_days = rule_in_force("dispatch.freshness", now).value["stale_days"]
    today, public = timezone.localdate(now), load_holidays()
    said = said_at(now, since=today, confirmed=confirmations_at(now))
    cities = _prefectures({row.city_id for row in rows})
    first = monday_of(today)
    mondays = [first + timedelta(days=7 * week) for week in range(weeks)]
    taken = _taken(first)
    buckets = [Bucket.of((day for day in days_of(monday, 7) if day >= today), public) for monday in mondays]
    found: dict[Place, list[_Sum]] = {}
    numbers: dict[UUID, int] = {}  # a firm is counted week by week, and a UUID is slow to hash
    for row in rows:
        firm = numbers.setdefault(row.org_id, len(numbers))
        sums = found.setdefault((row.operation, cities[row.city_id]), [_Sum() for _ in range(weeks)])
        its, calendar = said.get(row.id, []), Calendar(tuple(row.weekday_hours), row.holidays)
        free = free_in_each(buckets, its, calendar, public, now=now, stale_days=stale_days)
        for one, hours, monday in zip(sums, free, mondays, strict=True):
            one.add(firm, hours, taken.get((row.id, monday), NONE))
    return found


def _taken(since: date) -> dict[tuple[UUID, date], Decimal]:
    """Hours of work centres in published plans that hold, by Monday from ``since`` on: a city's operator may not read the plans."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT centre, monday, hours FROM dispatch_hours_taken(%s, %s)", [since, MOST_BUCKETS]
        )
        return {(centre, monday): hours for centre, monday, hours in cursor.fetchall()}


def _prefectures(codes: Iterable[str]) -> Mapping[str, str]:
    """The city to which each place belongs: itself unless it is a district or a county."""
    rows = City.objects.filter(code__in=list(codes)).values_list("code", "level", "parent_id")
    return {code: parent if level > PREFECTURE and parent else code for code, level, parent in rows}


def _names(codes: Iterable[str]) -> dict[str, Text]:
    rows = City.objects.filter(code__in=list(codes)).values_list("code", "name_zh", "name_en")
    return {code: Text(zh=zh, en=en) for code, zh, en in rows}
