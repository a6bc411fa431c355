"""From a problem to its best assignment, and back to a result."""

from dataclasses import replace

import numpy as np

from staveworks.engine.dispatch.assignment.linear import Linear, relax_linearly
from staveworks.engine.dispatch.assignment.matrix import Assignment, Longs, read_assignment
from staveworks.engine.dispatch.assignment.search import Search, search
from staveworks.engine.dispatch.check import lower_bound, recount
from staveworks.engine.dispatch.problem import Floats, Problem
from staveworks.engine.dispatch.result import Allocations, Result
from staveworks.engine.dispatch.watch import Watch
from staveworks.engine.dispatch.why import why_lines

CLOSE = 1e-6
"""A gap that is none."""


def solve_assignment(problem: Problem, *, seed: int, watch: Watch) -> Result:
    """``problem`` is an assignment. Deterministic by seed, unless ``watch`` ends it."""
    of = read_assignment(problem)
    watch.enter("prices")
    linear = relax_linearly(of)
    prices = _prices(problem, of, linear)
    bound = lower_bound(problem, prices, np.zeros(0))
    watch.heard(bound=bound)
    watch.enter("search")
    rejected = np.arange(len(of.job) - of.jobs, len(of.job))
    best = Search(
        of, rejected, float(of.cost[rejected].sum()), watch.over, lambda cost: watch.heard(objective=cost)
    )
    best.heard(best.cost)
    proven = search(best, linear.job, linear.cost, seed)
    watch.enter("recount")
    result = _result(problem, _plan(problem, of, best.chosen), prices, bound, proven, seed)
    watch.heard(objective=result.objective)
    watch.enter("done")
    return replace(result, seconds=watch.phases)


def _prices(problem: Problem, of: Assignment, linear: Linear) -> Floats:
    """Those of the problem's own linear programme, in which a line may be made in part where it doesn't fit whole, without set-up:
    no others bound it better, and an hour more never saves it more than they say."""
    parts = read_assignment(problem, whole=False)
    if len(parts.job) > len(of.job) or problem.capabilities.setup_hours.any():
        of, linear = parts, relax_linearly(parts)
    prices = np.zeros(problem.work_centres.hours.shape)
    prices[of.centre, 0] = linear.hour
    return prices


def _plan(problem: Problem, of: Assignment, chosen: Longs) -> Allocations:
    made = chosen[of.place[chosen] < of.places - 1]
    line = of.job[made].astype(np.int32)
    none = np.zeros(len(line), np.int32)
    centre = of.centre[of.place[made]].astype(np.int32)
    return Allocations(line, none, none, centre, none, problem.lines.quantity[line])


def _result(
    problem: Problem, plan: Allocations, prices: Floats, bound: float, proven: float, seed: int
) -> Result:
    costs, lines = recount(problem, plan)
    none = np.zeros(0)
    proven = min(max(proven, bound), costs.total)
    return Result(
        status="optimal" if costs.total - proven <= CLOSE * max(1.0, abs(costs.total)) else "feasible",
        objective=costs.total,
        bound=bound,
        proven_bound=proven,
        costs=costs,
        allocations=plan,
        prices=prices,
        fairness_prices=none,
        lines=replace(lines, why=why_lines(problem, lines.rejected, lines.late, prices, none)),
        seed=seed,
    )
