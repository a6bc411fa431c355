"""What a careful planner does by hand: lines in the order of their due dates, each on the cheapest path through what is still free.

A peer to measure against, and the plan of somebody who has no time. Its prices are 0, so its bound is what everything would cost if
capacity were endless.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.check import lower_bound, recount
from staveworks.engine.dispatch.check.committed import find_capabilities, settle
from staveworks.engine.dispatch.check.eligible import eligible
from staveworks.engine.dispatch.problem import Floats, Problem
from staveworks.engine.dispatch.result import Allocations, Result
from staveworks.engine.dispatch.why import why_lines

type Row = tuple[int, int, int, int, int, float]


def greedy(problem: Problem) -> Result:
    """Earliest due date first."""
    began = perf_counter()
    work = _Work(problem)
    work.finish_settled()
    for line in np.argsort(problem.lines.due, kind="stable").tolist():
        work.place(line)
    plan = work.plan()
    costs, lines = recount(problem, plan)
    prices = np.zeros(problem.work_centres.hours.shape)
    fairness_prices = np.zeros(len(problem.firms) if problem.fairness else 0)
    bound = lower_bound(problem, prices, fairness_prices)
    reached = costs.total <= bound * (1 + 1e-6) + 1e-9
    return Result(
        status="optimal" if reached else "feasible",
        objective=costs.total,
        bound=bound,
        proven_bound=bound,
        costs=costs,
        allocations=plan,
        prices=prices,
        fairness_prices=fairness_prices,
        lines=replace(lines, why=why_lines(problem, lines.rejected, lines.late, prices, fairness_prices)),
        seed=0,
        seconds={"plan": perf_counter() - began},
    )


def finish_settled(problem: Problem) -> tuple[list[Row], Floats]:
    """Settled lots, their open steps each on the cheapest path; and the hours that they leave."""
    work = _Work(problem)
    work.finish_settled()
    return work.rows, work.free


@dataclass(slots=True)
class _Path:
    cost: float
    rows: list[int] = field(default_factory=list)
    """Of the capabilities, by step."""
    buckets: list[int] = field(default_factory=list)


class _Work:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.settled = settle(problem)
        self.free = self.settled.hours.copy()
        self.free[:, : problem.frozen] = 0.0
        self.rows: list[Row] = []
        self.lots = np.zeros(len(problem.lines), np.int32)
        self.rows_of_family = [
            np.flatnonzero(problem.capabilities.family == family)
            for family in range(len(problem.families.ids))
        ]

    def finish_settled(self) -> None:
        """Lots of which a step stays: the others of it on the cheapest path, or none where none is left."""
        given, settled = self.problem.commitments, self.settled
        able = find_capabilities(self.problem, given.work_centre, self.problem.lines.family[given.line])
        for lot in np.flatnonzero(settled.settled).tolist():
            rows = np.flatnonzero((settled.lot == lot) & settled.stays)
            forced = {int(given.step[row]): (int(able[row]), int(given.bucket[row])) for row in rows.tolist()}
            line, quantity = int(settled.line[lot]), float(settled.quantity[lot])
            path = self._cheapest(line, quantity, forced)
            if path is None:
                steps = sorted(forced)
                path = _Path(0.0, [forced[step][0] for step in steps], [forced[step][1] for step in steps])
                self._take(line, quantity, path, forced, steps)
            else:
                self._take(line, quantity, path, forced, list(range(len(path.rows))))

    def place(self, line: int) -> None:
        lines = self.problem.lines
        left, least = float(self.settled.left[line]), min(lines.min_lot[line], lines.quantity[line])
        while left >= max(least, 1e-9) and self.lots[line] < lines.max_lots[line]:
            path = self._cheapest(line, max(least, 1e-9), {})
            if path is None or path.cost >= lines.reject_cost[line]:
                return
            quantity = self._quantity(left, least, path)
            self._take(line, quantity, path, {}, list(range(len(path.rows))))
            left -= quantity

    def _quantity(self, left: float, least: float, path: _Path) -> float:
        """As much as the path holds, but leave nothing that is too small for another lot."""
        able = self.problem.capabilities
        room = left
        for row, bucket in zip(path.rows, path.buckets, strict=True):
            room = min(
                room, (self.free[able.work_centre[row], bucket] - able.setup_hours[row]) / able.hours[row]
            )
        return max(least, left - least) if 1e-9 < left - room < least and left >= 2 * least else room

    def _take(
        self,
        line: int,
        quantity: float,
        path: _Path,
        forced: dict[int, tuple[int, int]],
        steps: list[int],
    ) -> None:
        able = self.problem.capabilities
        for step, row, bucket in zip(steps, path.rows, path.buckets, strict=True):
            centre = int(able.work_centre[row])
            if step not in forced:
                self.free[centre, bucket] -= quantity * able.hours[row] + able.setup_hours[row]
            self.rows.append((line, int(self.lots[line]), step, centre, bucket, quantity))
        self.lots[line] += 1

    def _cheapest(self, line: int, quantity: float, forced: dict[int, tuple[int, int]]) -> _Path | None:
        best: _Path | None = None
        fine = eligible(self.problem, line)
        for operations in self._routes(int(self.problem.lines.family[line])):
            if any(step >= len(operations) for step in forced):
                continue
            path = self._on_route(line, quantity, operations, forced, fine)
            if path is not None and (best is None or path.cost < best.cost):
                best = path
        return best

    def _routes(self, family: int) -> Iterator[list[int]]:
        routes = self.problem.routes
        for route in np.flatnonzero(routes.family == family).tolist():
            yield routes.operation[routes.start[route] : routes.start[route + 1]].tolist()

    def _on_route(
        self,
        line: int,
        quantity: float,
        operations: list[int],
        forced: dict[int, tuple[int, int]],
        fine: NDArray[np.bool_],
    ) -> _Path | None:
        """Shortest path forward, by city and bucket, then read off backward."""
        arrived = np.zeros((len(self.problem.cities), self.problem.buckets))
        layers: list[tuple[Floats, Floats, NDArray[np.int64]]] = []
        for step, operation in enumerate(operations):
            if step:
                arrived = self._move(line, layers[-1][0])
            cost, which = self._cells(line, quantity, operation, forced.get(step), fine)
            layers.append((arrived + cost, arrived, which))
        final = layers[-1][0] + self._home(line)
        city, bucket = np.unravel_index(int(np.argmin(final)), final.shape)
        if not np.isfinite(final[city, bucket]):
            return None
        path = _Path(float(final[city, bucket]))
        self._read_off(line, layers, int(city), int(bucket), path)
        return path

    def _cells(
        self,
        line: int,
        quantity: float,
        operation: int,
        forced: tuple[int, int] | None,
        fine: NDArray[np.bool_],
    ) -> tuple[Floats, NDArray[np.int64]]:
        """By city and bucket: the cheapest work centre with room, and its row of the capabilities."""
        problem, able = self.problem, self.problem.capabilities
        centres = problem.work_centres
        shape = len(problem.cities), problem.buckets
        cost, which = np.full(shape, np.inf), np.full(shape, -1)
        if forced is not None:
            row, bucket = forced
            centre = able.work_centre[row]
            if centres.operation[centre] == operation:
                cost[centres.city[centre], bucket], which[centres.city[centre], bucket] = able.cost[row], row
            return cost, which
        rows = self.rows_of_family[problem.lines.family[line]]
        rows = rows[fine[able.work_centre[rows]] & (centres.operation[able.work_centre[rows]] == operation)]
        rows = rows[np.argsort(-able.cost[rows], kind="stable")]
        need = quantity * able.hours[rows] + able.setup_hours[rows]
        room = self.free[able.work_centre[rows]] >= need[:, None]
        room[:, : problem.lines.release[line]] = False
        place, bucket = np.nonzero(room)
        city = centres.city[able.work_centre[rows[place]]]
        which[city, bucket] = rows[place]  # the dearest first, so that the cheapest stays
        cost[city, bucket] = able.cost[rows[place]]
        return cost, which

    def _move(self, line: int, done: Floats) -> Floats:
        family = self.problem.lines.family[line]
        hold, transport = self.problem.families.hold_cost[family], self.problem.transport
        waited = done.copy()
        for bucket in range(1, done.shape[1]):
            waited[:, bucket] = np.minimum(waited[:, bucket], waited[:, bucket - 1] + hold)
        arrived = np.full(done.shape, np.inf)
        for lag in np.unique(transport.lag):
            if lag >= done.shape[1]:
                continue
            pair = np.where(
                transport.lag == lag, transport.cost * self.problem.families.weight[family], np.inf
            )
            reach = (waited[:, None, : done.shape[1] - lag] + pair[:, :, None]).min(axis=0)
            arrived[:, lag:] = np.minimum(arrived[:, lag:], reach)
        return arrived

    def _home(self, line: int) -> Floats:
        """Transport and lateness from a last operation in (city, bucket) on."""
        lines, transport = self.problem.lines, self.problem.transport
        city = lines.city[line]
        arrival = np.arange(self.problem.buckets)[None, :] + transport.lag[:, city][:, None]
        late = lines.late_cost[line] * np.maximum(0, arrival - lines.due[line])
        home: Floats = (
            late + (transport.cost[:, city] * self.problem.families.weight[lines.family[line]])[:, None]
        )
        return home

    def _read_off(
        self,
        line: int,
        layers: list[tuple[Floats, Floats, NDArray[np.int64]]],
        city: int,
        bucket: int,
        path: _Path,
    ) -> None:
        family = self.problem.lines.family[line]
        hold, weight = self.problem.families.hold_cost[family], self.problem.families.weight[family]
        transport = self.problem.transport
        for step in range(len(layers) - 1, -1, -1):
            path.rows.insert(0, int(layers[step][2][city, bucket]))
            path.buckets.insert(0, bucket)
            if step:
                wait = bucket - np.arange(self.problem.buckets)[None, :] - transport.lag[:, city][:, None]
                before = layers[step - 1][0] + hold * np.maximum(wait, 0)
                before = before + (weight * transport.cost[:, city])[:, None]
                before[wait < 0] = np.inf
                found = np.unravel_index(int(np.argmin(before)), before.shape)
                city, bucket = int(found[0]), int(found[1])

    def plan(self) -> Allocations:
        self.rows.sort()
        columns = list(zip(*self.rows, strict=True)) or [()] * 6
        line, lot, step, centre, bucket = (np.array(column, np.int32) for column in columns[:5])
        return Allocations(line, lot, step, centre, bucket, np.array(columns[5], np.float64))
