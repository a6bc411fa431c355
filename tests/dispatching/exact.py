"""Exact answers by other means than ours: all paths listed by plain loops, then HiGHS or brute force."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

import highspy
import numpy as np

from staveworks.engine.dispatch import Problem
from staveworks.engine.dispatch.problem import Floats

INF = highspy.kHighsInf


@dataclass(frozen=True, slots=True)
class Way:
    """Of a line: (row of capabilities, bucket) by step, and what a unit costs."""

    line: int
    steps: tuple[tuple[int, int], ...]
    cost: float


def paths(problem: Problem) -> list[Way]:
    """Every one, by plain loops."""
    return [path for number in range(len(problem.lines)) for path in _paths_of(problem, number)]


def _paths_of(problem: Problem, number: int) -> Iterator[Way]:
    routes, family = problem.routes, int(problem.lines.family[number])
    for route in range(len(routes.ids)):
        if routes.family[route] != family:
            continue
        operations = routes.operation[routes.start[route] : routes.start[route + 1]]
        choices = [list(_choices(problem, number, int(operation))) for operation in operations]
        for steps in product(*choices):
            cost = _cost(problem, number, steps)
            if cost is not None:
                yield Way(number, steps, cost)


def _choices(problem: Problem, number: int, operation: int) -> Iterator[tuple[int, int]]:
    lines, centres, table = problem.lines, problem.work_centres, problem.capabilities
    allowed, blocked = (
        set(sets.firm[sets.start[number] : sets.start[number + 1]].tolist())
        for sets in (lines.allowed, lines.blocked)
    )
    need = {c for c in range(len(problem.certificates)) if _has(lines.certificates[number], c)}
    for row, (where, family) in enumerate(zip(table.work_centre, table.family, strict=True)):
        holds = {c for c in range(len(problem.certificates)) if _has(centres.certificates[where], c)}
        firm = int(centres.firm[where])
        if (
            family == lines.family[number]
            and centres.operation[where] == operation
            and centres.grade[where] >= lines.grade[number]
            and need <= holds
            and (not allowed or firm in allowed)
            and firm not in blocked
        ):
            for bucket in range(max(int(lines.release[number]), problem.frozen), problem.buckets):
                if centres.hours[where, bucket] > 0:
                    yield row, bucket


def _has(words: Any, certificate: int) -> bool:
    return bool(int(words[certificate // 64]) >> (certificate % 64) & 1)


def _cost(problem: Problem, number: int, steps: tuple[tuple[int, int], ...]) -> float | None:
    lines, table, centres = problem.lines, problem.capabilities, problem.work_centres
    family = lines.family[number]
    weight, hold = problem.families.weight[family], problem.families.hold_cost[family]
    total = sum(float(table.cost[row]) for row, _ in steps)
    for (one, start), (two, end) in pairwise(steps):
        pair = centres.city[table.work_centre[one]], centres.city[table.work_centre[two]]
        wait = end - start - problem.transport.lag[pair]
        if wait < 0 or not np.isfinite(problem.transport.cost[pair]):
            return None
        total += weight * problem.transport.cost[pair] + hold * wait
    row, bucket = steps[-1]
    pair = centres.city[table.work_centre[row]], lines.city[number]
    if not np.isfinite(problem.transport.cost[pair]):
        return None
    late = max(0, bucket + problem.transport.lag[pair] - lines.due[number])
    return float(total + weight * problem.transport.cost[pair] + lines.late_cost[number] * late)


@dataclass(frozen=True, slots=True, eq=False)
class Exact:
    """The optimum; of an LP also the prices of hours and, with fairness, of firms."""

    objective: float
    prices: Floats
    fairness_prices: Floats


def optimum(problem: Problem, *, lots: bool) -> Exact:
    """By HiGHS over all paths: the LP (lots dropped, set-up too), or with ``lots`` the plan that nothing beats."""
    model = _Model(problem, lots=lots)
    return model.solve()


class _Model:
    """Columns: quantity on each path, rejected of each line, lots on each path, hours short of the promise."""

    def __init__(self, problem: Problem, *, lots: bool) -> None:
        self.problem, self.lots, self.paths = problem, lots, paths(problem)
        self.highs = highspy.Highs()
        self.highs.silent()
        self.highs.setOptionValue(
            "threads", 1
        )  # with others, the solver's own programmes fail in this process
        self.used: dict[tuple[int, int], list[tuple[int, float]]] = {}
        self.worked: dict[int, list[tuple[int, float]]] = {}
        self.rows: dict[tuple[int, int], int] = {}
        self.fair: dict[int, int] = {}
        lines = problem.lines
        for path in self.paths:
            self._column(path.cost)
        for quantity, cost in zip(lines.quantity, lines.reject_cost, strict=True):
            self._column(float(cost), float(quantity))
        if lots:
            self._add_lots()
        self._add_lines()
        self._add_cells()
        if problem.fairness is not None:
            self._add_fairness(problem.fairness.share, problem.fairness.penalty)

    def solve(self) -> Exact:
        self.highs.setOptionValue("mip_rel_gap", 0.0)
        self.highs.run()
        assert self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        prices = np.zeros(self.problem.work_centres.hours.shape)
        fairness_prices = np.zeros(len(self.problem.firms) if self.fair else 0)
        if not self.lots:
            duals = self.highs.getSolution().row_dual
            for cell, row in self.rows.items():
                prices[cell] = max(0.0, -duals[row])
            for firm, row in self.fair.items():
                fairness_prices[firm] = max(0.0, duals[row])
        return Exact(self.highs.getObjectiveValue(), prices, fairness_prices)

    def _column(self, cost: float, most: float = INF) -> int:
        self.highs.addVar(0, most)
        place = int(self.highs.numVariables) - 1
        self.highs.changeColCost(place, cost)
        return place

    def _row(self, low: float, high: float, terms: list[tuple[int, float]]) -> int:
        """Terms of one column come together: a path may pass a firm twice."""
        sums: dict[int, float] = {}
        for place, value in terms:
            sums[place] = sums.get(place, 0.0) + value
        self.highs.addRow(low, high, len(sums), np.array(list(sums), np.int32), np.array(list(sums.values())))
        return int(self.highs.numConstrs) - 1

    def _add_lots(self) -> None:
        """A whole number of lots on each path, each of at least the least lot, and the hours of setting up."""
        lines, table = self.problem.lines, self.problem.capabilities
        mine: dict[int, list[tuple[int, float]]] = {}
        for place, path in enumerate(self.paths):
            lots = self._column(0.0, float(lines.max_lots[path.line]))
            self.highs.changeColIntegrality(lots, highspy.HighsVarType.kInteger)
            mine.setdefault(path.line, []).append((lots, 1.0))
            quantity = float(lines.quantity[path.line])
            self._row(0.0, INF, [(place, 1.0), (lots, -min(float(lines.min_lot[path.line]), quantity))])
            self._row(-INF, 0.0, [(place, 1.0), (lots, -quantity)])
            for row, bucket in path.steps:
                cell = int(table.work_centre[row]), bucket
                self.used.setdefault(cell, []).append((lots, float(table.setup_hours[row])))
        for number, terms in mine.items():
            self._row(-INF, float(lines.max_lots[number]), terms)

    def _add_lines(self) -> None:
        for number, quantity in enumerate(self.problem.lines.quantity.tolist()):
            mine = [(place, 1.0) for place, path in enumerate(self.paths) if path.line == number]
            self._row(quantity, quantity, [*mine, (len(self.paths) + number, 1.0)])

    def _add_cells(self) -> None:
        table, centres = self.problem.capabilities, self.problem.work_centres
        for place, path in enumerate(self.paths):
            for row, bucket in path.steps:
                where = int(table.work_centre[row])
                term = (place, float(table.hours[row]))
                self.used.setdefault((where, bucket), []).append(term)
                self.worked.setdefault(int(centres.firm[where]), []).append(term)
        for cell, terms in self.used.items():
            self.rows[cell] = self._row(-INF, float(centres.hours[cell]), terms)

    def _add_fairness(self, share: float, penalty: float) -> None:
        centres = self.problem.work_centres
        for firm in range(len(self.problem.firms)):
            promised = share * float(centres.hours[centres.firm == firm].sum())
            short = self._column(penalty)
            self.fair[firm] = self._row(promised, INF, [*self.worked.get(firm, []), (short, 1.0)])


def brute_force(problem: Problem) -> float:
    """The best of all ways, where every line is one lot or none: each line on each of its paths, or rejected."""
    lines, table, centres = problem.lines, problem.capabilities, problem.work_centres
    assert (lines.min_lot >= lines.quantity).all()
    ways: list[list[Way | None]] = [[None] for _ in lines.ids]
    for path in paths(problem):
        ways[path.line].append(path)
    best = np.inf

    def go(number: int, spent: float, free: dict[tuple[int, int], float]) -> None:
        nonlocal best
        if spent >= best:
            return
        if number == len(lines):
            best = spent
            return
        quantity = float(lines.quantity[number])
        for path in ways[number]:
            if path is None:
                go(number + 1, spent + quantity * float(lines.reject_cost[number]), free)
                continue
            left = dict(free)
            for row, bucket in path.steps:
                where = int(table.work_centre[row])
                start = left.get((where, bucket), float(centres.hours[where, bucket]))
                left[where, bucket] = (
                    start - quantity * float(table.hours[row]) - float(table.setup_hours[row])
                )
            if min(left.values()) >= -1e-9:
                go(number + 1, spent + quantity * path.cost, left)

    go(0, 0.0, {})
    return best
