"""What one offer alone does for a firm's barrel, for all listed offers at once: ``engine.prescription.reach`` in SQL.

The water level with an offer is the least of: the staves that it touches, those that it doesn't, and the bearing with the hoops it
touches. Each stave is a bit; the lowest untouched stave is looked up by the bits touched. With bearing ``minimum`` hoops count as staves.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from staveworks.engine.prescription import Effect, Offer, Plank, Problem, reach

FULL = 100.0
MOST_BITS = 10
"""Staves that are told apart: the lowest ones. One offer doesn't raise more of them at once."""

FIT = """
    mine (plank, stave, bit, own, target, height, share, hole) AS (SELECT * FROM unnest(%(plank)s::text[], %(stave)s::bool[], %(bit)s::int[],
        %(own)s::float8[], %(target)s::float8[], %(height)s::float8[], %(share)s::float8[], %(hole)s::float8[])),
    rest (bits, height) AS (SELECT * FROM unnest(%(bits)s::int[], %(rest)s::float8[])),
    raised AS (
        SELECT e.listing_id, m.stave, m.bit, m.share, m.height,
            least(m.hole, 100 * least(1, least(100, greatest(m.own + e.gain, e.floor)) / m.target)) AS new
        FROM kept k JOIN catalogue_listed_effect e ON e.listing_id = k.offer_id JOIN mine m ON m.plank = e.plank
    ),
    summed AS (
        SELECT listing_id, min(new) FILTER (WHERE stave) AS low, coalesce(bit_or(bit) FILTER (WHERE stave), 0) AS bits,
            coalesce(sum(share * (new - height)) FILTER (WHERE NOT stave), 0) AS borne,
            sum(new - height) / %(needed)s AS fills
        FROM raised GROUP BY listing_id
    ),
    fit AS (
        SELECT s.listing_id AS offer_id, s.fills,
            greatest(0, least(s.low, r.height, %(bearing)s + s.borne) - %(level)s) AS lift
        FROM summed s JOIN rest r ON r.bits = s.bits
    )
"""


def fit_of(barrel: Problem) -> dict[str, Any]:
    """The values for ``FIT``. ``barrel`` has no offers."""
    now = reach(barrel, ())
    minimum = barrel.bearing == "minimum"
    staves = [plank for plank in barrel.needed if plank.kind == "stave" or minimum]
    staves.sort(key=lambda plank: now.heights[plank.code])
    bits = {plank.code: 1 << place for place, plank in enumerate(staves[:MOST_BITS])}
    rest = dict(_rest([now.heights[plank.code] for plank in staves]))
    return {
        "plank": [plank.code for plank in barrel.needed],
        "stave": [plank in staves for plank in barrel.needed],
        "bit": [bits.get(plank.code, 0) for plank in barrel.needed],
        "own": [plank.own for plank in barrel.needed],
        "target": [plank.target for plank in barrel.needed],
        "height": [now.heights[plank.code] for plank in barrel.needed],
        "share": [_share(plank, barrel.hoops) for plank in barrel.needed],
        "hole": [FULL if plank.hole is None else plank.hole for plank in barrel.needed],
        "bits": list(rest),
        "rest": list(rest.values()),
        "needed": len(barrel.needed),
        "bearing": FULL if minimum else now.bearing,
        "level": now.water_level,
    }


def alone(barrel: Problem, effects: Sequence[Effect]) -> tuple[float, float]:
    """By how many points an offer alone raises the water level, and the needed planks on average."""
    now = reach(barrel, ())
    then = reach(barrel, [Offer("", 0, tuple(effects))])
    fills = sum(then.heights[code] - height for code, height in now.heights.items()) / len(now.heights)
    return then.water_level - now.water_level, fills


def _rest(heights: Sequence[float]) -> Iterator[tuple[int, float]]:
    """Bits touched → the lowest height that isn't; ``heights`` ascend."""
    told = heights[:MOST_BITS]
    beyond = heights[MOST_BITS] if len(heights) > MOST_BITS else FULL
    for bits in range(1 << len(told)):
        yield bits, next((height for place, height in enumerate(told) if not bits >> place & 1), beyond)


def _share(plank: Plank, hoops: Sequence[Plank]) -> float:
    total = sum(hoop.weight for hoop in hoops)
    return plank.weight / total if plank.kind == "hoop" and total else 0.0
