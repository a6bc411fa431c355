"""A what-if stays near the plan that it is upon: what may stay where it is does, unless moving gains more than it is a bother.

The engine is asked twice: with the plan's lots as planned commitments, at the problem's own price of a unit that moves, and with only those
lines open that the change touches. Of its answers and the plan itself, where that is still allowed, the cheapest is taken, moving counted
in; what is told of it, its cost and its bound, is without the price of moving.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch import (
    Allocations,
    Problem,
    Result,
    broken_rules,
    check_plan,
    recount,
    why_lines,
)
from staveworks.engine.dispatch.problem import PINNED, PLANNED, Commitments, Floats
from staveworks.mechanisms.dispatch.domain.plan import Plan, capability_of

OWN = 1_000_000
"""Added to the numbers of the plan's lots: those of commitments are others."""
CLOSE = 1e-6
type Flags = NDArray[np.bool_]


def near(problem: Problem, base: Plan) -> Problem:
    """``problem`` with what of ``base`` is still possible as planned commitments."""
    lots = _Lots(problem, base)
    return lots.committed(~lots.gone, PLANNED)


def mended(problem: Problem, base: Plan) -> Problem:
    """``problem`` with all of ``base`` in its place but lines that the change is about, that have lost their place, or that may gain:
    those that are late or not made in full."""
    lots = _Lots(problem, base)
    return lots.committed(~np.isin(lots.made.line, np.flatnonzero(lots.open_lines())), PINNED)


class _Lots:
    """The plan's rows beside a changed problem. ``gone``: of lots that can't stay whole, or that a settled commitment stands for."""

    def __init__(self, problem: Problem, base: Plan) -> None:
        self.problem, self.base, self.made = problem, base, base.result.allocations
        made, given = self.made, problem.commitments
        self.settled = given.status != PLANNED
        lots, pinned = _lots(made), self.settled & (given.status == PINNED)
        self.gone = (problem.work_centres.hours[made.work_centre, made.bucket] <= 0) | np.isin(
            _places(problem, made), _places(problem, given)[self.settled]
        )
        self.gone |= np.isin(lots, _lots(given)[pinned])
        self.gone = np.isin(lots, lots[self.gone])

    def committed(self, rows: Flags, status: int) -> Problem:
        """With these rows as commitments beside those that are settled."""
        given, made, old = self.problem.commitments, self.made, self.settled
        columns = {
            name: np.concatenate([getattr(given, name)[old], getattr(made, name)[rows]])
            for name in Allocations.__slots__
        }
        columns["lot"][int(old.sum()) :] += OWN
        states = np.concatenate([given.status[old], np.full(int(rows.sum()), status, np.int8)])
        return replace(self.problem, commitments=Commitments(**columns, status=states))

    def open_lines(self) -> Flags:
        problem, base, made = self.problem, self.base, self.made
        free = base.is_late | base.is_rejected | _asked_anew(base.problem, problem)
        free[made.line[self.gone]] = True
        given = problem.commitments
        kept = np.where(self.settled, _hours(problem, given), 0.0)
        used = np.zeros_like(problem.work_centres.hours)
        np.add.at(used, (given.work_centre, given.bucket), kept)
        stays = ~self.gone
        np.add.at(used, (made.work_centre[stays], made.bucket[stays]), base.hours[stays])
        over = used > problem.work_centres.hours * (1 + CLOSE) + CLOSE
        free[made.line[stays & over[made.work_centre, made.bucket]]] = True
        return free


def _asked_anew(before: Problem, after: Problem) -> Flags:
    return np.asarray(before.lines.due != after.lines.due)


def _hours(problem: Problem, rows: Commitments) -> Floats:
    able = capability_of(problem, rows.work_centre, problem.lines.family[rows.line])
    how = problem.capabilities
    return np.asarray(rows.quantity * how.hours[able] + how.setup_hours[able], np.float64)


def _lots(rows: Allocations | Commitments) -> NDArray[np.int64]:
    return np.asarray(rows.line.astype(np.int64) << 32 | rows.lot, np.int64)


def _places(problem: Problem, rows: Allocations | Commitments) -> NDArray[np.int64]:
    cell = rows.work_centre.astype(np.int64) * problem.buckets + rows.bucket
    steps = rows.line.astype(np.int64) << 16 | rows.step
    return np.asarray(steps * problem.work_centres.hours.size + cell, np.int64)


def nearest(problem: Problem, asked: Problem, found: Sequence[Result], base: Plan) -> Result:
    """Of the plans that were ``found`` and ``base`` itself the best as an answer to ``problem``; ``asked``: as ``near`` made it. The first
    is the answer to it: prices and bound are its own."""
    plans = [base.result.allocations, *(each.allocations for each in reversed(found))]
    allowed = [plan for plan in plans if not broken_rules(problem, plan)]
    best = min(allowed or [found[0].allocations], key=lambda plan: _burden(problem, asked, plan))
    answer = replace(found[0], allocations=best)
    verdict = check_plan(problem, answer)
    lines, proven = verdict.lines, max(verdict.bound, verdict.proven_bound)
    why = why_lines(problem, lines.rejected, lines.late, answer.prices, answer.fairness_prices)
    closed = verdict.objective - proven <= CLOSE * max(1.0, abs(verdict.objective))
    return replace(
        answer,
        status="optimal" if closed else "feasible",
        objective=verdict.objective,
        bound=verdict.bound,
        proven_bound=proven,
        costs=verdict.costs,
        lines=replace(lines, why=why),
    )


def _burden(problem: Problem, asked: Problem, plan: Allocations) -> float:
    """What it costs, and what the moving is a bother; a fen is nothing."""
    return round(recount(problem, plan)[0].total + recount(asked, plan)[0].stability, 2)
