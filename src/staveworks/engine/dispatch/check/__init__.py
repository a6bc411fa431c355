"""Recomputes a plan on its own: is it allowed, what does it cost, and is the bound what its prices prove? Never leans on the solver."""

from dataclasses import dataclass

import numpy as np

from staveworks.engine.dispatch.check.bound import lower_bound
from staveworks.engine.dispatch.check.costs import recount
from staveworks.engine.dispatch.check.rules import Broken, broken_rules
from staveworks.engine.dispatch.check.setups import has_setups, spread_setups
from staveworks.engine.dispatch.problem import TOLERANCE, Floats, Problem
from staveworks.engine.dispatch.result import Costs, LineOutcomes, Result, gap_of

__all__ = ["Broken", "Verdict", "broken_rules", "check_plan", "lower_bound", "recount"]


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """``broken``: what is wrong, empty where nothing is; the rest is what was found, whatever the plan said. ``proven_bound``: with the
    prices of lots, where there are any; what a search proved is not found again."""

    broken: tuple[Broken, ...]
    costs: Costs
    lines: LineOutcomes
    bound: float
    proven_bound: float

    @property
    def objective(self) -> float:
        return self.costs.total

    @property
    def gap(self) -> float:
        return gap_of(self.objective, self.bound)

    @property
    def proven_gap(self) -> float:
        return gap_of(self.objective, self.proven_bound)


def check_plan(problem: Problem, result: Result) -> Verdict:
    """What the plan of ``result`` keeps to, costs and proves."""
    broken = broken_rules(problem, result.allocations)
    if any(each.rule.startswith(("unknown", "quantity is")) for each in broken):
        nothing = np.zeros(len(problem.lines))
        lines = LineOutcomes(nothing, nothing, nothing, nothing, nothing.astype(np.int8))
        return Verdict(tuple(broken), Costs(), lines, -np.inf, -np.inf)
    costs, lines = recount(problem, result.allocations)
    broken += _wrong_prices(problem, result)
    unpriced = bool(broken) and broken[-1].rule.startswith("prices")
    bound, proven = (-np.inf, -np.inf) if unpriced else _bounds(problem, result)
    broken += _misstated(result, costs, lines, bound, proven)
    return Verdict(tuple(broken), costs, lines, bound, proven)


def _bounds(problem: Problem, result: Result) -> tuple[float, float]:
    """L of the prices, and of those with lots where there are such, set-ups spread."""
    bound, other = lower_bound(problem, result.prices, result.fairness_prices), result.with_lots
    return bound, bound_with_lots(problem, other.hours, other.promise, other.lots) if other else bound


def bound_with_lots(problem: Problem, hours: Floats, promise: Floats, lots: Floats) -> float:
    """L of prices with such of lots, set-ups spread where they can be."""
    return lower_bound(spread_setups(problem) if has_setups(problem) else problem, hours, promise, lots)


def _wrong_prices(problem: Problem, result: Result) -> list[Broken]:
    found = _wrong_hours(problem, result.prices, result.fairness_prices)
    if found or not result.with_lots:
        return found
    lots = result.with_lots.lots
    if lots.shape != (len(problem.lines),) or not (np.isfinite(lots) & (lots >= 0)).all():
        return [Broken("prices of lots are not numbers of at least 0 for every line", 1, "lines")]
    return _wrong_hours(problem, result.with_lots.hours, result.with_lots.promise)


def _wrong_hours(problem: Problem, prices: Floats, given: Floats) -> list[Broken]:
    shape, firms = problem.work_centres.hours.shape, len(problem.firms)
    if prices.shape != shape or not (np.isfinite(prices) & (prices >= 0)).all():
        return [Broken("prices are not numbers of at least 0 for every cell", 1, "prices")]
    if problem.fairness is None:
        return [] if not len(given) else [Broken("prices of fairness without fairness", 1, "prices")]
    most = problem.fairness.penalty * (1 + TOLERANCE)
    if given.shape != (firms,) or not ((given >= 0) & (given <= most)).all():
        return [Broken("prices of fairness are not between 0 and the penalty", 1, "prices")]
    return []


def _misstated(
    result: Result, costs: Costs, lines: LineOutcomes, bound: float, proven: float
) -> list[Broken]:
    said = {
        "objective": (result.objective, costs.total),
        "bound": (result.bound, bound),
        **({"proven bound": (result.proven_bound, proven)} if result.with_lots else {}),
        **{kind: (getattr(result.costs, kind), getattr(costs, kind)) for kind in Costs.__slots__},
    }
    scale = max(1.0, abs(costs.total))
    found = [
        Broken(f"{name} is not what it is said to be", 1, f"{told:.9g} instead of {true:.9g}")
        for name, (told, true) in said.items()
        if not abs(told - true) <= TOLERANCE * scale
    ]
    for name in ("made", "rejected", "late", "cost"):
        told, true = getattr(result.lines, name), getattr(lines, name)
        off = (
            ~(np.abs(told - true) <= TOLERANCE * np.maximum(1.0, np.abs(true)))
            if len(told) == len(true)
            else [True]
        )
        if np.any(off):
            found.append(Broken(f"{name} of lines is not what it is said to be", int(np.sum(off)), "lines"))
    if result.proven_bound < result.bound - TOLERANCE * scale:
        found.append(Broken("the proven bound is below the bound", 1, f"{result.proven_bound:.9g}"))
    if result.proven_bound > costs.total + TOLERANCE * scale:
        found.append(Broken("the proven bound is above the objective", 1, f"{result.proven_bound:.9g}"))
    if result.status == "optimal" and costs.total > result.proven_bound + TOLERANCE * scale:
        found.append(
            Broken("optimal is claimed, but the bound is not reached", 1, f"{result.proven_bound:.9g}")
        )
    return found
