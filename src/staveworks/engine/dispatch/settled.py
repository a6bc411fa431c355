"""A problem without what is settled: commitments that stay take their hours and quantities first, and are rows of every plan."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.check.committed import Committed, settle
from staveworks.engine.dispatch.check.costs import promised_hours, worked_hours
from staveworks.engine.dispatch.greedy import finish_settled
from staveworks.engine.dispatch.problem import PLANNED, Commitments, Floats, Ints, Problem
from staveworks.engine.dispatch.result import Allocations


@dataclass(frozen=True, slots=True, eq=False)
class Open:
    """What is left to decide. In ``problem`` lines have the quantity, cells the hours that are left, commitments are planned ones."""

    problem: Problem
    left: Floats
    """(W, B): hours that the unsettled steps of settled lots leave too; the bound counts with the problem's."""
    rows: Allocations
    """Settled lots, finished."""
    lots: Ints
    """By line: how many these are."""
    promised: Floats
    """By firm: hours of the promise that settled work doesn't keep; empty without fairness."""


def open_part(problem: Problem) -> Open:
    promised = promised_hours(problem) if problem.fairness else np.zeros(0)
    count = len(problem.lines)
    if not len(problem.commitments) and not problem.frozen:
        return Open(problem, problem.work_centres.hours, _rows([]), np.zeros(count, np.int32), promised)
    committed = settle(problem)
    given, stays = problem.commitments, committed.stays
    hours = committed.hours.copy()
    hours[:, : problem.frozen] = 0.0
    rows, left = finish_settled(problem) if committed.settled.any() else ([], hours.copy())
    if problem.fairness:
        promised -= worked_hours(problem, given.line[stays], given.work_centre[stays], given.quantity[stays])
    rest = replace(
        problem,
        lines=replace(problem.lines, quantity=_makeable(problem, committed)),
        work_centres=replace(problem.work_centres, hours=hours),
        commitments=_movable(given, committed),
    )
    settled_lots = np.bincount(committed.line[committed.settled], minlength=count)
    return Open(rest, np.maximum(left, 0.0), _rows(rows), settled_lots.astype(np.int32), promised)


def _makeable(problem: Problem, committed: Committed) -> Floats:
    """What is left of each line; nothing where that is less than its least lot, which is of the whole line."""
    least = np.minimum(problem.lines.min_lot, problem.lines.quantity)
    return np.where(committed.left >= least * (1 - 1e-9), committed.left, 0.0)


def _movable(given: Commitments, committed: Committed) -> Commitments:
    """Planned lots of which no step is settled."""
    keep: NDArray[np.bool_] = (given.status == PLANNED) & ~committed.settled[committed.lot]
    return Commitments(
        given.line[keep],
        given.lot[keep],
        given.step[keep],
        given.work_centre[keep],
        given.bucket[keep],
        given.quantity[keep],
        given.status[keep],
    )


def _rows(rows: list[tuple[int, int, int, int, int, float]]) -> Allocations:
    columns = list(zip(*sorted(rows), strict=True)) or [()] * 6
    line, lot, step, centre, bucket = (np.array(column, np.int32) for column in columns[:5])
    return Allocations(line, lot, step, centre, bucket, np.array(columns[5], np.float64))
