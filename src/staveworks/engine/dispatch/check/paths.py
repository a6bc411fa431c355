"""Cheapest paths at prices, in plain NumPy: one for all lines of a class up to the last operation, then each line's own last hop."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.check.committed import Committed, settle
from staveworks.engine.dispatch.check.eligible import classes, usable
from staveworks.engine.dispatch.problem import Floats, Problem


@dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """A problem at prices: hours that are free, and what an hour costs over the price of the firm."""

    problem: Problem
    committed: Committed
    hour: Floats
    """(work centres, buckets), ``inf`` where nothing is free."""
    on: "Ways"
    """To the next operation."""
    home: "Ways"
    """To the customer, past the last bucket too."""
    closed: NDArray[np.bool_] | None = None
    """(capabilities, buckets): not to be used."""


def price(problem: Problem, prices: Floats, fairness_prices: Floats) -> Priced:
    committed = settle(problem)
    hour = np.array(prices, np.float64)
    if len(fairness_prices):
        hour -= fairness_prices[problem.work_centres.firm][:, None]
    free = committed.hours > 0
    free[:, : problem.frozen] = False
    latest = problem.buckets + int(problem.transport.lag.max(initial=0))
    return Priced(
        problem,
        committed,
        np.where(free, hour, np.inf),
        ways(problem, problem.buckets),
        ways(problem, latest),
    )


def cheapest_paths(priced: Priced) -> Floats:
    """Of each line: what its cheapest path costs per unit, prices of hours with it; ``inf`` where there is none."""
    problem = priced.problem
    found = np.full(len(problem.lines), np.inf)
    for lines in classes(problem):
        ends = class_ends(priced, int(lines[0]))
        found[lines] = arrive(priced, ends, lines)
    return found


def class_ends(
    priced: Priced, line: int, forced: "dict[int, tuple[int, int, float]] | None" = None
) -> Floats:
    """Cheapest cost of having done all operations, by the city (C, B) where and bucket when the last is done.

    ``forced``: at a step the cell (work centre, bucket) and its cost that are given, whatever is eligible or free.
    """
    problem = priced.problem
    routes, family = problem.routes, int(problem.lines.family[line])
    shape = len(problem.cities), problem.buckets
    ends = np.full(shape, np.inf)
    steps = operation_costs(priced, line)
    for route in np.flatnonzero(routes.family == family).tolist():
        operations = routes.operation[routes.start[route] : routes.start[route + 1]].tolist()
        ends = np.minimum(ends, _walk(priced, family, operations, steps, forced or {}))
    return ends


def operation_costs(priced: Priced, line: int, among: NDArray[np.bool_] | None = None) -> Floats:
    """What an operation costs a unit at the cheapest eligible work centre (of ``among``): (operations, cities, buckets)."""
    problem = priced.problem
    rows = usable(problem, line, among)
    cost = cell_costs(priced, line, rows)
    centre, centres = problem.capabilities.work_centre[rows], problem.work_centres
    found = np.full((len(problem.operations) * len(problem.cities), problem.buckets), np.inf)
    where = centres.operation[centre].astype(np.int64) * len(problem.cities) + centres.city[centre]
    if len(where):
        order = np.argsort(where, kind="stable")
        begins = np.flatnonzero(np.append(True, np.diff(where[order]) > 0))
        found[where[order][begins]] = np.minimum.reduceat(cost[order], begins, axis=0)
    return found.reshape(len(problem.operations), len(problem.cities), problem.buckets)


def cell_costs(priced: Priced, line: int, rows: NDArray[np.int64]) -> Floats:
    """What a unit costs at these capabilities by bucket, prices of hours with it; ``inf`` where nothing is free."""
    able = priced.problem.capabilities
    hour = priced.hour[able.work_centre[rows]]
    cost = np.where(np.isfinite(hour), able.cost[rows][:, None] + hour * able.hours[rows][:, None], np.inf)
    cost[:, : priced.problem.lines.release[line]] = np.inf
    if priced.closed is not None:
        cost[priced.closed[rows]] = np.inf
    return cost


def _walk(
    priced: Priced,
    family: int,
    operations: Sequence[int],
    steps: Floats,
    forced: dict[int, tuple[int, int, float]],
) -> Floats:
    done, centres = np.zeros(steps.shape[1:]), priced.problem.work_centres
    if any(step >= len(operations) for step in forced):
        return np.full(steps.shape[1:], np.inf)
    for step, operation in enumerate(operations):
        if step:
            done = move(priced, family, done)
        cost = steps[operation]
        if step in forced:
            centre, bucket, given = forced[step]
            cost = np.full(cost.shape, np.inf)
            if centres.operation[centre] == operation:
                cost[centres.city[centre], bucket] = given
        done = done + cost
    return done


def move(priced: Priced, family: int, done: Floats) -> Floats:
    """By city and bucket: cheapest having waited, and arrived from any city."""
    families, waited = priced.problem.families, done.copy()
    for bucket in range(1, done.shape[1]):
        waited[:, bucket] = np.minimum(waited[:, bucket], waited[:, bucket - 1] + families.hold_cost[family])
    return _arrivals(priced.on, families.weight[family], waited)


def _arrivals(ways: "Ways", weight: float, done: Floats) -> Floats:
    """Cheapest cost of being in each city at each moment of ``ways``, having left another without waiting.

    Cities that nothing leaves are passed over: of many regions without a road between, a class knows but one.
    """
    never = np.full((len(done), 1), np.inf)
    leaving = np.isfinite(done).any(axis=1)
    some: slice | NDArray[np.bool_] = slice(None) if leaving.all() else leaving
    cost = np.concatenate([done, never], axis=1).ravel().take(ways.leave[some])
    cost += weight * ways.cost[some][:, :, None]
    arrived: Floats = cost.min(axis=0, initial=np.inf)
    return arrived


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Between cities: the cost of a weight, and ``leave`` (from, to, moment of arrival), the place of (from, moment of leaving)."""

    cost: Floats
    leave: NDArray[np.int64]


def ways(problem: Problem, until: int) -> Ways:
    """Up to the moment ``until`` of arrival; nobody leaves but in a bucket."""
    moment = np.arange(until)[None, None, :] - problem.transport.lag[:, :, None]
    inside = (moment >= 0) & (moment < problem.buckets)
    of = np.arange(len(problem.cities))[:, None, None] * (problem.buckets + 1)
    return Ways(problem.transport.cost, of + np.where(inside, moment, problem.buckets))


def arrivals(priced: Priced, ends: Floats, family: int) -> Floats:
    """What has come to each customer's city at each moment costs: (cities, moments), past the last bucket too."""
    return _arrivals(priced.home, priced.problem.families.weight[family], ends)


def arrive(priced: Priced, ends: Floats, lines: NDArray[np.int64]) -> Floats:
    """What the cheapest path of each of ``lines``, all of one class, costs at its customer's, lateness with it."""
    of = priced.problem.lines
    there = arrivals(priced, ends, int(of.family[lines[0]]))
    found = np.empty(len(lines))
    for start in range(0, len(lines), 2**16):
        some = lines[start : start + 2**16]
        late = np.maximum(0, np.arange(there.shape[1])[None, :] - of.due[some][:, None])
        found[start : start + 2**16] = (there[of.city[some]] + late * of.late_cost[some][:, None]).min(axis=1)
    return found
