"""A problem as its markets, and where they are solved: in this process, in processes beside it, or on a Ray cluster.

The answer is the same everywhere: each market is a task of its own with the same seed, and budgets are counts. Only a time limit is shared
out, by lines.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from math import fsum
from typing import Protocol

import numpy as np

from staveworks.engine.dispatch.markets.lost import NoCluster
from staveworks.engine.dispatch.markets.market import solve_market
from staveworks.engine.dispatch.markets.processes import Processes
from staveworks.engine.dispatch.markets.split import (
    Market,
    Solved,
    cut,
    find_markets,
    left_out,
    of_market,
    together,
)
from staveworks.engine.dispatch.markets.tasks import Heard, Task, carry_out
from staveworks.engine.dispatch.network import index
from staveworks.engine.dispatch.prices.ascent import Prices
from staveworks.engine.dispatch.settled import Open
from staveworks.engine.dispatch.watch import Watch
from staveworks.kit.configuration.table import RAY_ADDRESS

LISTEN_S = 0.2
START_S = 2.0
"""Processor time to start a process and load the kernels. Where a run may take less than ten times that, it stays in one."""


class Hands(Protocol):
    """What carries out tasks elsewhere, ``slots`` of them at a time with ``threads`` each."""

    slots: int
    threads: int

    def begin(self, number: int, task: Task) -> None: ...

    def next(self, seconds: float) -> tuple[int, Heard | Solved] | None:
        """What a market says, None if nothing comes for so long. Raises ``MarketLost`` or ``MemoryError``."""

    def stop(self) -> None:
        """Ask whoever is at work to end with the best plan so far."""

    def close(self) -> None:
        """End whatever runs."""


@dataclass(slots=True, eq=False)
class Spread:
    """Markets to be solved, what is heard of them, and which are waiting."""

    part: Open
    markets: Sequence[Market]
    seed: int
    threads: int
    watch: Watch
    warm: Prices | None
    slots: int
    bounds: list[float] = field(init=False)
    objectives: list[float] = field(init=False)
    waiting: list[int] = field(init=False)

    def __post_init__(self) -> None:
        """What nobody has spoken of yet costs no less than nothing and, if it is all rejected, no more than that. In no market: the last."""
        lines, settled = self.part.problem.lines, left_out(self.part, self.markets)[0]
        rejected = lines.quantity * lines.reject_cost
        self.bounds = [0.0] * len(self.markets) + [settled]
        self.objectives = [*(float(rejected[market.lines].sum()) for market in self.markets), settled]
        sizes = [len(market.lines) for market in self.markets]
        self.waiting = np.argsort(-np.array(sizes), kind="stable").tolist()

    def next_task(self) -> tuple[int, Task]:
        """The largest that waits, with its share of the time."""
        waits = sum(len(self.markets[number].lines) for number in self.waiting)
        number = self.waiting.pop(0)
        market = self.markets[number]
        seconds = None
        if self.watch.over():
            seconds = 0.0
        elif self.watch.seconds is not None:
            left = self.watch.left()
            seconds = min(left, left * self.slots * len(market.lines) / max(1, waits))
        warm = of_market(self.warm, market) if self.warm else None
        return number, Task(cut(self.part, market), self.seed, self.threads, seconds, warm)

    def heard(self, number: int, said: Heard) -> None:
        self.bounds[number] = max(self.bounds[number], said.bound)
        self.objectives[number] = min(self.objectives[number], said.objective)
        self.watch.heard(bound=fsum(self.bounds), objective=fsum(self.objectives))


def solve_markets(part: Open, *, seed: int, threads: int, watch: Watch, warm: Prices | None) -> Solved:
    """All of it. What is one market is solved right here, at no further cost."""
    indexed = index(part.problem)
    markets = find_markets(part.problem, indexed)
    if len(markets) <= 1:
        return solve_market(part, seed=seed, threads=threads, watch=watch, warm=warm, indexed=indexed)
    del indexed  # each market makes its own
    watch.enter("markets")
    hands = _hands(len(markets), threads, watch)
    slots, each = (hands.slots, hands.threads) if hands else (1, threads)
    spread = Spread(part, markets, seed, each, watch, warm, slots)
    solved = _elsewhere(spread, hands) if hands else _here(spread)
    return together(part, markets, [solved[number] for number in range(len(markets))])


def _hands(markets: int, threads: int, watch: Watch) -> Hands | None:
    """None: nobody is called, the markets are solved here."""
    if RAY_ADDRESS.read():
        try:
            from staveworks.engine.dispatch.markets.on_ray import OnRay  # an extra: staveworks[ray]
        except ImportError as error:
            raise NoCluster(str(error)) from error
        return OnRay(markets)
    if threads < 2 or watch.left() < 10 * START_S:
        return None
    return Processes(markets, threads)


def _here(spread: Spread) -> dict[int, Solved]:
    solved = {}
    while spread.waiting:
        number, task = spread.next_task()
        solved[number] = carry_out(task, _teller(spread, number), spread.watch.stop)
    return solved


def _teller(spread: Spread, number: int) -> Callable[[Heard], None]:
    return lambda said: spread.heard(number, said)


def _elsewhere(spread: Spread, hands: Hands) -> dict[int, Solved]:
    solved: dict[int, Solved] = {}
    begun, stopped = 0, False
    with closing(hands):
        while len(solved) < len(spread.markets):
            while spread.waiting and begun - len(solved) < hands.slots:
                hands.begin(*spread.next_task())
                begun += 1
            if not stopped and spread.watch.over():
                hands.stop()
                stopped = True
            said = hands.next(LISTEN_S)
            if said is None:
                continue
            number, what = said
            if isinstance(what, Solved):
                solved[number] = what
            else:
                spread.heard(number, what)
    return solved
