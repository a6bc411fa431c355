"""The operator's map: exact figures of the firms that it may see, read in one logged reading."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from staveworks.cluster.barrel.atlas.ground import COUNTY, around, spots_of, trail_of
from staveworks.cluster.barrel.atlas.lining import SIZE_NAMES, Firm, choices_of, is_inside, line_of, lines_of
from staveworks.cluster.barrel.atlas.types import Atlas, Line, Narrowed, TrendPoint
from staveworks.cluster.barrel.atlas.words import EVERYTHING, NO_TRADE, UNKNOWN_DISTRICT, UNKNOWN_PLACE
from staveworks.cluster.barrel.domain import size_of
from staveworks.cluster.barrel.firms import SHOWN, firms_of
from staveworks.cluster.barrel.published.minimum import fewest_firms
from staveworks.db.transaction import query
from staveworks.engine.barrel import load_profiles
from staveworks.foundation.facts.reading import reading
from staveworks.foundation.facts.types import Purpose
from staveworks.foundation.parties.types import Actor
from staveworks.kit.data import data_file
from staveworks.kit.planks import load_register
from staveworks.kit.text import Text

QUARTERS = 8
COLUMNS = (
    "id",
    "city_id",
    "city__level",
    "city__parent_id",
    "profile__business_type",
    "profile__staff",
    "barrel__water_likely",
    "barrel__binding",
)


@query
def cluster_atlas(actor: Actor, *, narrowed: Narrowed) -> Atlas:
    """The map of the firms that the operator stewards or that show it their barrel. Raises ``RightMissing``."""
    actor.require("cluster.read")
    with reading(actor, purpose=Purpose.OPERATION, fields=SHOWN) as log:
        everybody = [_firm(row) for row in firms_of(actor).order_by().values_list(*COLUMNS)]
        inside = [firm for firm in everybody if is_inside(firm, narrowed)]
        trend = trend_of([firm.id for firm in inside if firm.water is not None])
        log.aggregated(sum(firm.water is not None for firm in inside))
    return _atlas(narrowed, everybody, inside, trend)


def _firm(row: Sequence[object]) -> Firm:
    id_, code, level, parent, trade, staff, water, binding = row
    assert isinstance(id_, UUID)
    county = level == COUNTY and parent is not None
    return Firm(
        id=id_,
        city=str((parent if county else code) or ""),
        district=str(code) if county else "",
        business_type=str(trade or ""),
        size=str(size_of(staff if isinstance(staff, int) else None) or ""),
        water=float(water) if isinstance(water, int | float) else None,
        binding=str(binding or ""),
    )


def _atlas(
    narrowed: Narrowed, everybody: list[Firm], inside: list[Firm], trend: tuple[TrendPoint, ...]
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
        trades=lines_of(inside, lambda firm: firm.business_type, trades, fewest),
        planks=tuple(code for code in load_register(data_file("planks.yaml")) if code in held),
        trend=trend,
        trade_choices=choices_of(
            _but(everybody, narrowed, business_type=""), lambda firm: firm.business_type, load_trades(trades)
        ),
        size_choices=choices_of(_but(everybody, narrowed, size=""), lambda firm: firm.size, SIZE_NAMES),
        ground=around([line.spot for line in places if line.spot]),
        fewest=fewest,
    )


def load_trades(trades: dict[str, Text]) -> dict[str, Text]:
    return {code: name for code, name in trades.items() if code}


def _but(firms: Iterable[Firm], narrowed: Narrowed, **cleared: str) -> list[Firm]:
    """The firms that the other filters leave."""
    others = Narrowed(
        **{"place": narrowed.place, "business_type": narrowed.business_type, "size": narrowed.size} | cleared
    )
    return [firm for firm in firms if is_inside(firm, others)]


def _places(narrowed: Narrowed, inside: list[Firm], fewest: int) -> tuple[Line, ...]:
    """Cities of the cluster, or districts of the city that is asked for."""
    if not narrowed.place:
        spots = spots_of({firm.city for firm in inside if firm.city})
        names = {code: spot.name for code, spot in spots.items()} | {"": UNKNOWN_PLACE}
        return lines_of(inside, lambda firm: firm.city, names, fewest, spots)
    spots = spots_of({firm.district for firm in inside if firm.district})
    names = {code: spot.name for code, spot in spots.items()} | {"": UNKNOWN_DISTRICT}
    return lines_of(inside, lambda firm: firm.district, names, fewest, spots)


TREND = """
WITH stood AS (
    SELECT d.water_likely AS water, d.at, lead(d.at) OVER (PARTITION BY d.org_id ORDER BY d.at) AS until
    FROM barrel_diagnosis d WHERE d.org_id = ANY (%(firms)s) AND d.water_likely IS NOT NULL)
SELECT q.label, count(*), percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY stood.water)
FROM unnest(%(labels)s::text[], %(ends)s::timestamptz[]) AS q(label, ends)
JOIN stood ON stood.at < q.ends AND (stood.until IS NULL OR stood.until >= q.ends)
GROUP BY q.label, q.ends ORDER BY q.ends
"""


def trend_of(firms: list[UUID]) -> tuple[TrendPoint, ...]:
    """Where the firms stood at the end of each of the last quarters: each firm's latest barrel of that time."""
    quarters = last_quarters(timezone.localtime())
    with connection.cursor() as cursor:
        cursor.execute(
            TREND,
            {"labels": [name for name, _ in quarters], "ends": [end for _, end in quarters], "firms": firms},
        )
        return tuple(TrendPoint(label, count, *levels) for label, count, levels in cursor.fetchall())


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
