"""A plan made better: sweeps at falling prices, then a search among the lines that stand in each other's way."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from staveworks.engine.dispatch.ascent import Prices
from staveworks.engine.dispatch.construct import THETAS, by_need, giants, place_giants, place_planned
from staveworks.engine.dispatch.moves import Journal, fill_lines, floors, journal, search, sweep
from staveworks.engine.dispatch.network import Indexed, Longs, Table
from staveworks.engine.dispatch.paths import Desk, desk
from staveworks.engine.dispatch.plan import Plan, Wanted, copied, empty_plan, objective, wanted_lines
from staveworks.engine.dispatch.settled import Open
from staveworks.engine.dispatch.watch import Watch

SWEEPS = (0.98, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0)
WARM, COLD = 0.3, 0.01
"""How much dearer a round of the search may leave the plan, in mean losses of a line."""
PARTS = 20


class Effort(NamedTuple):
    """Budgets are counts, so that a run can be repeated."""

    sweeps: int
    rounds: int


def effort(lines: int, places: int) -> Effort:
    """Rounds of the search by lines; fewer where a path costs more to find."""
    return Effort(
        2 if lines <= 20_000 else 1, int(min(20 * lines, 4e7 / max(64, places**2))) if lines <= 20_000 else 0
    )


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

    def at(self, theta: float) -> Table:
        return theta * self.full + (1 - theta) * self.real

    def objective(self) -> float:
        return objective(self.plan, self.wanted)

    def sweep(self, theta: float) -> None:
        net = self.indexed.network
        sweep(net, self.wanted, self.plan, self.order, self.at(theta), self.desk, self.journal)
        fill_lines(net, self.wanted, self.plan, self.order, self.real, self.desk)


def begin(part: Open, indexed: Indexed, prices: Prices) -> Work:
    """The first plan."""
    net, wanted = indexed.network, wanted_lines(part.problem, indexed, part.lots)
    plan = empty_plan(part.problem, wanted, part.left)
    firm = part.problem.work_centres.firm
    work = Work(
        indexed, wanted, plan, prices, prices.net(firm), prices.net(firm, 0.0),
        desk(net, plan.option.shape[1]), journal(plan), by_need(indexed, wanted),
    )  # fmt: skip
    if len(wanted.keep_step):
        place_planned(net, wanted, plan, work.desk)
    place_giants(net, wanted, plan, giants(wanted, part.left), work.full, THETAS, work.desk)
    fill_lines(net, wanted, plan, work.order, work.full, work.desk)
    fill_lines(net, wanted, plan, work.order, work.real, work.desk)
    return work


def improve(work: Work, bound: float, seed: int, watch: Watch) -> None:
    """Sweeps, then the search; the best plan found is left in ``work``."""
    places = work.desk.make.shape[0]
    budget = effort(len(work.wanted.kind), places)
    best = copied(work.plan)
    watch.enter("sweeps")
    for theta in SWEEPS * budget.sweeps:
        if watch.over():
            break
        work.sweep(theta)
        best = _better(work, best)
        watch.heard(objective=objective(best, work.wanted))
    work.plan = best if budget.rounds == 0 else _search(work, best, budget.rounds, bound, seed, watch)


def _search(work: Work, best: Plan, rounds: int, bound: float, seed: int, watch: Watch) -> Plan:
    watch.enter("search")
    work.plan = copied(best)
    net, lines = work.indexed.network, len(work.wanted.kind)
    floor = floors(net, work.wanted, work.plan, work.full, work.desk)
    state = np.array([(seed * 2 + 1) * 0x9E3779B97F4A7C1 & 0x7FFFFFFFFFFFFFFF], np.int64)
    loss = max(work.objective() - bound, 1e-12) / lines
    heat = loss * WARM * (COLD / WARM) ** np.linspace(0, 1, PARTS + 1)
    for part in range(PARTS):
        if watch.over():
            break
        search(
            net, work.wanted, work.plan, rounds // PARTS, work.full, work.real, floor, heat[part : part + 2].copy(),
            state, work.desk, work.journal,
        )  # fmt: skip
        best = _better(work, best)
        watch.heard(objective=objective(best, work.wanted))
    return best


def _better(work: Work, best: Plan) -> Plan:
    return copied(work.plan) if work.objective() < objective(best, work.wanted) - 1e-12 else best
