"""The operator's map: exact figures of the firms that it may see, read in one logged reading."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.utils import timezone

from staveworks.cluster.barrel.atlas.ground import COUNTY, around, spots_of, trail_of
from staveworks.cluster.barrel.atlas.lining import SIZE_NAMES, Alike, choices_of, is_inside, line_of, lines_of
from staveworks.cluster.barrel.atlas.types import Atlas, Line, Narrowed, TrendPoint
from staveworks.cluster.barrel.atlas.words import EVERYTHING, NO_TRADE, UNKNOWN_DISTRICT, UNKNOWN_PLACE
from staveworks.cluster.barrel.domain import MEDIUM_BELOW, MICRO_BELOW, SMALL_BELOW
from staveworks.cluster.barrel.firms import SHOWN
from staveworks.cluster.barrel.published.minimum import fewest_firms
from staveworks.cluster.barrel.reach import REACHED, reached_by
from staveworks.db.transaction import query
from staveworks.engine.barrel import load_profiles
from staveworks.foundation.facts.reading import reading
from staveworks.foundation.facts.types import Purpose
from staveworks.foundation.parties.types import Actor
from staveworks.kit.data import data_file
from staveworks.kit.planks import load_register
from staveworks.kit.text import Text

QUARTERS = 8
COUNTED = """
WITH firms AS MATERIALIZED (
    SELECT reached.id, c.code, c.level, c.parent_id AS parent FROM ({firms}) AS reached LEFT JOIN parties_city c ON c.code = city
),
profiles AS MATERIALIZED (SELECT org_id, business_type, staff FROM parties_profile),
barrels AS MATERIALIZED (
    SELECT org_id, at, current, water_likely AS water, binding FROM barrel_diagnosis WHERE current OR water_likely IS NOT NULL
),
placed AS MATERIALIZED (
    SELECT id, coalesce(CASE WHEN county THEN parent ELSE code END, '') AS city, CASE WHEN county THEN code ELSE '' END AS district,
        coalesce(business_type, '') AS trade,
        CASE WHEN staff < %(micro)s THEN 'micro' WHEN staff < %(small)s THEN 'small' WHEN staff < %(medium)s THEN 'medium'
            WHEN staff IS NOT NULL THEN 'large' ELSE '' END AS size
    FROM firms LEFT JOIN profiles ON org_id = id, LATERAL (SELECT level = %(county)s AND parent IS NOT NULL AS county) AS known
),
stood AS (
    SELECT water, at, lead(at) OVER (PARTITION BY org_id ORDER BY at) AS until, bool_or(current) OVER (PARTITION BY org_id) AS stands
    FROM barrels WHERE water IS NOT NULL AND org_id IN (
        SELECT id FROM placed WHERE %(place)s IN ('', city, district) AND %(trade)s IN ('', trade) AND %(size)s IN ('', size))
)
SELECT 0, ARRAY[city, district, trade, size, coalesce(binding, '')], count(*), coalesce(array_agg(water) FILTER (WHERE water IS NOT NULL), '{{}}')
FROM placed LEFT JOIN barrels ON org_id = id AND current GROUP BY city, district, trade, size, binding
UNION ALL
SELECT number, ARRAY[label], count(*), percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY water)
FROM unnest(%(labels)s::text[], %(ends)s::timestamptz[]) WITH ORDINALITY AS q(label, ends, number)
JOIN stood ON at < ends AND (until IS NULL OR until >= ends) WHERE stands GROUP BY number, label ORDER BY 1
"""
"""Thousands of firms are a few dozen groups (0), and the firms asked for a point for each quarter (1 …): each one's latest barrel
of that time, if it has one now. In one pass: the policies of profiles and barrels are the dearest part, planned and asked once."""


@query
def cluster_atlas(actor: Actor, *, narrowed: Narrowed) -> Atlas:
    """The map of the firms that the operator stewards or that show it their barrel. Raises ``RightMissing``."""
    actor.require("cluster.read")
    with reading(actor, purpose=Purpose.OPERATION, fields=SHOWN) as log:
        everybody, trend = _counted(actor, narrowed)
        inside = [alike for alike in everybody if is_inside(alike, narrowed)]
        log.aggregated(sum(len(alike.water) for alike in inside))
    return _atlas(narrowed, everybody, inside, trend)


def _counted(actor: Actor, by: Narrowed) -> tuple[list[Alike], tuple[TrendPoint, ...]]:
    quarters = last_quarters(timezone.localtime())
    asked = {
        "micro": MICRO_BELOW,
        "small": SMALL_BELOW,
        "medium": MEDIUM_BELOW,
        "county": COUNTY,
        "place": by.place,
        "trade": by.business_type,
        "size": by.size,
        "labels": [label for label, _ in quarters],
        "ends": [end for _, end in quarters],
    }
    groups: list[Alike] = []
    trend: list[TrendPoint] = []
    with connection.cursor() as cursor:
        cursor.execute(COUNTED.format(firms=REACHED), reached_by(actor) | asked)
        for number, key, count, levels in cursor.fetchall():
            if number:
                (label,), (low, median, high) = key, levels
                trend.append(TrendPoint(label, count, low, median, high))
            else:
                city, district, trade, size, binding = key
                groups.append(Alike(city, district, trade, size, binding, count, levels))
    return groups, tuple(trend)


def _atlas(
    narrowed: Narrowed, everybody: list[Alike], inside: list[Alike], trend: tuple[TrendPoint, ...]
) -> Atlas:
    trail, fewest = trail_of(narrowed.place), fewest_firms()
    trades = {code: profile.name for code, profile in load_profiles().items()} | {"": NO_TRADE}
    places = _places(narrowed, inside, fewest)
    held = {plank for line in places for plank in line.cells}
    return Atlas(
        exact=True,
        narrowed=narrowed,
        trail=trail,
        total=line_of("", trail[-1].name if trail else EVERYTHING, inside, fewest) if inside else None,
        places=places,
        trades=lines_of(inside, lambda alike: alike.business_type, trades, fewest),
        planks=tuple(code for code in load_register(data_file("planks.yaml")) if code in held),
        trend=trend,
        trade_choices=choices_of(
            _but(everybody, narrowed, business_type=""),
            lambda alike: alike.business_type,
            load_trades(trades),
        ),
        size_choices=choices_of(_but(everybody, narrowed, size=""), lambda alike: alike.size, SIZE_NAMES),
        ground=around([line.spot for line in places if line.spot]),
        fewest=fewest,
    )


def load_trades(trades: dict[str, Text]) -> dict[str, Text]:
    return {code: name for code, name in trades.items() if code}


def _but(groups: Iterable[Alike], narrowed: Narrowed, **cleared: str) -> list[Alike]:
    """The firms that the other filters leave."""
    others = Narrowed(
        **{"place": narrowed.place, "business_type": narrowed.business_type, "size": narrowed.size} | cleared
    )
    return [alike for alike in groups if is_inside(alike, others)]


def _places(narrowed: Narrowed, inside: list[Alike], fewest: int) -> tuple[Line, ...]:
    """Cities of the cluster, or districts of the city that is asked for."""
    if not narrowed.place:
        spots = spots_of({alike.city for alike in inside if alike.city})
        names = {code: spot.name for code, spot in spots.items()} | {"": UNKNOWN_PLACE}
        return lines_of(inside, lambda alike: alike.city, names, fewest, spots)
    spots = spots_of({alike.district for alike in inside if alike.district})
    names = {code: spot.name for code, spot in spots.items()} | {"": UNKNOWN_DISTRICT}
    return lines_of(inside, lambda alike: alike.district, names, fewest, spots)


def last_quarters(now: datetime) -> list[tuple[str, datetime]]:
    """The last quarters with their ends (exclusive), the present one last."""
    found = []
    year, quarter = now.year, (now.month - 1) // 3
    for _ in range(QUARTERS):
        after = (year + (quarter + 1) // 4, (quarter + 1) % 4)
        end = now.replace(
            year=after[0], month=after[1] * 3 + 1, day=1, hour=0, minute=0, second=0, microsecond=0
        )
        found.append((f"{year} Q{quarter + 1}", end))
        year, quarter = (year, quarter - 1) if quarter else (year - 1, 3)
    return found[::-1]
