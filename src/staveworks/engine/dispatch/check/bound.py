"""The certified bound, by plain shortest paths: nobody has to believe the solver.

For prices π ≥ 0 (money per hour of a cell, a work centre in a bucket), ν ≥ 0 (money per lot of a line) and, with fairness, 0 ≤ μ_f ≤ φ for every
firm f,

    L(π, μ, ν) = Σ_l left_l · min(reject_l, min_path Σ_steps (cost + (π_cell − μ_firm) · hours) + transport + holding + lateness + ν_l / largest)
              − Σ_cells π · free  −  Σ_l ν_l · lots_l  +  Σ_f μ_f · (γ · declared_f − settled_f)  +  what is settled

is no more than the cost of any plan. ``left``, ``free`` are quantities and hours without settled commitments. Why: of any plan x,
the hours within a cell are at most ``free``, so adding Σ π · (used − free) ≤ 0 doesn't raise its cost. No lot on a path is larger than
``largest``, what the free hours of the scarcest cell on it make, or the whole line; a line has no more than its ``lots``, so adding
ν · (Σ units / largest − lots) ≤ 0 doesn't either. Its fairness cost φ · max(0, s) of a firm that is s hours short of the promise is at least
μ_f · s for every μ_f between 0 and φ, with s = γ · declared − settled − worked. After all three, the cost is a sum over units of quantity,
each on a path of its own or rejected: none is cheaper than its line's cheapest. Left out, and all ≥ 0: π · set-up hours, stability, what
least lots cost. (μ is multiplied with hours of work, not of setting up, which is why the promise counts those alone: with π < μ the set-up
hours would have lowered the sum.)

What is settled: the steps that stay cost what they cost without prices, and a lot of which only some steps stay goes on from them
on the cheapest path, at prices, or is given up at ``reject``.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.check.committed import find_capabilities
from staveworks.engine.dispatch.check.costs import promised_hours, worked_hours
from staveworks.engine.dispatch.check.eligible import eligible
from staveworks.engine.dispatch.check.lots import cheapest_with_lots, most_lots
from staveworks.engine.dispatch.check.paths import Priced, arrive, cheapest_paths, class_ends, price
from staveworks.engine.dispatch.problem import Floats, Problem

__all__ = ["eligible", "lower_bound"]


def lower_bound(
    problem: Problem, prices: Floats, fairness_prices: Floats, lot_prices: Floats | None = None
) -> float:
    """L(π, μ, ν) of this module; ``lot_prices`` by line, 0 without."""
    lot_prices = np.zeros(len(problem.lines)) if lot_prices is None else lot_prices
    priced = price(problem, prices, fairness_prices)
    lines, committed = problem.lines, priced.committed
    cheapest = cheapest_paths(priced)
    for line in np.flatnonzero((lot_prices > 0) & (lines.quantity > 0)).tolist():
        cheapest[line] = cheapest_with_lots(priced, line, float(lot_prices[line]))
    total = float(committed.left @ np.minimum(lines.reject_cost, cheapest))
    total -= float(lot_prices @ most_lots(problem))
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
