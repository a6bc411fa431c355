"""What firms of the same industry and size answered: the likely value of what this firm has not said yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median

import numpy as np

from staveworks.engine.barrel.answers import Answers
from staveworks.engine.barrel.columns import lay_out, points_of, read_columns
from staveworks.engine.barrel.rubric import Rubric

FEWEST = 5
"""Fewer peers than this tell nothing, and could be recognised."""

FLAT = (0.0, 25.0, 50.0, 75.0, 100.0)
"""The flat prior over a leaf's score, in five equal steps; its mean is 50."""


@dataclass(frozen=True, slots=True)
class Peers:
    """Scores of the peers by leaf (only leaves with at least five), and medians of numbers for ``peer`` leaves."""

    scores: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    medians: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, rubric: Rubric, firms: Sequence[Answers]) -> "Peers":
        """The peers' valid answers to ``rubric``; refused ones are passed over."""
        columns = read_columns(rubric.leaves, lay_out(rubric.leaves, firms), {})
        medians = {}
        for leaf in rubric.leaves:
            numbers = columns[leaf.code].value
            if leaf.kind == "peer" and np.count_nonzero(~np.isnan(numbers)) >= FEWEST:
                medians[leaf.code] = float(median(numbers[~np.isnan(numbers)].tolist()))
        scores = {}
        for leaf in rubric.leaves:
            if leaf.kind == "number":
                continue
            known = points_of(leaf, columns, medians.get(leaf.code))
            known = known[~np.isnan(known)]
            if len(known) >= FEWEST:
                scores[leaf.code] = tuple(sorted(known.tolist()))
        return cls(scores, medians)

    def likely(self, code: str) -> float:
        """The mean of the peers' scores on leaf ``code``, else 50."""
        return fmean(self.scores[code]) if code in self.scores else 50.0

    def outlook(self, code: str) -> tuple[float, ...]:
        """Five equally probable scores that the answer may have: the peers' quantiles, else the flat prior."""
        if code not in self.scores:
            return FLAT
        return tuple(np.quantile(self.scores[code], (0.1, 0.3, 0.5, 0.7, 0.9)).tolist())


NO_PEERS = Peers()
