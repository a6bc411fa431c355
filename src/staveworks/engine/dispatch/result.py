"""What is answered: a plan, what it costs, and a bound that anybody can recompute from the prices."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.problem import Floats, Ints

CLOSE = 1e-6
"""A gap that is none."""


def is_best(objective: float, bound: float) -> bool:
    """Whether nothing can cost less, as far as numbers tell."""
    return objective - bound <= CLOSE * max(1.0, abs(objective))


@dataclass(frozen=True, slots=True, eq=False)
class Allocations:
    """Lot ``lot`` of line ``line``: its step at a work centre in a bucket. Sorted by line, lot, step; lots of a line count from 0."""

    line: Ints
    lot: Ints
    step: Ints
    work_centre: Ints
    bucket: Ints
    quantity: Floats

    def __len__(self) -> int:
        return len(self.line)


@dataclass(frozen=True, slots=True)
class Costs:
    """By kind, in the money of the problem. The objective is their sum."""

    make: float = 0.0
    transport: float = 0.0
    holding: float = 0.0
    lateness: float = 0.0
    rejection: float = 0.0
    fairness: float = 0.0
    stability: float = 0.0

    @property
    def total(self) -> float:
        return (
            self.make
            + self.transport
            + self.holding
            + self.lateness
            + self.rejection
            + self.fairness
            + self.stability
        )


@dataclass(frozen=True, slots=True, eq=False)
class LineOutcomes:
    """One row a line: ``made`` and ``rejected`` quantity, ``late`` in quantity × buckets, ``cost`` of all kinds but fairness."""

    made: Floats
    rejected: Floats
    late: Floats
    cost: Floats
    why: NDArray[np.int8]
    """A number of ``why.WHY``: why it is late or rejected, 0 where it is neither."""


@dataclass(frozen=True, slots=True, eq=False)
class WithLots:
    """Other prices, which prove more where lots are short. Those of hours, without those of lots, would prove less than ``Result.prices``."""

    hours: Floats
    """As ``Result.prices``."""
    promise: Floats
    """As ``Result.fairness_prices``."""
    lots: Floats
    """By line: what one lot more than it may have would save."""


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """``bound`` is L of ``prices`` (and of ``fairness_prices``), for everybody to recompute. ``proven_bound`` may be stronger: L of the
    prices ``with_lots``, which is recomputed too, or from a search."""

    status: Literal["optimal", "feasible"]
    objective: float
    bound: float
    proven_bound: float
    costs: Costs
    allocations: Allocations
    prices: Floats
    """Shadow prices, money per hour, (work centres, buckets)."""
    fairness_prices: Floats
    """What the promise adds to an hour of each firm's, 0 to the penalty; empty without fairness."""
    lines: LineOutcomes
    seed: int
    seconds: dict[str, float] = field(default_factory=dict)
    with_lots: WithLots | None = None

    @property
    def gap(self) -> float:
        return gap_of(self.objective, self.bound)

    @property
    def proven_gap(self) -> float:
        """By how much the plan is dearer than any could be, at the most."""
        return gap_of(self.objective, self.proven_bound)


def gap_of(objective: float, bound: float) -> float:
    """Objective over bound − 1; 0 where both are 0."""
    if bound > 0:
        return objective / bound - 1
    return 0.0 if objective <= 0 else float("inf")
