"""A plan made better: sweeps at falling prices, then a search among the lines that stand in each other's way."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

import numpy as np

from staveworks.engine.dispatch.check.lots import most_lots
from staveworks.engine.dispatch.network import Indexed, Longs, Network, Table
from staveworks.engine.dispatch.plan import Plan, Wanted, copied, empty_plan, objective, wanted_lines
from staveworks.engine.dispatch.planning.certify import Bound
from staveworks.engine.dispatch.planning.columns import in_plan
from staveworks.engine.dispatch.planning.construct import THETAS, by_need, giants, place_giants, place_planned
from staveworks.engine.dispatch.planning.dive import dive
from staveworks.engine.dispatch.planning.halves import PIECE, in_halves
from staveworks.engine.dispatch.planning.moves import (
    Journal,
    fill_lines,
    floors,
    journal,
    line_costs,
    put_lots,
    search,
    sweep,
    take_lines,
)
from staveworks.engine.dispatch.planning.narrow import Pairs, narrowed, pairs_of
from staveworks.engine.dispatch.planning.paths import Desk, desk
from staveworks.engine.dispatch.planning.promise import Promise, promise_of
from staveworks.engine.dispatch.prices.ascent import Prices, money
from staveworks.engine.dispatch.prices.pricing import Pricing, chunked
from staveworks.engine.dispatch.problem import Floats
from staveworks.engine.dispatch.settled import Open
from staveworks.engine.dispatch.watch import Watch

SWEEPS = (0.98, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0)
FEW_SWEEPS = (0.95, 0.8, 0.5, 0.2)
ONE_SWEEP, HUGE = (0.9,), 300_000
"""Of more than ``HUGE`` lines a sweep takes a minute and a half of a processor, and the first gives most."""
REGRET = 0.9
"""Of very many lines a sweep takes those that have this part of all regret."""
NEAR = 0.01, 0.002
"""How much dearer than the likeliest a place may be to be looked at first, and a path than the cheapest to be good enough: in costs of an
operation, of very many lines."""
AFTER_DIVE = (0.9, 0.6, 0.3, 0.0)
WARM, COLD = 0.3, 0.01
"""How much dearer a round of the search may leave the plan, in mean losses of a line."""
SEARCH, AFTER, SOON = 4e7, 4e5, 200
"""What the search may take, in rounds · places²: without a dive or of few lines, and after a dive of more than ``SOON`` lines, where it finds a
hundredth of a per cent."""
PARTS, FEWEST = 20, 50
"""Parts of the search, after each of which its plan is looked at; rounds that make one."""


class Effort(NamedTuple):
    """Budgets are counts, so that a run can be repeated."""

    sweeps: Sequence[float]
    rounds: int = 0
    dive: bool = False


SMALL, LARGE = 1_500, 20_000
"""Lines of a market: up to ``SMALL`` they are one linear programme; beyond ``LARGE`` a few sweeps have to do."""


FEW = 60
"""Lines: up to so many, prices are those of the linear programme without lots, itself."""


def effort(lines: int, places: int) -> Effort:
    """Fewer rounds of the search where a path costs more to find; of few lines ten times as many: they take a second or two."""
    if lines > LARGE:
        return Effort(FEW_SWEEPS if lines <= HUGE else ONE_SWEEP)
    dive = lines <= SMALL
    most = AFTER if dive and lines > SOON else SEARCH
    rounds = int(min(20 * max(lines, min(10 * lines, 1_000)), most / max(16, places**2)))
    return Effort(SWEEPS, rounds, dive)


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
        """With the promise, without stability."""
        plan = plan or self.plan
        return objective(plan, self.wanted) + self.promise.cost(self.indexed.network, plan)

    def sweep(self, theta: float, watch: Watch) -> None:
        """All lines in turn; of very many only those of the largest regrets."""
        net, prices = self.indexed.network, self.at(theta)

        def run(plan: Plan, lines: Longs, desk: Desk, journal: Journal) -> None:
            sweep(net, self.wanted, plan, lines, prices, desk, journal)

        if self.second:
            self.aim(prices)
            self.in_halves(self.regretful(prices, REGRET), NEAR, run, watch)
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
    hasty: Sequence[float] = (),
) -> Work:
    """The first plan. ``hasty``: of very many lines, how far each looks in one pass after the other, and what finds no room is left."""
    lines, net = part.problem.lines, indexed.network
    many = len(lines) > LARGE
    order = by_need(indexed, lines.quantity)
    pricing = chunked(net, indexed.demand)
    pairs = pairs_of(indexed.line_kind, lines.city) if many else None
    wanted = wanted_lines(part.problem, indexed, part.lots)
    if pairs:
        indexed = indexed._replace(line_kind=pairs.of_line)
        wanted = wanted._replace(kind=pairs.of_line)
    plan = empty_plan(part.problem, wanted, part.left, uses=not many)
    firm = part.problem.work_centres.firm
    lots = most_lots(part.problem) if _prices_lots(part, wanted) else np.zeros(0)
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
        for near in [(each, inf) for each in hasty] or [NEAR]:
            fill_many(work, near, watch)
    if hasty:
        return work
    work.refill(work.full, watch)
    work.refill(work.real, watch)
    return work


def _prices_lots(part: Open, wanted: Wanted) -> bool:
    """Where lots are settled or planned, or cost hours, the programme isn't that of L; of a few lines prices are of hours alone."""
    there = len(wanted.keep_step) or part.lots.any() or part.problem.capabilities.setup_hours.any()
    return not there and len(part.problem.lines) > FEW


def ready_for(pairs: Pairs, desk: Desk) -> Desk:
    """With room for the last path of each pair."""
    shape = len(pairs.kind), len(desk.path_option)
    return desk._replace(recent_option=np.full(shape, -1, np.int32), recent_bucket=np.zeros(shape, np.int32))


def fill_many(work: Work, near: tuple[float, float], watch: Watch) -> None:
    """Each line at the likeliest places."""

    def run(plan: Plan, lines: Longs, desk: Desk, _: Journal) -> None:
        fill_lines(work.indexed.network, work.wanted, plan, lines, work.full, desk)

    work.in_halves(work.order, near, run, watch)


def improve(work: Work, seed: int, watch: Watch) -> None:
    """Sweeps, then the search; the best plan found is left in ``work``, with better prices where a dive found some."""
    places = work.desk.make.shape[0]
    budget = effort(len(work.wanted.kind), places)
    watch.enter("sweeps")
    best = _sweep(work, budget.sweeps, watch)
    lines = np.flatnonzero(work.wanted.quantity > 0)
    if _met(work, best):
        work.plan = best
        return
    if budget.dive and len(lines) and not watch.over():
        watch.enter("dive")
        work.plan = copied(best)
        dive_into(work, lines, seed, watch)
        watch.heard(bound=work.prices.bound)
        best = _sweep(work, AFTER_DIVE, watch)
        if _met(work, best):
            work.plan = best
            return
    work.plan = _search(work, best, budget.rounds, seed, watch) if budget.rounds else best


def _met(work: Work, best: Plan) -> bool:
    """Nothing is better; of plans that keep to what is planned the objective here doesn't say it."""
    bound = work.prices.bound
    return not len(work.wanted.keep_step) and work.objective(best) <= bound + 1e-9 * abs(bound)


def _sweep(work: Work, thetas: Sequence[float], watch: Watch) -> Plan:
    """The best plan on the way. Of very many lines no second plan is kept: their sweeps end where one makes it dearer."""
    best, cost = work.plan if work.second else copied(work.plan), work.objective()
    for theta in thetas:
        if watch.over():
            break
        work.sweep(theta, watch)
        before, cost = cost, min(cost, work.objective())
        if not work.second:
            best = _better(work, best)
        elif work.objective() > before:
            break
        watch.heard(objective=cost)
    return best


def dive_into(work: Work, lines: Longs, seed: int, watch: Watch) -> None:
    """Plan these lines anew by a dive, if that makes the plan cheaper."""
    net, wanted, before, cost = work.indexed.network, work.wanted, copied(work.plan), work.objective()
    known = in_plan(work.plan, lines)
    take_lines(net, wanted, work.plan, lines)
    bound = Bound(work.prices, work.most) if len(work.most) else None
    found = dive(
        net,
        wanted,
        work.plan,
        lines,
        work.full,
        known,
        work.promise,
        work.money,
        work.desk,
        seed,
        watch,
        bound,
    )
    if bound is not None:
        work.prices = bound.prices
    if found is not None:
        order = np.argsort(
            found.quantity, kind="stable"
        )  # the least lots first: what is lacking by rounding, larger ones give
        lots = found.columns.only(order)
        put_lots(
            net,
            wanted,
            work.plan,
            lots.line,
            lots.option,
            lots.bucket,
            lots.cost,
            found.quantity[order],
            work.desk,
        )
        fill_lines(net, wanted, work.plan, lines, work.full, work.desk)
        fill_lines(net, wanted, work.plan, lines, work.real, work.desk)
    if found is None or work.objective() >= cost:
        work.plan = before


def _search(work: Work, best: Plan, rounds: int, seed: int, watch: Watch) -> Plan:
    watch.enter("search")
    work.plan = copied(best)
    net, lines = work.indexed.network, len(work.wanted.kind)
    floor = floors(net, work.wanted, work.plan, work.full, work.desk)
    state = np.array([(seed * 2 + 1) * 0x9E3779B97F4A7C1 & 0x7FFFFFFFFFFFFFFF], np.int64)
    loss = max(work.objective() - work.prices.bound, 1e-12) / lines
    parts = max(1, min(PARTS, rounds // FEWEST))
    heat = loss * WARM * (COLD / WARM) ** np.linspace(0, 1, parts + 1)
    for part in range(parts):
        if watch.over():
            break
        search(
            net, work.wanted, work.plan, rounds // parts, work.full, work.real, floor, heat[part : part + 2].copy(),
            state, work.desk, work.journal,
        )  # fmt: skip
        best = _better(work, best)
        watch.heard(objective=work.objective(best))
    return best


def _better(work: Work, best: Plan) -> Plan:
    return copied(work.plan) if work.objective() < work.objective(best) - 1e-12 else best
