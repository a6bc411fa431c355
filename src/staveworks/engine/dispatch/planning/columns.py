"""Paths of lines as the columns of a linear programme: found at the prices, at prices a little off, and in the plan."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.network import Network, Table
from staveworks.engine.dispatch.plan import Plan, Wanted, copied
from staveworks.engine.dispatch.planning.makers import Desk, desk
from staveworks.engine.dispatch.planning.paths import best_paths
from staveworks.engine.dispatch.problem import Floats

type Longs = NDArray[np.int64]

FEWEST = 50
"""Lines for which a thread is worth while."""


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


@dataclass(frozen=True, slots=True, eq=False)
class Finder:
    """Finds the cheapest path of each line, whatever is left of the hours. Lines don't know of each other: on how many desks they are looked
    at beside each other can't be seen in what is found."""

    net: Network
    wanted: Wanted
    plan: Plan
    desks: Sequence[Desk]

    def at(self, lines: Longs, prices: Table, lots: Floats | None = None) -> Columns:
        """At these prices; with ``lots`` paths that have room for such a lot."""
        room = 0.0 if lots is None else 1.0
        size = np.maximum(self.wanted.least[lines], self.wanted.quantity[lines] / 2) if lots is None else lots
        steps = self.plan.option.shape[1]
        option = np.full((len(lines), steps), -1, np.int32)
        bucket = np.zeros((len(lines), steps), np.int32)
        cost = np.zeros(len(lines))
        parts = max(1, min(len(self.desks), len(lines) // FEWEST))
        ends = np.linspace(0, len(lines), parts + 1).astype(int)

        def run(part: int) -> None:
            some = slice(ends[part], ends[part + 1])
            best_paths(
                self.net, self.wanted, self.plan, lines[some], size[some], room, prices, self.desks[part],
                option[some], bucket[some], cost[some],
            )  # fmt: skip

        if parts == 1:
            run(0)
        else:
            with ThreadPoolExecutor(parts) as pool:
                list(pool.map(run, range(parts)))
        return Columns(lines, option, bucket, cost).only(option[:, 0] >= 0)

    def without_setups(self) -> "Finder":
        return replace(self, net=self.net._replace(option_setup=np.zeros_like(self.net.option_setup)))

    def apart(self) -> "Finder":
        """On a desk and a plan of its own: for a thread beside those that go on with these."""
        return finder(self.net, self.wanted, copied(self.plan), 1)


def finder(net: Network, wanted: Wanted, plan: Plan, threads: int) -> Finder:
    return Finder(net, wanted, plan, [desk(net, plan.option.shape[1]) for _ in range(threads)])


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
