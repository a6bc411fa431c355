"""The operator's view of the whole cluster: how many have come how far, what is short where."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import median

from staveworks.cluster.barrel.funnel import count_with_steps
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
    """All counts and medians of the operator's home, three queries. Raises ``RightMissing``."""
    actor.require("cluster.read")
    with reading(actor, purpose=Purpose.OPERATION, fields=[Field.BARREL, Field.ASSESSMENT]) as log:
        found = _overview(actor)
        log.aggregated(found.funnel.diagnosed)
    return found


def _overview(actor: Actor) -> Overview:
    groups, under_way = _groups(actor)
    by_city: dict[str | None, list[Alike]] = defaultdict(list)
    for group in groups:
        by_city[group.city].append(group)
    names = {city.code: _name(city) for city in City.objects.filter(code__in=[c for c in by_city if c])}
    cities = [_city(code, its, names) for code, its in by_city.items()]
    water, binding = [level for group in groups for level in group.water], _binding(groups)
    return Overview(
        funnel=Funnel(
            found=sum(group.firms for group in groups),
            invited=sum(group.invited for group in groups),
            claimed=sum(group.claimed for group in groups),
            own=sum(group.own for group in groups),
            diagnosed=len(water),
            elsewhere=sum(group.elsewhere for group in groups),
        ),
        under_way=under_way,
        water=median(water) if water else None,
        shortest=binding.most_common(1)[0][0] if binding else None,
        binding=dict(binding),
        histogram=_histogram(water),
        cities=sorted(cities, key=lambda city: (city.code is None, -city.firms)),
    )


@dataclass(frozen=True, slots=True)
class Alike:
    """Firms of one city whose barrels are held by the same plank and have the same ``planks``; or that have none, as far as is
    shown. ``water``: the likely level of each barrel; ``heights``: those of its planks, in their order.
    """

    city: str | None
    binding: str | None
    planks: list[str] | None
    firms: int
    invited: int
    claimed: int
    own: int
    elsewhere: int
    water: list[float]
    heights: list[list[float]]


COUNTED = """
SELECT (SELECT count(*) FROM barrel_assessment WHERE state = %(open)s AND org_id IN (SELECT id FROM firms)),
    city, binding, plank_codes, count(*), count(invited_at), count(claimed_at),
    count(*) FILTER (WHERE water_likely IS NOT NULL AND assessed_at IS NOT NULL),
    count(*) FILTER (WHERE claimed_at IS NULL AND NOT ours),
    coalesce(array_agg(water_likely) FILTER (WHERE water_likely IS NOT NULL), '{}'),
    coalesce(array_agg(plank_heights) FILTER (WHERE water_likely IS NOT NULL), '{}')
FROM steps LEFT JOIN barrels ON org_id = id AND current GROUP BY city, binding, plank_codes
"""
OF_BARRELS = "current, water_likely, binding, plank_codes, plank_heights"


def _groups(actor: Actor) -> tuple[list[Alike], int]:
    """Thousands of firms are a few dozen groups: counted where they are, and only the figures of medians leave the database.
    With them the assessments under way."""
    rows = count_with_steps(actor, COUNTED, {"open": State.OPEN}, also=OF_BARRELS)
    return [Alike(*row) for _, *row in rows], rows[0][0] if rows else 0


def _binding(groups: list[Alike]) -> Counter[str]:
    """Plank → firms that it holds down."""
    counted: Counter[str] = Counter()
    for group in groups:
        if group.binding and group.water:
            counted[group.binding] += len(group.water)
    return counted


COUNTY = 3
"""The level of districts and counties in GB/T 2260; above it the place is only roughly known."""


def _name(city: City) -> Text:
    name = Text(zh=city.name_zh, en=city.name_en)
    if city.level >= COUNTY:
        return name
    return Text(zh="{name}（区县不详）", en="{name} (district unknown)").format_each(name)


def _city(code: str | None, groups: list[Alike], names: dict[str, Text]) -> CityLevel:
    water, binding = [level for group in groups for level in group.water], _binding(groups)
    return CityLevel(
        code=code,
        name=names.get(code or "", Text(zh="城市未知", en="City unknown")),
        firms=sum(group.firms for group in groups),
        diagnosed=len(water),
        water=median(water) if water else None,
        shortest=binding.most_common(1)[0][0] if binding else None,
        medians=_medians(groups),
        binding=dict(binding),
    )


def _histogram(levels: list[float]) -> dict[int, int]:
    counted = Counter(min(int(level // 5) * 5, 95) for level in levels)
    if not counted:
        return {}
    return {edge: counted.get(edge, 0) for edge in range(min(counted), max(counted) + 5, 5)}


def _medians(groups: list[Alike]) -> dict[str, float]:
    """Plank → median of its likely heights."""
    heights: dict[str, list[float]] = defaultdict(list)
    for group in groups:
        for plank, its in zip(group.planks or (), zip(*group.heights, strict=True), strict=False):
            heights[plank] += its
    return {plank: median(each) for plank, each in heights.items()}
