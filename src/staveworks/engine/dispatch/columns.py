"""Paths of lines as the columns of a linear programme: found at the prices, at prices a little off, and in the plan."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.network import Network, Table
from staveworks.engine.dispatch.paths import Desk, best_paths
from staveworks.engine.dispatch.plan import Plan, Wanted
from staveworks.engine.dispatch.problem import Floats

type Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Row c: a path of line ``line[c]``, ``option`` and ``bucket`` (columns, steps), ``cost`` per unit without prices."""

    line: Longs
    option: NDArray[np.int32]
    bucket: NDArray[np.int32]
    cost: Floats

    def __len__(self) -> int:
        return len(self.line)

    def only(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> "Columns":
        return Columns(self.line[rows], self.option[rows], self.bucket[rows], self.cost[rows])


def together(*parts: Columns) -> Columns:
    """All of them, each path of a line once, those that come first first."""
    line = np.concatenate([part.line for part in parts])
    option = np.concatenate([part.option for part in parts])
    bucket = np.concatenate([part.bucket for part in parts])
    cost = np.concatenate([part.cost for part in parts])
    keys = np.concatenate([line[:, None], option, np.where(option >= 0, bucket, 0)], axis=1)
    first = np.sort(np.unique(keys, axis=0, return_index=True)[1])
    return Columns(line[first], option[first], bucket[first], cost[first])


def found_at(net: Network, wanted: Wanted, plan: Plan, lines: Longs, prices: Table, desk: Desk) -> Columns:
    """The cheapest path of each line at these prices, whatever is left of the hours."""
    steps = plan.option.shape[1]
    option = np.full((len(lines), steps), -1, np.int32)
    bucket = np.zeros((len(lines), steps), np.int32)
    cost = np.zeros(len(lines))
    best_paths(net, wanted, plan, lines, prices, desk, option, bucket, cost)
    return Columns(lines, option, bucket, cost).only(option[:, 0] >= 0)


def in_plan(plan: Plan, lines: Longs) -> Columns:
    """The lots of these lines."""
    mine = np.zeros(len(plan.unmade), bool)
    mine[lines] = True
    slots = np.flatnonzero((plan.quantity > 0) & mine[plan.line])
    return Columns(
        plan.line[slots].astype(np.int64),
        plan.option[slots],
        plan.bucket[slots].astype(np.int32),
        plan.cost[slots],
    )
