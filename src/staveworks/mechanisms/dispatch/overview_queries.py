"""The dispatcher's table: every work centre with its firm, what of it is free, stale, expired or on trial. Each look is logged."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from staveworks.db.clock import database_now
from staveworks.db.transaction import query
from staveworks.foundation.parties.types import Actor, title_of
from staveworks.foundation.rules.queries import rule_in_force
from staveworks.kit.holidays import load_holidays
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.domain.windows import Bucket, FreeHours, Said, days_of, free_in_each
from staveworks.mechanisms.dispatch.models import CentreCertificate, WorkCentre
from staveworks.mechanisms.dispatch.reading import reading_capacity
from staveworks.mechanisms.dispatch.rows import confirmations_at, said_at
from staveworks.mechanisms.dispatch.standing import standings_at
from staveworks.mechanisms.dispatch.types.calendar import Calendar
from staveworks.mechanisms.dispatch.types.standing import Standing

AHEAD = 28
"""Days over which free hours are summed."""
COLUMNS = (
    *("id", "org_id", "org__name", "org__name_en", "name", "operation"),
    *("city__name_zh", "city__name_en", "grade", "weekday_hours", "holidays"),
)


@dataclass(frozen=True, slots=True)
class CentreRow:
    """``fresh`` and ``stale``: free hours of the next four weeks; ``expired``: certificates whose day is over."""

    id: UUID
    firm: UUID
    firm_name: Text
    name: str
    operation: str
    city: Text
    grade: int
    fresh: Decimal
    stale: Decimal
    confirmed_at: datetime | None
    expired: int
    standing: Standing


@query
def list_dispatch_centres(actor: Actor) -> list[CentreRow]:
    """Open ones, by firm. Raises ``RightMissing``."""
    with reading_capacity(actor, scope="dispatch") as log:
        now = database_now()
        today, public = timezone.localdate(now), load_holidays()
        bucket = Bucket.of(days_of(today, AHEAD), public)
        rows = list(WorkCentre.objects.filter(closed_at=None).values_list(*COLUMNS, named=True))
        firms = {row.org_id for row in rows}
        stale_days = rule_in_force("dispatch.freshness", now).value["stale_days"]
        said = said_at(now, since=today, confirmed=confirmations_at(now))
        standings, _ = standings_at(now, firms)
        expired = _expired(today)
        found = []
        for row in rows:
            its, calendar = said.get(row.id, []), Calendar(tuple(row.weekday_hours), row.holidays)
            (free,) = free_in_each([bucket], its, calendar, public, now=now, stale_days=stale_days)
            found.append(_row(row, its, free, expired.get(row.id, 0), standings[row.org_id]))
        log.of(firms)
        return sorted(found, key=lambda each: (each.firm_name.zh, each.name))


def _row(row: Any, said: list[Said], free: FreeHours, expired: int, standing: Standing) -> CentreRow:
    return CentreRow(
        id=row.id,
        firm=row.org_id,
        firm_name=title_of(row.org__name, row.org__name_en),
        name=row.name,
        operation=row.operation,
        city=Text(zh=row.city__name_zh, en=row.city__name_en),
        grade=row.grade,
        fresh=free.fresh,
        stale=free.stale,
        confirmed_at=min((each.confirmed_at for each in said), default=None),
        expired=expired,
        standing=standing,
    )


def _expired(today: date) -> dict[UUID, int]:
    """How many certificates of each work centre are over; of the others nothing."""
    over = CentreCertificate.objects.filter(expires_date__lt=today)
    return dict(over.values_list("centre_id").annotate(n=Count("id")))
