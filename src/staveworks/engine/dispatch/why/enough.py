"""What would be enough: lots that find room for what is late or not made, one after the other, beside everything else as it stands."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.check.committed import work_hours
from staveworks.engine.dispatch.check.costs import sort_rows
from staveworks.engine.dispatch.check.eligible import usable
from staveworks.engine.dispatch.check.paths import Priced
from staveworks.engine.dispatch.problem import TOLERANCE, Floats, Problem
from staveworks.engine.dispatch.result import Result
from staveworks.engine.dispatch.why.room import widest
from staveworks.engine.dispatch.why.trace import trace

MOST_LOTS, MOST_TRIED = 20, 3
"""Nobody is told to allow more lots; so many least lots are tried."""


def lots_enough(priced: Priced, result: Result, line: int, left: Floats) -> int | None:
    """With so many lots it would be made in full and in time; ``None`` where that isn't known. ``priced``: hours cost nothing."""
    rest, kept, free = _to_place(priced.problem, result, line, left)
    lots = _place(priced, line, rest, _least(priced.problem, line), free)
    return None if lots is None else kept + lots


def least_enough(priced: Priced, result: Result, line: int, left: Floats) -> float | None:
    """The largest least lot below its own with which the lots that it is allowed would do; ``None`` where that isn't known."""
    problem = priced.problem
    rest, kept, free = _to_place(problem, result, line, left)
    room = min(widest(problem, free, line, by=int(problem.lines.due[line])), _least(problem, line))
    most = min(int(problem.lines.max_lots[line]) - kept, MOST_LOTS)
    start = max(1, int(np.ceil(rest / room - TOLERANCE))) if room > TOLERANCE else most + 1
    for lots in range(start, min(start + MOST_TRIED - 1, most) + 1):
        least = _rounded_down(rest / lots)
        if 0 < least < _least(problem, line) - TOLERANCE:
            placed = _place(priced, line, rest, least, free)
            if placed is not None and placed <= lots:
                return least
    return None


def _rounded_down(quantity: float) -> float:
    """As people say it: whole, or with a tenth where it is little."""
    return float(np.floor(quantity)) if quantity >= 10 else float(np.floor(quantity * 10 + TOLERANCE)) / 10


def _least(problem: Problem, line: int) -> float:
    return min(float(problem.lines.min_lot[line]), float(problem.lines.quantity[line]))


def _to_place(problem: Problem, result: Result, line: int, left: Floats) -> tuple[float, int, Floats]:
    """What is late or not made, how many lots are in time, and the hours that are left once the late ones have gone."""
    rows = sort_rows(result.allocations)
    end = np.flatnonzero(rows.last & (rows.line == line))
    lag = problem.transport.lag[problem.work_centres.city[rows.centre[end]], problem.lines.city[line]]
    late = end[rows.bucket[end] + lag > problem.lines.due[line]]
    gone = np.isin(rows.lot, rows.lot[late])
    free = left.copy()
    work = work_hours(problem, rows.line[gone], rows.centre[gone], rows.quantity[gone])
    np.add.at(free, (rows.centre[gone], rows.bucket[gone]), work)
    rest = float(result.lines.rejected[line] + rows.quantity[late].sum())
    return rest, len(end) - len(late), free


def _place(priced: Priced, line: int, rest: float, least: float, left: Floats) -> int | None:
    """How many lots of at least ``least`` hold ``rest``, each as large as there is room for in time."""
    problem, left = priced.problem, left.copy()
    if (problem.commitments.line == line).any():
        return None
    able, rows = problem.capabilities, usable(problem, line)
    for lots in range(1, MOST_LOTS + 1):
        lot = min(rest, widest(problem, left, line, by=int(problem.lines.due[line])))
        if TOLERANCE < rest - lot < least:
            lot = rest - least
        if lot < max(least - TOLERANCE, TOLERANCE):
            return None
        path = trace(replace(priced, hour=_with_room(priced, rows, lot, left)), line, timely=True)
        if path is None or path.cost > float(problem.lines.reject_cost[line]):
            return None
        for row, bucket in zip(path.rows, path.buckets, strict=True):
            left[able.work_centre[row], bucket] -= lot * able.hours[row] + able.setup_hours[row]
        if left.min() < -TOLERANCE:
            return None
        rest -= lot
        if rest <= TOLERANCE:
            return lots
    return None


def _with_room(priced: Priced, rows: NDArray[np.int64], lot: float, left: Floats) -> Floats:
    """Prices of hours, endless where a lot has no room."""
    able, hour = priced.problem.capabilities, priced.hour.copy()
    centres = able.work_centre[rows]
    want = lot * able.hours[rows] + able.setup_hours[rows]
    hour[centres] = np.where(left[centres] < want[:, None] - TOLERANCE, np.inf, hour[centres])
    return hour
