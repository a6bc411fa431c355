"""Which periods of a buyer's subscriptions run today: what is lent by the period lives exactly as long."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch

from staveworks.db.clock import database_today
from staveworks.db.transaction import query
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.tasks.models import Subscription as Row
from staveworks.mechanisms.tasks.models import SubscriptionMove, SubscriptionPeriod
from staveworks.mechanisms.tasks.periods import number_on, start_of
from staveworks.mechanisms.tasks.subscription_rows import months_of


@dataclass(frozen=True, slots=True)
class RunningPeriod:
    """``ends_date``: its first day without, once that is known; None: it is ordered anew."""

    subscription_id: UUID
    line_id: UUID
    ends_date: date | None


@query
def list_running_periods(actor: Actor, *, right: str = "order.read") -> list[RunningPeriod]:
    """None of a period that was paused, or waited for approval, when it began. Raises ``RightMissing``."""
    actor.require(right)
    today = database_today()
    periods = SubscriptionPeriod.objects.only("subscription_id", "number", "line_id")
    moves = SubscriptionMove.objects.only("subscription_id", "kind", "at")
    rows = Row.objects.filter(buyer_org_id=actor.org).only(
        "id", "first_date", "period", "last_number", "zone"
    )
    rows = rows.prefetch_related(Prefetch("periods", queryset=periods), Prefetch("moves", queryset=moves))
    found = (_running(row, today) for row in rows)
    return [each for each in found if each is not None]


def _running(row: Row, today: date) -> RunningPeriod | None:
    number, months = number_on(row.first_date, months_of(row), today), months_of(row)
    period = next((each for each in row.periods.all() if each.number == number), None)
    if period is None or period.line_id is None:
        return None
    last = max(row.moves.all(), key=lambda each: each.at, default=None)
    stops = row.last_number is not None or (last is not None and last.kind == "paused")
    ends = start_of(row.first_date, months, number + 1) if stops else None
    return RunningPeriod(row.id, period.line_id, ends)
