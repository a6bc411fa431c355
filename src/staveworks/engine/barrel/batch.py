"""Scores many firms at once: the one place where sheets become scores, levels and barrels. One firm is a batch of one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.barrel.answers import Answers
from staveworks.engine.barrel.columns import Floats, Refusals
from staveworks.engine.barrel.deciding import Levels, decide_levels
from staveworks.engine.barrel.heights import Heights, heights_of
from staveworks.engine.barrel.level import Frame, Water, binding_order, water_of
from staveworks.engine.barrel.peers import NO_PEERS, Peers
from staveworks.engine.barrel.profiles import EVEN, Profile, targets_of
from staveworks.engine.barrel.rubric import Rubric
from staveworks.engine.barrel.scoring import Sheet, read_sheet, rubric_score

SHOWN = 3
"""The binding plank and the next two."""


@dataclass(frozen=True, slots=True)
class Barrels:
    """``binding``: places of planks, (3, firms): what binds at the likely heights and the next two; -1 is none."""

    frame: Frame
    heights: Heights
    water: Water
    binding: NDArray[np.int64]

    def binding_codes(self, firm: int) -> list[str]:
        return [self.frame.codes[place] for place in self.binding[:, firm] if place >= 0]

    def all_binding_codes(self) -> list[list[str]]:
        """The same of every firm in turn."""
        codes = self.frame.codes
        return [[codes[place] for place in places if place >= 0] for places in self.binding.T.tolist()]


@dataclass(frozen=True, slots=True)
class Batch:
    """Results of many firms; arrays have the firms last. ``score`` is (3, firms): low, likely, high.

    A firm in ``refusals`` had a refused answer: its numbers are of the rest and should not be used.
    """

    rubric: Rubric
    sheet: Sheet
    score: Floats
    levels: Levels | None
    barrels: Barrels | None

    @property
    def refusals(self) -> Refusals:
        return self.sheet.refusals


def score_many(
    rubric: Rubric,
    firms: Iterable[Answers],
    *,
    profiles: Profile | Sequence[Profile] = EVEN,
    peers: Peers = NO_PEERS,
) -> Batch:
    """Scores ``firms``; ``profiles`` is one for all or one for each. Keep batches to some thousands for memory's sake."""
    sheet = read_sheet(rubric, firms, peers)
    if rubric.root:
        score = rubric_score(sheet)
        levels = decide_levels(rubric, sheet.columns, score) if rubric.levels else None
        return Batch(rubric, sheet, score, levels, None)
    chosen = [profiles] if isinstance(profiles, Profile) else profiles
    barrels = barrels_of(rubric, sheet, targets_of(rubric.planks, chosen))
    return Batch(rubric, sheet, barrels.water.mean, None, barrels)


def barrels_of(rubric: Rubric, sheet: Sheet, targets: Floats) -> Barrels:
    """The barrels of a sheet; ``targets`` of shape (planks, firms) or (planks, 1)."""
    frame = Frame.of(rubric)
    heights = heights_of(rubric, sheet.parts, targets)
    water = water_of(frame, heights.relative, heights.needed)
    binding = binding_order(frame, heights.relative[1], heights.needed, SHOWN)
    return Barrels(frame, heights, water, binding)
