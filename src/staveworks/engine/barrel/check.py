"""Recomputes a result on its own: plain Python over one firm, sharing no arithmetic with the solver. For tests and audits."""

from collections.abc import Mapping
from math import prod
from typing import Literal

from staveworks.engine.barrel.result import Barrel, PlankHeight, Result
from staveworks.engine.barrel.rubric import Group, Leaf, Rubric

End = Literal["low", "likely", "high"]
ENDS: tuple[End, ...] = ("low", "likely", "high")
CLOSE = 1e-6
DIGITS = 9
"""Of heights that differ by less than either, the first in the barrel's order binds."""


def check_result(rubric: Rubric, result: Result) -> list[str]:
    """What does not agree with the result's own leaf scores; empty when all does."""
    faults: list[str] = []
    for end in ENDS:
        leaves = {
            code: getattr(leaf.score, end) if leaf.applicable and leaf.score else None
            for code, leaf in result.leaves.items()
        }
        if rubric.root:
            _compare(
                faults, f"score {end}", getattr(result.score, end), node_score(rubric.root, leaves) or 0.0
            )
        elif result.barrel:
            _check_barrel(faults, rubric, result.barrel, leaves, end)
    if result.barrel:
        _check_bounds(faults, result.barrel)
    return faults


def _compare(faults: list[str], what: str, found: float, expected: float) -> None:
    if abs(found - expected) > CLOSE:
        faults.append(f"{what}: {found} instead of {expected}")


def node_score(node: Group | Leaf, leaves: Mapping[str, float | None]) -> float | None:
    """The score of a node from leaf scores; None is not applicable."""
    if isinstance(node, Leaf):
        return leaves[node.code]
    known = [(b.weight, s) for b in node.children if (s := node_score(b.node, leaves)) is not None]
    if not known:
        return None
    total = sum(weight for weight, _ in known)
    scores = sorted((score for _, score in known), reverse=True)
    match node.aggregate:
        case "mean":
            return sum(weight * score for weight, score in known) / total
        case "minimum":
            return scores[-1]
        case "geometric":
            return float(100 * prod((score / 100) ** (weight / total) for weight, score in known))
        case "at_least":
            return scores[min(node.count, len(scores)) - 1]


def _check_barrel(
    faults: list[str], rubric: Rubric, barrel: Barrel, leaves: Mapping[str, float | None], end: End
) -> None:
    heights: dict[str, float] = {}
    for plank in rubric.plank_groups:
        own = node_score(plank.group, leaves)
        target = barrel.planks[plank.plank].target
        if own is None or target == 0:
            continue
        height = 100 * min(1.0, own / target)
        for hole in rubric.holes:
            score = leaves[hole.leaf]
            if hole.plank == plank.plank and score is not None and score < hole.below:
                height = min(height, hole.height)
        heights[plank.plank] = height
        _compare(faults, f"{plank.plank} {end}", getattr(barrel.planks[plank.plank].height, end), height)
    level, mean, bearing, binding = water(barrel.planks, heights, rubric.bearing)
    _compare(faults, f"water level {end}", getattr(barrel.water_level, end), level)
    _compare(faults, f"mean level {end}", getattr(barrel.mean_level, end), mean)
    _compare(faults, f"bearing {end}", getattr(barrel.bearing, end), bearing)
    if end == "likely":
        _compare(faults, "unevenness likely", barrel.unevenness.likely, mean - level)
        if binding != barrel.binding:
            faults.append(f"binding: {barrel.binding} instead of {binding}")


def water(
    planks: Mapping[str, PlankHeight], heights: Mapping[str, float], mode: str
) -> tuple[float, float, float, str | None]:
    """W, M, bearing and the binding plank of needed planks at exact ``heights``."""
    staves = {code: height for code, height in heights.items() if planks[code].kind == "stave"}
    hoops = {code: height for code, height in heights.items() if planks[code].kind == "hoop"}
    w = {code: planks[code].weight / sum(planks[each].weight for each in hoops) for code in hoops}
    bearing = 100.0
    if hoops:
        bearing = min(hoops.values()) if mode == "minimum" else sum(w[code] * hoops[code] for code in hoops)
    if not staves:
        return bearing, bearing, bearing, _weakest(hoops, w, mode)
    total = sum(planks[code].weight for code in staves)
    mean = sum(planks[code].weight / total * height for code, height in staves.items())
    lowest = min(staves, key=lambda code: round(staves[code], DIGITS))
    if hoops and bearing < staves[lowest] - CLOSE:
        return bearing, mean, bearing, _weakest(hoops, w, mode)
    return staves[lowest], mean, bearing, lowest


def _weakest(hoops: Mapping[str, float], w: Mapping[str, float], mode: str) -> str | None:
    if not hoops:
        return None
    if mode == "minimum":
        return min(hoops, key=lambda code: round(hoops[code], DIGITS))
    return max(hoops, key=lambda code: round(w[code] * (100 - hoops[code]), DIGITS))


def _check_bounds(faults: list[str], barrel: Barrel) -> None:
    """The binding plank exists and is needed, and U lies between what M and W allow."""
    if barrel.binding and not barrel.planks[barrel.binding].needed:
        faults.append(f"binding: {barrel.binding} is not needed")
    if barrel.unevenness.low < barrel.mean_level.low - barrel.water_level.high - CLOSE:
        faults.append("unevenness low: below mean low − level high")
    if barrel.unevenness.high > barrel.mean_level.high - barrel.water_level.low + CLOSE:
        faults.append("unevenness high: above mean high − level low")
