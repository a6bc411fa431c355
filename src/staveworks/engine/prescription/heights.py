"""What a choice of offers makes of the barrel: relative heights, bearing, water level, and the sorted vector."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from staveworks.engine.prescription.problem import FULL, Offer, Plank, Problem, net_of

DECIMALS = 9
TIE = 1e-6
"""Heights that differ by less are the same height."""


@dataclass(frozen=True, slots=True)
class Reached:
    """``heights``: relative, by needed plank. ``vector``: the needed staves' heights and the bearing, ascending."""

    heights: dict[str, float]
    bearing: float
    vector: tuple[float, ...]
    net_fen: int
    lead_time_days: int

    @property
    def water_level(self) -> float:
        return self.vector[0]


def reach(problem: Problem, chosen: Iterable[Offer]) -> Reached:
    """The barrel with ``chosen`` delivered: e_p = min(100, max(own + Σ gains, floors)), r_p = 100 · min(1, e_p / T_p),
    at most up to the plank's hole."""
    chosen = tuple(chosen)
    gains: defaultdict[str, float] = defaultdict(float)
    floors: defaultdict[str, float] = defaultdict(float)
    for offer in chosen:
        for effect in offer.effects:
            if effect.kind == "gain":
                gains[effect.plank] += effect.amount
            else:
                floors[effect.plank] = max(floors[effect.plank], effect.amount)
    heights = {
        plank.code: _standing(plank, max(plank.own + gains[plank.code], floors[plank.code]))
        for plank in problem.needed
    }
    bearing = bearing_of(problem, heights)
    vector = sorted([*(heights[stave.code] for stave in problem.staves), bearing])
    return Reached(
        heights=heights,
        bearing=bearing,
        vector=tuple(vector),
        net_fen=net_of(chosen),
        lead_time_days=max((offer.lead_time_days for offer in chosen), default=0),
    )


def _standing(plank: Plank, height: float) -> float:
    whole = relative(height, plank.target)
    return whole if plank.hole is None else min(whole, plank.hole)


def relative(height: float, target: float) -> float:
    """100 · min(1, e / T), with e at most 100."""
    return round(FULL * min(1.0, min(FULL, height) / target), DECIMALS)


def bearing_of(problem: Problem, heights: dict[str, float]) -> float:
    """Weighted mean, or minimum, of the needed hoops; 100 where none is needed."""
    hoops = problem.hoops
    if not hoops:
        return FULL
    if problem.bearing == "minimum":
        return min(heights[hoop.code] for hoop in hoops)
    total = sum(hoop.weight for hoop in hoops)
    return round(sum(hoop.weight * heights[hoop.code] for hoop in hoops) / total, DECIMALS)


def better(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether ``one`` is lexicographically above ``other``, by more than a tie."""
    for a, b in zip(one, other, strict=True):
        if abs(a - b) > TIE:
            return a > b
    return False
