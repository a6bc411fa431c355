"""The certified bound, by plain shortest paths: nobody has to believe the solver.

For prices π ≥ 0 (money per hour of a cell, a work centre in a bucket) and, with fairness, 0 ≤ μ_f ≤ φ for every firm f,

    L(π, μ) = Σ_l left_l · min(reject_l, min_path Σ_steps (cost + (π_cell − μ_firm) · hours) + transport + holding + lateness)
              − Σ_cells π · free  +  Σ_f μ_f · (γ · declared_f − settled_f)  +  what is settled

is no more than the cost of any plan. ``left``, ``free`` are quantities and hours without settled commitments. Why: of any plan x,
the hours within a cell are at most ``free``, so adding Σ π · (used − free) ≤ 0 doesn't raise its cost; its fairness cost φ · max(0, s) of a
firm that is s hours short of the promise is at least μ_f · s for every μ_f between 0 and φ, with s = γ · declared − settled − worked. After
both, the cost is a sum over units of quantity, each on a path of its own or rejected: none is cheaper than its line's cheapest. Left out,
and all ≥ 0: π · set-up hours, stability, the limits on lots. (μ is multiplied with hours of work, not of setting up, which is why the
promise counts those alone: with π < μ the set-up hours would have lowered the sum.)

What is settled: the steps that stay cost what they cost without prices, and a lot of which only some steps stay goes on from them
on the cheapest path, at prices, or is given up at ``reject``.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.check.committed import find_capabilities
from staveworks.engine.dispatch.check.costs import promised_hours, worked_hours
from staveworks.engine.dispatch.check.eligible import eligible
from staveworks.engine.dispatch.check.paths import Priced, arrive, cheapest_paths, class_ends, price
from staveworks.engine.dispatch.problem import Floats, Problem

__all__ = ["eligible", "lower_bound"]


def lower_bound(problem: Problem, prices: Floats, fairness_prices: Floats) -> float:
    """L(π, μ) of this module."""
    priced = price(problem, prices, fairness_prices)
    lines, committed = problem.lines, priced.committed
    total = float(committed.left @ np.minimum(lines.reject_cost, cheapest_paths(priced)))
    total -= float((prices * committed.hours)[:, problem.frozen :].sum())
    given, stays = problem.commitments, committed.stays
    if len(fairness_prices):
        settled = worked_hours(problem, given.line[stays], given.work_centre[stays], given.quantity[stays])
        total += float(fairness_prices @ (promised_hours(problem) - settled))
    return total + sum(_settled_costs(priced))


def _settled_costs(priced: Priced) -> Iterator[float]:
    """Of each lot with a step that stays: the least that it costs."""
    problem, committed = priced.problem, priced.committed
    given = problem.commitments
    able = find_capabilities(problem, given.work_centre, problem.lines.family[given.line])
    price_of = np.where(able >= 0, problem.capabilities.cost[able], 0.0) if len(able) else np.zeros(0)
    staying = np.flatnonzero(committed.stays)
    for rows in np.split(*_by_lot(staying, committed.lot)):
        if not len(rows):
            continue
        line = int(given.line[rows[0]])
        forced = {
            int(given.step[row]): (int(given.work_centre[row]), int(given.bucket[row]), float(price_of[row]))
            for row in rows.tolist()
        }
        ends = class_ends(priced, line, forced)
        path = float(arrive(priced, ends, np.array([line]))[0])
        given_up = sum(cost for _, _, cost in forced.values()) + float(problem.lines.reject_cost[line])
        yield float(committed.quantity[committed.lot[rows[0]]]) * min(path, given_up)


def _by_lot(rows: NDArray[np.int64], lot: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    order = rows[np.argsort(lot[rows], kind="stable")]
    return order, np.flatnonzero(np.diff(lot[order])) + 1
