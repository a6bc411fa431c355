"""What a firm reads of its own capacity."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from staveworks.db.clock import database_now
from staveworks.db.transaction import query
from staveworks.foundation.parties.queries import titles_of
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rules.queries import rule_in_force
from staveworks.kit.holidays import load_holidays
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.domain.taken import Cell, hours_in, place_of
from staveworks.mechanisms.dispatch.domain.windows import (
    Said,
    Stretch,
    days_of,
    free_in,
    in_force,
    monday_of,
    said_on,
)
from staveworks.mechanisms.dispatch.models import (
    CapacityLook,
    Share,
    WindowSheet,
    WindowStatement,
    WorkCentre,
)
from staveworks.mechanisms.dispatch.rows import (
    calendar_of,
    centre_of,
    confirmations_at,
    confirmed_at,
    said_at,
)
from staveworks.mechanisms.dispatch.standing import standings_at
from staveworks.mechanisms.dispatch.types.calendar import Calendar
from staveworks.mechanisms.dispatch.types.centres import Centre, CentreNotFound, WeekFree
from staveworks.mechanisms.dispatch.types.runs import MOST_BUCKETS
from staveworks.mechanisms.dispatch.types.views import Look, MyCapacity
from staveworks.mechanisms.dispatch.types.windows import RowFault, SheetNotFound, SheetOutcome, Window

SHOWN, LOOKS = 6, 5
NOBODY = Text(zh="运营方", en="the operator")


@query
def my_capacity(actor: Actor, *, weeks: int = SHOWN) -> MyCapacity:
    """The firm's work centres with the weeks from this one on, and how its declarations stand. Raises ``RightMissing``."""
    actor.require("capacity.read")
    now = database_now()
    freshness = rule_in_force("dispatch.freshness", now).value
    rows = list(_centres(actor).order_by("made_at", "id"))
    windows = _windows(actor, now, freshness["stale_days"])
    oldest = min((each.confirmed_at for each in windows), default=None)
    standings, _ = standings_at(now, [actor.org])
    seen = _with_weeks([row for row in rows if row.closed_at is None], now, weeks, freshness["stale_days"])
    return MyCapacity(
        centres=tuple(seen),
        closed=tuple(centre_of(row) for row in rows if row.closed_at is not None),
        windows=tuple(windows),
        confirmed_at=oldest,
        stale_at=oldest + timedelta(days=freshness["stale_days"]) if oldest else None,
        stale_days=freshness["stale_days"],
        asks=oldest is not None and now - oldest >= timedelta(days=freshness["ask_days"]),
        standing=standings[actor.org],
        looks=tuple(_looks(actor)),
    )


@query
def access_centre(actor: Actor, *, centre_id: UUID, weeks: int = SHOWN) -> Centre:
    """One of the firm's. Raises ``RightMissing``, ``CentreNotFound``."""
    actor.require("capacity.read")
    row = _centres(actor).filter(id=centre_id).first()
    if row is None:
        raise CentreNotFound
    now = database_now()
    (found,) = _with_weeks([row], now, weeks, rule_in_force("dispatch.freshness", now).value["stale_days"])
    return found


@query
def list_windows(actor: Actor, *, centre_id: UUID | None = None) -> list[Window]:
    """What stands from today on, of one work centre or of all. Raises ``RightMissing``, ``CentreNotFound``."""
    actor.require("capacity.read")
    if centre_id is not None and not WorkCentre.objects.filter(id=centre_id, org_id=actor.org).exists():
        raise CentreNotFound
    now = database_now()
    stale_days = rule_in_force("dispatch.freshness", now).value["stale_days"]
    return [each for each in _windows(actor, now, stale_days) if centre_id in (None, each.centre_id)]


@query
def list_in_force(actor: Actor) -> list[tuple[str, Stretch]]:
    """What counts from today on, with the name of its open work centre; what was declared anew since is left out. Raises ``RightMissing``."""
    actor.require("capacity.read")
    now = database_now()
    today = timezone.localdate(now)
    names = dict(_centres(actor).filter(closed_at=None).order_by("made_at", "id").values_list("id", "name"))
    said = said_at(now, since=today, confirmed=confirmations_at(now, [actor.org]), centres=names)
    return [(name, each) for centre, name in names.items() for each in in_force(said.get(centre, []), today)]


@query
def access_sheet(actor: Actor, *, sheet_id: UUID) -> SheetOutcome:
    """What became of a loaded sheet. Raises ``RightMissing``, ``SheetNotFound``."""
    actor.require("capacity.read")
    row = WindowSheet.objects.filter(id=sheet_id, org_id=actor.org).first()
    if row is None:
        raise SheetNotFound
    faults = [
        RowFault(each["row"], tuple(each["cells"]), each["column"], Text(zh=each["zh"], en=each["en"]))
        for each in row.faults
    ]
    return SheetOutcome(row.id, row.name, row.at, row.taken, row.repeated, tuple(row.headers), tuple(faults))


def _centres(actor: Actor) -> QuerySet[WorkCentre]:
    return WorkCentre.objects.filter(org_id=actor.org).prefetch_related("capabilities", "certificates")


def _windows(actor: Actor, now: datetime, stale_days: int) -> list[Window]:
    confirmed = confirmations_at(now, [actor.org])
    rows = WindowStatement.objects.filter(
        org_id=actor.org, withdrawn_at=None, centre__closed_at=None, last_date__gte=timezone.localdate(now)
    )
    return [
        _window(row, confirmed_at(row.declared_at, confirmed.get(actor.org)), now, stale_days)
        for row in rows.order_by("first_date", "centre_id", "number")
    ]


def _window(row: WindowStatement, confirmed: datetime, now: datetime, stale_days: int) -> Window:
    return Window(
        id=row.id,
        centre_id=row.centre_id,
        number=row.number,
        first_date=row.first_date,
        last_date=row.last_date,
        day_hours=row.day_hours,
        percent=row.percent,
        declared_at=row.declared_at,
        confirmed_at=confirmed,
        stale=now - confirmed > timedelta(days=stale_days),
    )


def _with_weeks(rows: Sequence[WorkCentre], now: datetime, weeks: int, stale_days: int) -> list[Centre]:
    """Each with its weeks; windows and confirmations of all of them are read once."""
    first = monday_of(timezone.localdate(now))
    confirmed = confirmations_at(now, {row.org_id for row in rows})
    said = said_at(now, since=first, confirmed=confirmed, centres=[row.id for row in rows])
    taken = _taken({row.org_id for row in rows}, first) if weeks else Counter()
    mondays = [first + timedelta(days=7 * number) for number in range(weeks)]
    found = []
    for row in rows:
        its, calendar = said.get(row.id, []), calendar_of(row)
        keys = str(row.id), place_of(str(row.org_id), row.name)
        shown = tuple(
            replace(
                _week(monday, its, calendar, now, stale_days),
                taken=Decimal(str(round(sum(taken[key, monday] for key in keys), 2))),
            )
            for monday in mondays
        )
        found.append(replace(centre_of(row), weeks=shown))
    return found


def _taken(firms: Collection[UUID], first: date) -> Counter[Cell]:
    """Hours that firms have in plans that were published to them and hold, from ``first`` on."""
    shares = Share.objects.filter(
        firm_id__in=firms, ended_at=None, first_date__gt=first - timedelta(weeks=MOST_BUCKETS)
    )
    return hours_in(shares.values_list("firm_id", "first_date", "work"))


def _week(monday: date, said: Sequence[Said], calendar: Calendar, now: datetime, stale_days: int) -> WeekFree:
    public, days = load_holidays(), list(days_of(monday, 7))
    today = timezone.localdate(now)
    free, ahead = (
        free_in(its, said, calendar, public, now=now, stale_days=stale_days)
        for its in (days, [day for day in days if day >= today])
    )
    worked = sum((calendar.hours_on(day, public) for day in days), Decimal(0))
    each = (
        counts.free_of(calendar.hours_on(day, public)) if (counts := said_on(day, said)) else None
        for day in days
    )
    over = max(0, min(7, (today - monday).days))
    return WeekFree(monday, worked, free.fresh, free.stale, ahead.fresh, ahead.stale, tuple(each), over)


def _looks(actor: Actor) -> list[Look]:
    rows = list(CapacityLook.objects.filter(org_id=actor.org).order_by("-at")[:LOOKS])
    names = titles_of({row.reader_org_id for row in rows})
    return [Look(names.get(row.reader_org_id, NOBODY), row.scope == "dispatch", row.at) for row in rows]
