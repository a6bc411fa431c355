"""From plank heights to the water level, W, M, U and what binds. Shapes: heights (rows, planks, firms), the rest by firm.

All heights here are relative to the target profile and after holes. Formulas: design of the barrel, section 2; the bounds
of U are the exact ones over the box of heights (derived at ``_unevenness``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.barrel.columns import Flags, Floats
from staveworks.engine.barrel.rubric import DECIMALS, FULL, TIE, Rubric

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Frame:
    """Which planks are staves and hoops (places in the order of the rubric), their weights, and the hoops' aggregate."""

    codes: tuple[str, ...]
    staves: tuple[int, ...]
    hoops: tuple[int, ...]
    weights: Floats
    bearing: Literal["mean", "minimum"]

    @classmethod
    def of(cls, rubric: Rubric) -> "Frame":
        kinds = [each.kind for each in rubric.plank_groups]
        return cls(
            codes=rubric.planks,
            staves=tuple(i for i, kind in enumerate(kinds) if kind == "stave"),
            hoops=tuple(i for i, kind in enumerate(kinds) if kind == "hoop"),
            weights=np.array([each.weight for each in rubric.plank_groups]),
            bearing=rubric.bearing,
        )


@dataclass(frozen=True, slots=True)
class Water:
    """Each of shape (rows, firms); rows are low, likely, high."""

    bearing: Floats
    level: Floats
    mean: Floats
    unevenness: Floats


def shares(frame: Frame, places: Sequence[int], needed: Flags) -> Floats:
    """The weights of ``places`` among the needed ones, summing to 1 where any is; shape (places, firms)."""
    weights = frame.weights[list(places), None] * needed[list(places)]
    total = weights.sum(axis=0)
    return np.asarray(weights / np.where(total > 0, total, 1.0))


def bearing_of(frame: Frame, heights: Floats, needed: Flags) -> Floats:
    """What the hoops bear; 100 where no hoop is needed."""
    if not frame.hoops:
        return np.full((heights.shape[0], heights.shape[2]), FULL)
    hoops, wanted = heights[:, frame.hoops], needed[list(frame.hoops)]
    if frame.bearing == "minimum":
        return np.asarray(np.where(wanted, hoops, FULL).min(axis=1))
    mean = np.round((shares(frame, frame.hoops, needed) * hoops).sum(axis=1), DECIMALS)
    return np.where(wanted.any(axis=0), mean, FULL)


def water_of(frame: Frame, heights: Floats, needed: Flags) -> Water:
    """W = min(staves, bearing), M = Σ v·s, U = M − W; where no stave is needed, M = W = bearing."""
    bearing = bearing_of(frame, heights, needed)
    if not frame.staves:
        return Water(bearing, bearing, bearing, np.zeros_like(bearing))
    staves, wanted = heights[:, frame.staves], needed[list(frame.staves)]
    level = np.minimum(np.where(wanted, staves, FULL).min(axis=1), bearing)
    v = shares(frame, frame.staves, needed)
    mean = np.where(wanted.any(axis=0), (v * staves).sum(axis=1), bearing)
    unevenness = _unevenness(staves, wanted, v, bearing, mean, level)
    return Water(bearing, level, mean, np.where(wanted.any(axis=0), unevenness, 0.0))


def _unevenness(
    staves: Floats, wanted: Flags, v: Floats, bearing: Floats, mean: Floats, level: Floats
) -> Floats:
    """Bounds of U = Σ v·s − min(s, b) where each s lies in its interval and b in its own.

    High: −min(s, b) is the largest of −b and each −s_k, so U is largest with b at its low end and all s high, or with one
    s_k low (v_k ≤ 1) and the others high. Low: with W held at t, each s costs least at max(low, t); this falls as t
    rises, up to the highest possible W.
    """
    if len(staves) == 1:
        return mean - level
    low, high = staves[0], staves[-1]
    one_low = np.where(wanted, mean[-1] - v * (high - low) - low, -np.inf).max(axis=0)
    most = np.maximum(mean[-1] - bearing[0], one_low)
    least = (v * np.maximum(low, level[-1])).sum(axis=0) - level[-1]
    least = np.round(least, DECIMALS)
    most = np.maximum(least, np.round(most, DECIMALS))
    return np.stack([least, np.clip(mean[1] - level[1], least, most), most])


def binding_of(frame: Frame, heights: Floats, needed: Flags) -> NDArray[np.int64]:
    """The place of the plank that binds at the given heights (planks, firms); ``NOBODY`` where none is needed.

    The lowest stave; or, where the hoops bear less than every stave, the hoop with the largest w·(100 − h) under
    ``mean``, the lowest under ``minimum``. The first in the barrel's order wins a tie.
    """
    bearing = bearing_of(frame, heights[None], needed)[0]
    found = np.full(heights.shape[1], NOBODY, dtype=np.int64)
    lowest = np.full(heights.shape[1], np.inf)
    if frame.staves:
        staves = np.where(needed[list(frame.staves)], heights[list(frame.staves)], np.inf)
        place = staves.argmin(axis=0)
        lowest = staves.min(axis=0)
        found = np.where(np.isfinite(lowest), np.array(frame.staves)[place], NOBODY)
    if frame.hoops:
        wanted = needed[list(frame.hoops)]
        hoop = np.array(frame.hoops)[_weakest_hoop(frame, heights, wanted, needed)]
        found = np.where((bearing < lowest - TIE) & wanted.any(axis=0), hoop, found)
    return found


def _weakest_hoop(frame: Frame, heights: Floats, wanted: Flags, needed: Flags) -> NDArray[np.int64]:
    hoops = heights[list(frame.hoops)]
    if frame.bearing == "minimum":
        return np.where(wanted, hoops, np.inf).argmin(axis=0)
    lack = np.round(shares(frame, frame.hoops, needed) * (FULL - hoops), DECIMALS)
    return np.where(wanted, lack, -np.inf).argmax(axis=0)


def binding_order(frame: Frame, heights: Floats, needed: Flags, count: int) -> NDArray[np.int64]:
    """What binds now, and what next once that is raised to 100, and so on; shape (count, firms)."""
    heights = heights.copy()
    order: list[NDArray[np.int64]] = []
    for _ in range(count):
        place = binding_of(frame, heights, needed)
        for earlier in order:
            place = np.where(place == earlier, NOBODY, place)  # all that is needed stands at 100 already
        order.append(place)
        heights[place, np.arange(heights.shape[1])] = FULL
    return np.stack(order)
