"""Paths of lines as the columns of a linear programme: found at the prices, at prices a little off, and in the plan."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.network import Network, Table
from staveworks.engine.dispatch.plan import Plan, Wanted
from staveworks.engine.dispatch.planning.paths import Desk, best_paths
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
    line, option = (np.concatenate(each) for each in zip(*((p.line, p.option) for p in parts), strict=True))
    bucket, cost = (np.concatenate(each) for each in zip(*((p.bucket, p.cost) for p in parts), strict=True))
    both = Columns(line, option, bucket, cost)
    return both.only(np.sort(np.unique(keys(both), return_index=True)[1]))


def keys(columns: Columns) -> NDArray[np.uint64]:
    """A number for each path of a line: different for different ones, as far as 64 bits tell them apart."""
    key = (columns.line + 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for step in range(columns.option.shape[1]):
        option = columns.option[:, step]
        for part in (option, np.where(option >= 0, columns.bucket[:, step], 0)):
            key = (key ^ part.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
            key ^= key >> np.uint64(29)
    return key


def unknown(known: Columns, new: Columns) -> Columns:
    """Of ``new`` what isn't known, each path once."""
    new = together(new)
    return new.only(~np.isin(keys(new), keys(known)))


def found_at(
    net: Network,
    wanted: Wanted,
    plan: Plan,
    lines: Longs,
    prices: Table,
    desk: Desk,
    lots: Floats | None = None,
) -> Columns:
    """The cheapest path of each line at these prices, whatever is left of the hours; with ``lots`` one that has room for such a lot."""
    room = 0.0 if lots is None else 1.0
    size = np.maximum(wanted.least[lines], wanted.quantity[lines] / 2) if lots is None else lots
    steps = plan.option.shape[1]
    option = np.full((len(lines), steps), -1, np.int32)
    bucket = np.zeros((len(lines), steps), np.int32)
    cost = np.zeros(len(lines))
    best_paths(net, wanted, plan, lines, size, room, prices, desk, option, bucket, cost)
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
