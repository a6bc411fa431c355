"""Plank heights of many firms: own, relative to the target profile, and after holes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from staveworks.engine.barrel.columns import Flags, Floats
from staveworks.engine.barrel.rubric import DECIMALS, FULL, Hole, PlankGroup, Rubric
from staveworks.engine.barrel.scoring import Part, combine


@dataclass(frozen=True, slots=True)
class Heights:
    """``own`` (absolute) and ``relative`` (to the profile, after holes): (rows, planks, firms); ``needed``: (planks,
    firms), false where the target is 0 or every question of the plank is not applicable."""

    own: Floats
    relative: Floats
    needed: Flags


def heights_of(rubric: Rubric, parts: Mapping[str, Part], targets: Floats) -> Heights:
    """``targets`` T of shape (planks, firms) or (planks, 1)."""
    count = next(iter(parts.values())).value.shape[1]
    own, relative, needed = [], [], []
    for row, plank in enumerate(rubric.plank_groups):
        part = plank_part(plank, parts)
        own.append(part.value)
        relative.append(leaking(rubric.holes, plank.plank, relative_to(part.value, targets[row]), parts))
        needed.append(
            np.broadcast_to((targets[row] > 0) & (True if part.present is None else part.present), count)
        )
    return Heights(np.stack(own, axis=1), np.stack(relative, axis=1), np.stack(needed))


def plank_part(plank: PlankGroup, parts: Mapping[str, Part]) -> Part:
    part = combine(plank.group, parts)
    return Part(np.round(part.value, DECIMALS), part.present)


def relative_to(own: Floats, target: Floats) -> Floats:
    """100 · min(1, own / T); 100 where nothing is needed."""
    wanted = np.where(target > 0, target, 1.0)
    return np.asarray(np.where(target > 0, np.round(FULL * np.minimum(1.0, own / wanted), DECIMALS), FULL))


def leaking(holes: tuple[Hole, ...], plank: str, heights: Floats, parts: Mapping[str, Part]) -> Floats:
    """The heights of ``plank`` lowered to its lowest hole."""
    for hole in holes:
        if hole.plank == plank:
            heights = np.where(bored(hole, parts), np.minimum(heights, hole.height), heights)
    return heights


def bored(hole: Hole, parts: Mapping[str, Part]) -> Flags:
    """Whether the hole is there, (rows, firms): at the low end of the leaf's score, at its likely value, at its high end."""
    leaf = parts[hole.leaf]
    found = leaf.value < hole.below
    return np.asarray(found if leaf.present is None else found & leaf.present)
