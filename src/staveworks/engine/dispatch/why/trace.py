"""The cheapest path of one line at prices, step by step: which work centre, in which bucket."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.check.eligible import usable
from staveworks.engine.dispatch.check.paths import Priced, cell_costs, move, operation_costs
from staveworks.engine.dispatch.problem import Floats, Problem


@dataclass(frozen=True, slots=True)
class Trace:
    """``rows`` of the capabilities and ``buckets``, by step; ``cost`` of a unit with prices, transport and lateness."""

    cost: float
    rows: tuple[int, ...]
    buckets: tuple[int, ...]
    arrival: int


def routes_of(problem: Problem, line: int) -> Iterator[list[int]]:
    """The operations of each route."""
    routes = problem.routes
    for route in np.flatnonzero(routes.family == problem.lines.family[line]).tolist():
        yield routes.operation[routes.start[route] : routes.start[route + 1]].tolist()


def trace(
    priced: Priced, line: int, *, timely: bool = False, through: NDArray[np.bool_] | None = None
) -> Trace | None:
    """``timely``: only paths that are not late; ``through``: only such as pass one of these work centres."""
    costs = operation_costs(priced, line)
    theirs = None if through is None else operation_costs(priced, line, through)
    best: Trace | None = None
    for operations in routes_of(priced.problem, line):
        for step in [None] if theirs is None else range(len(operations)):
            layers = [costs[operation] for operation in operations]
            if step is not None and theirs is not None:
                layers[step] = theirs[operations[step]]
            found = _trace(priced, line, operations, layers, timely=timely, at=step, through=through)
            if found is not None and (best is None or found.cost < best.cost):
                best = found
    return best


def _trace(
    priced: Priced,
    line: int,
    operations: list[int],
    layers: list[Floats],
    *,
    timely: bool,
    at: int | None,
    through: NDArray[np.bool_] | None,
) -> Trace | None:
    family = int(priced.problem.lines.family[line])
    done = [layers[0]]
    for cost in layers[1:]:
        done.append(move(priced, family, done[-1]) + cost)
    end = done[-1] + home(priced.problem, line, timely=timely)
    city, bucket = (int(each) for each in np.unravel_index(int(np.argmin(end)), end.shape))
    if not np.isfinite(end[city, bucket]):
        return None
    arrival = bucket + int(priced.problem.transport.lag[city, priced.problem.lines.city[line]])
    total, rows, buckets = float(end[city, bucket]), [], []
    for step in range(len(operations) - 1, -1, -1):
        rows.append(_row(priced, line, operations[step], city, bucket, through if step == at else None))
        buckets.append(bucket)
        if step:
            city, bucket = _before(priced.problem, family, done[step - 1], city, bucket)
    return Trace(total, tuple(reversed(rows)), tuple(reversed(buckets)), arrival)


def home(problem: Problem, line: int, *, timely: bool = False) -> Floats:
    """Transport to the customer and lateness from each city and bucket."""
    lines, transport = problem.lines, problem.transport
    city = lines.city[line]
    late = np.arange(problem.buckets)[None, :] + transport.lag[:, city][:, None] - lines.due[line]
    cost = np.where(late > 0, np.inf if timely else lines.late_cost[line] * late, 0.0)
    moved: Floats = cost + (problem.families.weight[lines.family[line]] * transport.cost[:, city])[:, None]
    return moved


def _row(
    priced: Priced, line: int, operation: int, city: int, bucket: int, through: NDArray[np.bool_] | None
) -> int:
    centres = priced.problem.work_centres
    rows = usable(priced.problem, line, through)
    centre = priced.problem.capabilities.work_centre[rows]
    rows = rows[(centres.operation[centre] == operation) & (centres.city[centre] == city)]
    return int(rows[np.argmin(cell_costs(priced, line, rows)[:, bucket])])


def _before(problem: Problem, family: int, done: Floats, city: int, bucket: int) -> tuple[int, int]:
    transport, families = problem.transport, problem.families
    wait = bucket - transport.lag[:, city][:, None] - np.arange(problem.buckets)[None, :]
    cost = done + families.hold_cost[family] * np.maximum(wait, 0)
    cost = cost + (families.weight[family] * transport.cost[:, city])[:, None]
    cost[wait < 0] = np.inf
    found = np.unravel_index(int(np.argmin(cost)), cost.shape)
    return int(found[0]), int(found[1])
