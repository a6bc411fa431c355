"""The dispatcher's table: every work centre with its firm, what of it is free, stale, expired or on trial. Each look is logged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from staveworks.db.clock import database_now
from staveworks.db.transaction import query
from staveworks.foundation.parties.models import City
from staveworks.foundation.parties.queries import titles_of
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rules.queries import rule_in_force
from staveworks.kit.holidays import load_holidays
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.domain.windows import days_of, free_in
from staveworks.mechanisms.dispatch.models import WindowStatement, WorkCentre
from staveworks.mechanisms.dispatch.reading import reading_capacity
from staveworks.mechanisms.dispatch.rows import calendar_of, confirmations_at, said_of, statements_at
from staveworks.mechanisms.dispatch.standing import standings_at
from staveworks.mechanisms.dispatch.types.standing import Standing

AHEAD = 28
"""Days over which free hours are summed."""


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
        rows = list(
            WorkCentre.objects.filter(closed_at=None)
            .prefetch_related("certificates")
            .order_by("org_id", "made_at")
        )
        firms = {row.org_id for row in rows}
        stale_days = rule_in_force("dispatch.freshness", now).value["stale_days"]
        statements = statements_at(now, (row.id for row in rows))
        confirmed = confirmations_at(now)
        standings, _ = standings_at(now, firms)
        names, cities = titles_of(firms), _cities({row.city_id for row in rows})
        found = [
            _row(
                row,
                statements.get(row.id, []),
                confirmed,
                now,
                names[row.org_id],
                cities,
                standings[row.org_id],
                stale_days,
            )
            for row in rows
        ]
        log.of(firms)
        return sorted(found, key=lambda each: (each.firm_name.zh, each.name))


def _row(
    row: WorkCentre,
    statements: list[WindowStatement],
    confirmed: Mapping[UUID, datetime],
    now: datetime,
    firm: Text,
    cities: Mapping[str, Text],
    standing: Standing,
    stale_days: int,
) -> CentreRow:
    today = timezone.localdate(now)
    said = [said_of(each, confirmed) for each in statements]
    free = free_in(
        days_of(today, AHEAD),
        said,
        calendar_of(row),
        load_holidays(),
        now=now,
        stale_days=stale_days,
    )
    live = [each.confirmed_at for each in said if each.last_date >= today]
    expired = [each for each in row.certificates.all() if each.expires_date and each.expires_date < today]
    return CentreRow(
        id=row.id,
        firm=row.org_id,
        firm_name=firm,
        name=row.name,
        operation=row.operation,
        city=cities[row.city_id],
        grade=row.grade,
        fresh=free.fresh,
        stale=free.stale,
        confirmed_at=min(live, default=None),
        expired=len(expired),
        standing=standing,
    )


def _cities(codes: set[str]) -> dict[str, Text]:
    rows = City.objects.filter(code__in=codes).values_list("code", "name_zh", "name_en")
    return {code: Text(zh=zh, en=en) for code, zh, en in rows}
