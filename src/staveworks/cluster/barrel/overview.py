"""The operator's view of the whole cluster: how many have come how far, what is short where."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connection

from staveworks.cluster.barrel.firms import firms_of
from staveworks.cluster.barrel.funnel import with_steps
from staveworks.cluster.barrel.models import Assessment
from staveworks.cluster.barrel.types import State
from staveworks.db.transaction import query
from staveworks.foundation.facts.reading import reading
from staveworks.foundation.facts.types import Field, Purpose
from staveworks.foundation.parties.models import City
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class CityLevel:
    """What one city's diagnosed firms have in common. ``medians``: plank → median likely height."""

    code: str | None
    name: Text
    firms: int
    diagnosed: int
    water: float | None
    shortest: str | None
    medians: dict[str, float]
    binding: dict[str, int]
    """Plank → firms that it holds down."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """From a line of a list to an owner who knows her barrel: each step counts firms that reached it.

    ``own``: assessed since it was claimed; ``diagnosed`` counts also those that their steward assessed. ``elsewhere``: found, but held by
    another operator, whose invitations aren't known here.
    """

    found: int
    invited: int
    claimed: int
    own: int
    diagnosed: int
    elsewhere: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The cluster as its operator sees it. ``histogram``: lower edge of a class of 5 points → firms."""

    funnel: Funnel
    under_way: int
    water: float | None
    shortest: str | None
    binding: dict[str, int]
    histogram: dict[int, int]
    cities: list[CityLevel]


@query
def cluster_overview(actor: Actor) -> Overview:
    """All counts and medians of the operator's home, five queries. Raises ``RightMissing``."""
    actor.require("cluster.read")
    with reading(actor, purpose=Purpose.OPERATION, fields=[Field.BARREL, Field.ASSESSMENT]) as log:
        found = _overview(actor)
        log.aggregated(found.funnel.diagnosed)
    return found


def _overview(actor: Actor) -> Overview:
    firms = firms_of(actor)
    facts = list(
        with_steps(firms.order_by()).values_list(
            "id",
            "city_id",
            "claimed_at",
            "invited_at",
            "barrel__water_likely",
            "barrel__binding",
            "barrel__finished",
            "ours",
            "assessed_at",
        )
    )
    ids = {fact[0] for fact in facts}
    open_ones = Assessment.objects.filter(state=State.OPEN).values_list("org_id", flat=True)
    by_city: dict[str | None, list[tuple[Any, ...]]] = defaultdict(list)
    for fact in facts:
        by_city[fact[1]].append(fact)
    medians = _medians(actor)
    names = {city.code: _name(city) for city in City.objects.filter(code__in=[c for c in by_city if c])}
    cities = [_city(code, rows, names, medians.get(code, {})) for code, rows in by_city.items()]
    barrels = [fact for fact in facts if fact[4] is not None]
    binding = Counter(fact[5] for fact in barrels if fact[5])
    return Overview(
        funnel=Funnel(
            found=len(facts),
            invited=sum(1 for fact in facts if fact[3]),
            claimed=sum(1 for fact in facts if fact[2]),
            own=sum(1 for fact in barrels if fact[8]),
            diagnosed=len(barrels),
            elsewhere=sum(1 for fact in facts if not fact[2] and not fact[7]),
        ),
        under_way=sum(1 for org in open_ones if org in ids),  # thousands of ids in a query cost more than it
        water=median(fact[4] for fact in barrels) if barrels else None,
        shortest=binding.most_common(1)[0][0] if binding else None,
        binding=dict(binding),
        histogram=_histogram([fact[4] for fact in barrels]),
        cities=sorted(cities, key=lambda city: (city.code is None, -city.firms)),
    )


COUNTY = 3
"""The level of districts and counties in GB/T 2260; above it the place is only roughly known."""


def _name(city: City) -> Text:
    name = Text(zh=city.name_zh, en=city.name_en)
    if city.level >= COUNTY:
        return name
    return Text(zh="{name}（区县不详）", en="{name} (district unknown)").format_each(name)


def _city(
    code: str | None, rows: list[tuple[Any, ...]], names: dict[str, Text], medians: dict[str, float]
) -> CityLevel:
    barrels = [row for row in rows if row[4] is not None]
    binding = Counter(row[5] for row in barrels if row[5])
    return CityLevel(
        code=code,
        name=names.get(code or "", Text(zh="城市未知", en="City unknown")),
        firms=len(rows),
        diagnosed=len(barrels),
        water=median(row[4] for row in barrels) if barrels else None,
        shortest=binding.most_common(1)[0][0] if binding else None,
        medians=medians,
        binding=dict(binding),
    )


def _histogram(levels: list[float]) -> dict[int, int]:
    counted = Counter(min(int(level // 5) * 5, 95) for level in levels)
    if not counted:
        return {}
    return {edge: counted.get(edge, 0) for edge in range(min(counted), max(counted) + 5, 5)}


def _medians(actor: Actor) -> dict[str | None, dict[str, float]]:
    """City → plank → median of the likely heights of the barrels that this organisation may see."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT o.city_id, plank.key,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY (plank.value -> 'height' -> 1)::float)
            FROM barrel_diagnosis d JOIN parties_organisation o ON o.id = d.org_id, jsonb_each(d.planks) plank
            WHERE d.current AND o.merged_into_id IS NULL AND d.org_id <> %s GROUP BY o.city_id, plank.key
            """,
            [actor.org],
        )
        medians: dict[str | None, dict[str, float]] = defaultdict(dict)
        for city, plank, height in cursor.fetchall():
            medians[city][plank] = height
    return medians
