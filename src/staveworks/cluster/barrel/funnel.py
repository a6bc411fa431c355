"""How many firms reached which step, and in which week: found → invited → claimed → assessed. The only place that says what a step is."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from staveworks.cluster.barrel.reach import REACHED, reached_by
from staveworks.db.transaction import query
from staveworks.foundation.facts.reading import reading
from staveworks.foundation.facts.types import Field, Purpose
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Text

STEPS = {
    "found": Text(zh="找到", en="Found"),
    "invited": Text(zh="已邀请", en="Invited"),
    "claimed": Text(zh="已认领", en="Claimed"),
    "assessed": Text(zh="自己诊断过", en="Assessed itself"),
}
"""What a firm did, in order, and what it is called wherever it is counted."""
TAKEN = ("created", "invited", "claimed", "assessed")
"""When each step was taken: these with ``_at``."""
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


WITH_STEPS = """
WITH firms AS MATERIALIZED (
    SELECT id, city, created_at, claimed_at, ours FROM ({firms}) AS reached WHERE city LIKE %(city)s || '%%' OR %(city)s = ''
),
links AS MATERIALIZED (SELECT org_id, min(created_at) AS first FROM parties_claim_link GROUP BY org_id),
barrels AS MATERIALIZED (
    SELECT org_id, at, water_low{also} FROM barrel_diagnosis
),
own AS MATERIALIZED (
    SELECT id, min(at) AS first FROM firms JOIN barrels ON org_id = id AND at >= claimed_at WHERE water_low IS NOT NULL GROUP BY id
),
steps AS (
    SELECT firms.*, least(links.first, claimed_at) AS invited_at, own.first AS assessed_at
    FROM firms LEFT JOIN links ON links.org_id = firms.id LEFT JOIN own ON own.id = firms.id
)
{counted}
"""
"""Each firm with when it was ``invited_at`` (its first claim link, or its claim where it came by itself) and ``assessed_at``: the
first barrel that it shows of the time since it was claimed; what its steward assessed before isn't it.

Tables are read by themselves: joined in one query their policies cost so much by estimate that a worse plan is taken. Barrels are
read whole: asked for by firm, their policy looks through all firms that are held for each of them.
"""


def count_with_steps(
    actor: Actor, counted: str, params: Mapping[str, Any], *, city: str = "", also: str = ""
) -> list[tuple[Any, ...]]:
    """The rows of ``counted``, a query over ``steps`` and ``barrels``, of which it names ``also`` what it needs besides.

    ``city`` is a prefix of a place's code; "" are all, also the firms whose place nobody knows.
    """
    sql = WITH_STEPS.format(firms=REACHED, counted=counted, also=f", {also}" if also else "")
    with connection.cursor() as cursor:
        cursor.execute(sql, {**reached_by(actor), "city": city, **params})
        return list(cursor.fetchall())


@query
def funnel_by_week(actor: Actor, *, city: str = "", weeks: int = WEEKS) -> FunnelByWeek:
    """The last ``weeks`` weeks and all before; ``city`` is a prefix of a place's code. Raises ``RightMissing``."""
    actor.require("firm.read")
    begins = mondays(weeks)
    taken = [Counter[str]() for _ in range(weeks + 1)]
    with reading(actor, purpose=Purpose.OPERATION, fields=[Field.BARREL]) as log:
        groups = _weeks(actor, city, begins)
        log.aggregated(sum(firms for *_, firms in groups))
    for *numbers, firms in groups:
        for step, number in zip(STEPS, numbers, strict=True):
            if number is not None:
                taken[number][step] += firms
    counts = [{step: counted[step] for step in STEPS} for counted in taken]
    return FunnelByWeek(
        Taken(**counts[0]),
        [Week(begin.date(), **counted) for begin, counted in zip(begins, counts[1:], strict=True)],
    )


def _weeks(actor: Actor, city: str, begins: list[datetime]) -> list[tuple[Any, ...]]:
    """Firms that took their four steps in the same weeks: the number of each step's week, 0 before the first of ``begins``, or
    None, and how many."""
    weeks = ", ".join(f"width_bucket({step}_at, begins)" for step in TAKEN)
    return count_with_steps(
        actor,
        f"SELECT {weeks}, count(*) FROM steps, (SELECT %(begins)s::timestamptz[] AS begins) AS asked GROUP BY 1, 2, 3, 4",
        {"begins": begins},
        city=city,
    )


def mondays(weeks: int) -> list[datetime]:
    """When each of the last weeks began, here, the present one last."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    this = today - timedelta(days=today.weekday())
    return [this - timedelta(weeks=back) for back in reversed(range(weeks))]
