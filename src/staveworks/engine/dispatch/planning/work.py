"""A plan in the making, and the first one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from staveworks.engine.dispatch.check.lots import most_lots
from staveworks.engine.dispatch.network import Indexed, Longs, Network, Table
from staveworks.engine.dispatch.plan import Plan, Wanted, empty_plan, objective, wanted_lines
from staveworks.engine.dispatch.planning.construct import (
    THETAS,
    alike_together,
    by_need,
    giants,
    place_giants,
    place_planned,
)
from staveworks.engine.dispatch.planning.effort import FEW, HUGE, LARGE, LESS, LEVELS, NEAR, REGRET
from staveworks.engine.dispatch.planning.halves import PIECE, in_halves
from staveworks.engine.dispatch.planning.makers import Desk, desk
from staveworks.engine.dispatch.planning.moves import (
    Journal,
    fill_lines,
    journal,
    line_costs,
    moving_cost,
    sweep,
)
from staveworks.engine.dispatch.planning.narrow import Pairs, narrowed, nearest_first, pairs_of
from staveworks.engine.dispatch.planning.promise import Promise, promise_of
from staveworks.engine.dispatch.prices.ascent import Prices, money
from staveworks.engine.dispatch.prices.chunks import Pricing, chunked
from staveworks.engine.dispatch.problem import Floats
from staveworks.engine.dispatch.settled import Open
from staveworks.engine.dispatch.watch import Watch


@dataclass(slots=True, eq=False)
class Work:
    """A plan in the making, with what its kernels need."""

    indexed: Indexed
    wanted: Wanted
    plan: Plan
    prices: Prices
    full: Table
    real: Table
    desk: Desk
    journal: Journal
    order: Longs
    money: float
    pricing: Pricing
    promise: Promise
    most: Floats
    """By line, lots that it may have; empty where these get no price."""
    threads: int = 1
    second: tuple[Desk, Journal] | None = None
    """What a second thread works with, where there are very many lines."""
    turns: int = 0
    wide: Network | None = None
    """Of very many lines: the network of which theirs is a part, and what part."""
    pairs: Pairs | None = None
    floor: Floats = field(default_factory=lambda: np.zeros(0))

    def at(self, theta: float) -> Table:
        return theta * self.full + (1 - theta) * self.real

    def objective(self, plan: Plan | None = None) -> float:
        """With the promise, and with what moving costs."""
        plan, net = plan or self.plan, self.indexed.network
        return (
            objective(plan, self.wanted) + self.promise.cost(net, plan) + moving_cost(net, self.wanted, plan)
        )

    def sweep(self, theta: float, watch: Watch) -> None:
        """All lines in turn; of very many only those of the largest regrets."""
        net, prices = self.indexed.network, self.at(theta)

        def run(plan: Plan, lines: Longs, desk: Desk, journal: Journal) -> None:
            sweep(net, self.wanted, plan, lines, prices, desk, journal)

        if self.second:
            self.aim(prices)
            self.in_halves(
                self.regretful(prices, REGRET if len(self.order) <= HUGE else LESS), NEAR, run, watch
            )
        else:
            run(self.plan, self.order, self.desk, self.journal)
        self.refill(self.real, watch)

    def refill(self, prices: Table, watch: Watch) -> None:
        """What isn't made yet. Very many lines are left as soon as it is over."""
        for start in range(0, len(self.order), PIECE):
            if self.second and watch.over():
                break
            lines = self.order[start : start + PIECE]
            fill_lines(self.indexed.network, self.wanted, self.plan, lines, prices, self.desk)

    def aim(self, prices: Table) -> None:
        """Of very many lines: see what is likely at these prices, and what each line costs at the least."""
        assert self.wide is not None
        assert self.pairs is not None
        network = narrowed(self.wide, self.pairs, prices, self.threads)
        with ThreadPoolExecutor(self.threads) as pool:
            self.floor = self.pricing.each(prices, pool)[self.indexed.line_want]
        self.indexed = self.indexed._replace(network=network)

    def in_halves(
        self,
        lines: Longs,
        near: tuple[float, float],
        run: Callable[[Plan, Longs, Desk, Journal], object],
        watch: Watch,
    ) -> None:
        assert self.second
        looks = np.array(near) * self.money
        rooms = [
            (desk._replace(floor=self.floor, near=looks), journal)
            for desk, journal in ((self.desk, self.journal), self.second)
        ]
        in_halves(self.plan, lines, rooms, self.threads, self.turns, watch.over, run)
        self.turns += 1

    def regretful(self, prices: Table, part: float) -> Longs:
        """Regret is what a line costs above the cheapest that it could cost at these prices if there were room everywhere."""
        cheapest = self.floor * self.wanted.quantity
        regret = line_costs(self.indexed.network, self.wanted, self.plan, prices) - cheapest
        order = np.argsort(-regret, kind="stable")
        sums = np.cumsum(np.maximum(regret[order], 0.0))
        return order[: int(np.searchsorted(sums, part * sums[-1])) + 1] if len(sums) else order


def begin(
    part: Open,
    indexed: Indexed,
    prices: Prices,
    threads: int,
    watch: Watch,
) -> Work:
    """The first plan."""
    lines, net = part.problem.lines, indexed.network
    many = len(lines) > LARGE
    if many:
        net = nearest_first(net, prices.net(part.problem.work_centres.firm))
        indexed = indexed._replace(network=net)
    order = by_need(indexed, lines.quantity)
    if many:
        order = alike_together(order, indexed.line_want, LEVELS)
    pricing = chunked(net, indexed.demand)
    pairs = pairs_of(indexed.line_kind, lines.city) if many else None
    wanted = wanted_lines(part.problem, indexed, part.lots)
    if pairs:
        indexed = indexed._replace(line_kind=pairs.of_line)
        wanted = wanted._replace(kind=pairs.of_line)
    plan = empty_plan(part.problem, wanted, part.left, uses=not many)
    firm = part.problem.work_centres.firm
    lots = most_lots(part.problem) if prices_lots(part, wanted) else np.zeros(0)
    work = Work(
        indexed, wanted, plan, prices, prices.net(firm), prices.net(firm, 0.0),
        desk(net, plan.option.shape[1]), journal(plan), order, money(part.problem), pricing, promise_of(part), lots, threads,
        wide=net, pairs=pairs,
    )  # fmt: skip
    if pairs:
        work.desk, work.second = (
            ready_for(pairs, work.desk),
            (ready_for(pairs, desk(net, plan.option.shape[1])), journal(plan)),
        )
    if many:
        work.aim(work.full)
    net = work.indexed.network
    if len(wanted.keep_step):
        place_planned(net, wanted, plan, work.desk)
    place_giants(net, wanted, plan, giants(wanted, part.left), work.full, THETAS, work.desk)
    if many:
        fill_many(work, watch)
    if not many:
        work.refill(work.full, watch)
    work.refill(work.real, watch)
    return work


def prices_lots(part: Open, wanted: Wanted) -> bool:
    """Where lots are settled or planned, or cost hours, the programme isn't that of L; of a few lines prices are of hours alone."""
    there = len(wanted.keep_step) or part.lots.any() or part.problem.capabilities.setup_hours.any()
    return not there and len(part.problem.lines) > FEW


def ready_for(pairs: Pairs, desk: Desk) -> Desk:
    """With room for the last path of each pair."""
    shape = len(pairs.kind), len(desk.path_option)
    return desk._replace(recent_option=np.full(shape, -1, np.int32), recent_bucket=np.zeros(shape, np.int32))


def fill_many(work: Work, watch: Watch) -> None:
    """Each line at the likeliest places."""

    def run(plan: Plan, lines: Longs, desk: Desk, _: Journal) -> None:
        fill_lines(work.indexed.network, work.wanted, plan, lines, work.full, desk)

    work.in_halves(work.order, NEAR, run, watch)
