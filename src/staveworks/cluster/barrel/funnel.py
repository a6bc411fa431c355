"""How many firms reached which step, and in which week: found → invited → claimed → assessed. The only place that says what a step is."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, F, Min, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Least, TruncWeek
from django.utils import timezone

from staveworks.cluster.barrel.firms import firms_of
from staveworks.cluster.barrel.models import Diagnosis
from staveworks.db.transaction import query
from staveworks.foundation.facts.reading import reading
from staveworks.foundation.facts.types import Field, Purpose
from staveworks.foundation.parties.models import ClaimLink
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Text

STEPS = {
    "found": Text(zh="找到", en="Found"),
    "invited": Text(zh="已邀请", en="Invited"),
    "claimed": Text(zh="已认领", en="Claimed"),
    "assessed": Text(zh="自己诊断过", en="Assessed itself"),
}
"""What a firm did, in order, and what it is called wherever it is counted."""
WEEKS = 12


@dataclass(frozen=True, slots=True)
class Taken:
    """Firms that took each step."""

    found: int
    invited: int
    claimed: int
    assessed: int


@dataclass(frozen=True, slots=True)
class Week:
    """A week from Monday ``begins`` on: firms that took each step in it."""

    begins: date
    found: int
    invited: int
    claimed: int
    assessed: int


@dataclass(frozen=True, slots=True)
class FunnelByWeek:
    """The last weeks, oldest first, and all that was before them; together they are the cluster's funnel."""

    earlier: Taken
    weeks: list[Week]


def with_steps(firms: QuerySet[Any]) -> QuerySet[Any]:
    """Each firm with when it was ``invited_at`` (its first claim link, or its claim where it came by itself) and ``assessed_at``.

    *Assessed* is the first barrel that a firm shows of the time since it was claimed; what its steward assessed before isn't it.
    """
    links = ClaimLink.objects.filter(org_id=OuterRef("id")).order_by().values("org_id")
    own = Diagnosis.objects.filter(
        org_id=OuterRef("id"), at__gte=OuterRef("claimed_at"), water_low__isnull=False
    )
    found: QuerySet[Any] = firms.annotate(
        invited_at=Least(Subquery(links.annotate(first=Min("created_at")).values("first")), F("claimed_at")),
        assessed_at=Case(  # nobody else's barrels are looked for: their policy is the dearest part of a list
            When(
                claimed_at__isnull=False,
                then=Subquery(own.order_by().values("org_id").annotate(first=Min("at")).values("first")),
            ),
        ),
    )
    return found


@query
def funnel_by_week(actor: Actor, *, city: str = "", weeks: int = WEEKS) -> FunnelByWeek:
    """The last ``weeks`` weeks and all before; ``city`` is a prefix of a place's code. Raises ``RightMissing``."""
    actor.require("firm.read")
    first = monday(timezone.localdate()) - timedelta(weeks=weeks - 1)
    counts = {step: Counter[date]() for step in STEPS}
    before: Counter[str] = Counter()
    with reading(actor, purpose=Purpose.OPERATION, fields=[Field.BARREL]) as log:
        groups = _weeks(actor, city)
        log.aggregated(sum(firms for *_, firms in groups))
    for *mondays, firms in groups:
        for step, week in zip(STEPS, mondays, strict=True):
            if week is None:
                continue
            if week.date() < first:
                before[step] += firms
            counts[step][week.date()] += firms
    begins = [first + timedelta(weeks=number) for number in range(weeks)]
    return FunnelByWeek(
        Taken(*(before[step] for step in STEPS)),
        [Week(day, *(counts[step][day] for step in STEPS)) for day in begins],
    )


def _weeks(actor: Actor, city: str) -> list[tuple[Any, ...]]:
    """Firms that took their four steps in the same weeks: the Monday of each step, or None, and how many."""
    firms = firms_of(actor).filter(city__code__startswith=city) if city else firms_of(actor)
    columns = ("created_at", "invited_at", "claimed_at", "assessed_at")
    weeks = {f"week_{number}": TruncWeek(column) for number, column in enumerate(columns)}
    found = with_steps(firms.order_by()).values(**weeks)
    return list(found.values_list(*weeks).annotate(firms=Count("id")))


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())
