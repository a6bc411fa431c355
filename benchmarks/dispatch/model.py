"""A problem of one operation as rows and columns, for solvers that know nothing of dispatch.

Columns: the quantity of a line made in a cell, and what isn't made of it. With lots also: whether a line has a lot in a cell; that
quantity is then between the smallest lot and all, set-up hours count, and lots are at most as many as allowed. (Two lots of a line in
one cell are one.)
"""

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch import Problem
from staveworks.engine.dispatch.check.bound import eligible

type Array = NDArray[np.float64]
type Places = NDArray[np.int64]

COLUMNS = 2_000_000
"""More are not built."""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """One a line and a cell: ``row`` of the capability, and what a unit costs with transport and lateness."""

    line: Places
    row: Places
    bucket: Places
    cost: Array


def columns(problem: Problem) -> Columns:
    lines, able, centres, way = problem.lines, problem.capabilities, problem.work_centres, problem.transport
    found: list[tuple[Places, Places, Places, Array]] = []
    total = 0
    for line in range(len(lines)):
        rows = np.flatnonzero(able.family == lines.family[line])
        rows = rows[eligible(problem, line)[able.work_centre[rows]]]
        centre = able.work_centre[rows]
        open_cells = centres.hours[centre] > 0
        open_cells[:, : lines.release[line]] = False
        open_cells &= np.isfinite(way.cost[centres.city[centre], lines.city[line]])[:, None]
        place, bucket = np.nonzero(open_cells)
        city = centres.city[centre[place]]
        late = np.maximum(0, bucket + way.lag[city, lines.city[line]] - lines.due[line])
        cost = able.cost[rows[place]] + late * lines.late_cost[line]
        cost += way.cost[city, lines.city[line]] * problem.families.weight[lines.family[line]]
        total += len(place)
        if total > COLUMNS:
            raise MemoryError(f"more than {COLUMNS:,} columns")
        found.append((np.full(len(place), line), rows[place], bucket, cost))
    return Columns(*(np.concatenate(part) for part in zip(*found, strict=True)))  # type: ignore[arg-type]


def build(problem: Problem, *, lots: bool) -> highspy.HighsLp:
    of, able, lines = columns(problem), problem.capabilities, problem.lines
    count, pairs, buckets = len(lines), len(of.line), problem.buckets
    cell = able.work_centre[of.row].astype(np.int64) * buckets + of.bucket
    hours, setup = able.hours[of.row], able.setup_hours[of.row]
    cells, quantity = problem.work_centres.hours.size, lines.quantity
    made, rejected, lot = np.arange(pairs), pairs + np.arange(count), pairs + count + np.arange(pairs)
    at = cells + count
    entries = [(cell, made, hours), (cells + of.line, made, np.ones(pairs))]
    entries.append((cells + np.arange(count), rejected, np.ones(count)))
    cost, upper = [of.cost, lines.reject_cost], [quantity[of.line], quantity]
    low = [np.full(cells, -np.inf), quantity]
    high = [problem.work_centres.hours.ravel(), quantity]
    if lots:
        least, most, ones = np.minimum(lines.min_lot, quantity)[of.line], quantity[of.line], np.ones(pairs)
        entries += [(at + made, made, ones), (at + made, lot, -most)]
        entries += [(at + pairs + made, made, ones), (at + pairs + made, lot, -least)]
        entries += [(at + 2 * pairs + of.line, lot, ones), (cell, lot, setup)]
        low += [np.full(pairs, -np.inf), np.zeros(pairs), np.full(count, -np.inf)]
        high += [np.zeros(pairs), np.full(pairs, np.inf), lines.max_lots.astype(float)]
        cost, upper = [*cost, np.zeros(pairs)], [*upper, ones]
    model = _model(
        np.concatenate(cost), np.concatenate(upper), np.concatenate(low), np.concatenate(high), entries
    )
    if lots:
        kinds = [highspy.HighsVarType.kContinuous] * (pairs + count) + [highspy.HighsVarType.kInteger] * pairs
        model.integrality_ = kinds
    return model


def _model(
    cost: Array, upper: Array, low: Array, high: Array, entries: list[tuple[Places, Places, Array]]
) -> highspy.HighsLp:
    row, column, value = (np.concatenate(part) for part in zip(*entries, strict=True))
    keep = value != 0
    row, column, value = row[keep], column[keep], value[keep]
    order = np.lexsort((row, column))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(cost), len(low)
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, np.zeros(len(cost)), upper
    model.row_lower_, model.row_upper_ = low, high
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.searchsorted(column[order], np.arange(len(cost) + 1))
    model.a_matrix_.index_, model.a_matrix_.value_ = row[order], value[order]
    return model
