"""What the dispatcher may plan with: every firm's capacity and prices, in a look that is logged."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from staveworks.db.transaction import query
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rules.queries import rule_in_force
from staveworks.kit.holidays import Holidays, load_holidays
from staveworks.mechanisms.dispatch.domain.taken import WEEK, Cell, place_of
from staveworks.mechanisms.dispatch.domain.windows import (
    Bucket,
    FreeHours,
    Said,
    days_of,
    free_in_each,
    shared_out,
    worked_in_each,
)
from staveworks.mechanisms.dispatch.models import WorkCentre
from staveworks.mechanisms.dispatch.reading import reading_capacity
from staveworks.mechanisms.dispatch.rows import calendar_of, confirmations_at, said_at
from staveworks.mechanisms.dispatch.standing import standings_at
from staveworks.mechanisms.dispatch.taken import hours_taken
from staveworks.mechanisms.dispatch.types.calendar import NONE
from staveworks.mechanisms.dispatch.types.dispatchable import (
    DispatchableCapacity,
    DispatchCapability,
    DispatchCentre,
    LeftOut,
    LeftOutReason,
)
from staveworks.mechanisms.dispatch.types.standing import Standing

DAYS = 7


@dataclass(frozen=True, slots=True)
class _Asked:
    """The buckets, by the clock and the rules of ``now``."""

    from_day: date
    buckets: int
    now: datetime
    stale_days: int
    public: Holidays

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    def days(self, bucket: int) -> list[date]:
        """Those of a bucket that are not over yet: hours of yesterday can't be dispatched."""
        first = self.from_day + timedelta(days=DAYS * bucket)
        return [day for day in days_of(first, DAYS) if day >= self.today]

    def last_day(self, bucket: int) -> date:
        return self.from_day + timedelta(days=DAYS * (bucket + 1) - 1)


@query
def dispatchable_capacity(
    actor: Actor, *, from_day: date, buckets: int, now: datetime
) -> DispatchableCapacity:
    """Open work centres with the free hours of each week from ``from_day`` on, as things stood and rules held at ``now``.

    Stale windows, what is above the limits of a trial and what published plans have taken are left out, and listed. Raises
    ``RightMissing``. Logged: each firm sees on its page that it was looked at.
    """
    with reading_capacity(actor, scope="dispatch") as log:
        freshness = rule_in_force("dispatch.freshness", now)
        asked = _Asked(from_day, buckets, now, freshness.value["stale_days"], load_holidays())
        rows = list(_rows(now))
        firms = {row.org_id for row in rows}
        standings, trial = standings_at(now, firms)
        centres, left_out = _free(rows, asked)
        limited, above = _limited(centres, standings)
        left, taken = _left(limited, hours_taken(actor, first=from_day, at=now), from_day)
        log.of(firms)
        return DispatchableCapacity(
            from_day=from_day,
            buckets=buckets,
            now=now,
            centres=tuple(left),
            left_out=(*left_out, *above, *taken),
            rules=(freshness.label, trial.label),
            reading=log.reading,
        )


def _rows(now: datetime) -> Iterator[WorkCentre]:
    rows = WorkCentre.objects.filter(made_at__lte=now).prefetch_related("capabilities", "certificates")
    return (row for row in rows.order_by("id") if row.closed_at is None or row.closed_at > now)


def _free(rows: list[WorkCentre], asked: _Asked) -> tuple[list[DispatchCentre], list[LeftOut]]:
    said = said_at(asked.now, since=asked.today, confirmed=confirmations_at(asked.now))
    buckets = [Bucket.of(asked.days(bucket), asked.public) for bucket in range(asked.buckets)]
    centres, left_out = [], []
    for row in rows:
        hours = _hours(row, said.get(row.id, []), buckets, asked)
        priced = bool(row.capabilities.all())
        for bucket, free in enumerate(hours):
            if free.stale:
                left_out.append(LeftOut(row.id, row.org_id, bucket, free.stale, LeftOutReason.STALE))
            if free.fresh and not priced:
                left_out.append(LeftOut(row.id, row.org_id, bucket, free.fresh, LeftOutReason.UNPRICED))
        if priced:
            worked = worked_in_each(buckets, calendar_of(row), asked.public)
            centres.append(_centre(row, tuple(free.fresh for free in hours), tuple(worked), asked))
    return centres, left_out


def _hours(row: WorkCentre, said: list[Said], buckets: list[Bucket], asked: _Asked) -> list[FreeHours]:
    calendar = calendar_of(row)
    return free_in_each(buckets, said, calendar, asked.public, now=asked.now, stale_days=asked.stale_days)


def _centre(
    row: WorkCentre, hours: tuple[Decimal, ...], worked: tuple[Decimal, ...], asked: _Asked
) -> DispatchCentre:
    held = [(each.code, each.expires_date) for each in row.certificates.all()]
    return DispatchCentre(
        id=row.id,
        firm=row.org_id,
        name=row.name,
        city=row.city_id,
        operation=row.operation,
        grade=row.grade,
        certificates=tuple(
            frozenset(code for code, until in held if until is None or until >= asked.last_day(bucket))
            for bucket in range(asked.buckets)
        ),
        capabilities=tuple(
            DispatchCapability(each.family, each.price_fen, each.unit_hours, row.setup_hours)
            for each in sorted(row.capabilities.all(), key=lambda each: each.family)
        ),
        hours=hours,
        working_hours=worked,
    )


def _limited(
    centres: list[DispatchCentre], standings: Mapping[UUID, Standing]
) -> tuple[list[DispatchCentre], list[LeftOut]]:
    """A firm on trial gets its limit a week over all of its work centres, shared out as its free hours are."""
    kept: dict[UUID, list[list[Decimal]]] = {}
    of_firm: dict[UUID, list[DispatchCentre]] = {}
    for centre in centres:
        of_firm.setdefault(centre.firm, []).append(centre)
    for firm, its in of_firm.items():
        standing = standings[firm]
        columns = [list(column) for column in zip(*(centre.hours for centre in its), strict=True)]
        if standing.on_trial:
            columns = [shared_out(Decimal(standing.week_hours), column) for column in columns]
        kept[firm] = columns
    found, above = [], []
    for centre in centres:
        place = of_firm[centre.firm].index(centre)
        hours = tuple(column[place] for column in kept[centre.firm])
        found.append(replace(centre, hours=hours))
        above += [
            LeftOut(centre.id, centre.firm, bucket, was - now, LeftOutReason.TRIAL)
            for bucket, (was, now) in enumerate(zip(centre.hours, hours, strict=True))
            if was - now > NONE
        ]
    return found, above


def _left(
    centres: list[DispatchCentre], taken: Counter[Cell], first: date
) -> tuple[list[DispatchCentre], list[LeftOut]]:
    """Without the hours that published plans have taken."""
    found, gone = [], []
    for centre in centres:
        keys = str(centre.id), place_of(str(centre.firm), centre.name)
        weeks = [first + bucket * WEEK for bucket in range(len(centre.hours))]
        minus = [Decimal(str(round(sum(taken[key, week] for key in keys), 2))) for week in weeks]
        hours, worked = (
            tuple(max(NONE, was - less) for was, less in zip(each, minus, strict=True))
            for each in (centre.hours, centre.working_hours)
        )
        found.append(replace(centre, hours=hours, working_hours=worked))
        gone += [
            LeftOut(centre.id, centre.firm, bucket, was - now, LeftOutReason.TAKEN)
            for bucket, (was, now) in enumerate(zip(centre.hours, hours, strict=True))
            if was > now
        ]
    return found, gone
