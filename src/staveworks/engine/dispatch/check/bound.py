"""The certified bound, by plain shortest paths: nobody has to believe the solver.

For prices π ≥ 0 (money per hour of a cell, a work centre in a bucket) and, with fairness, 0 ≤ μ_f ≤ φ for every firm f,

    L(π, μ) = Σ_l left_l · min(reject_l, min_path Σ_steps (cost + (π_cell − μ_firm) · hours) + transport + holding + lateness)
              − Σ_cells π · free  +  Σ_f μ_f · (γ · declared_f − settled_f)  +  what is settled

is no more than the cost of any plan. ``left``, ``free`` are quantities and hours without settled commitments. Why: of any plan x,
the hours within a cell are at most ``free``, so adding Σ π · (used − free) ≤ 0 doesn't raise its cost; its fairness cost φ · max(0, s) of a
firm that is s hours short of the promise is at least μ_f · s for every μ_f between 0 and φ, with s = γ · declared − settled − worked. After
both, the cost is a sum over units of quantity, each on a path of its own or rejected: none is cheaper than its line's cheapest. Left out,
and all ≥ 0: π · set-up hours, stability, the limits on lots. (μ is multiplied with hours of work, not of setting up, which is why the
promise counts those alone: with π < μ the set-up hours would have lowered the sum.)

What is settled: the steps that stay cost what they cost without prices, and a lot of which only some steps stay goes on from them
on the cheapest path, at prices, or is given up at ``reject``.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.check.committed import Committed, find_capabilities, settle
from staveworks.engine.dispatch.check.costs import promised_hours, worked_hours
from staveworks.engine.dispatch.problem import Firms, Floats, Ints, Problem


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


def lower_bound(problem: Problem, prices: Floats, fairness_prices: Floats) -> float:
    """L(π, μ) of this module."""
    priced = price(problem, prices, fairness_prices)
    lines, committed = problem.lines, priced.committed
    total = float(committed.left @ np.minimum(lines.reject_cost, cheapest_paths(priced)))
    total -= float((prices * committed.hours)[:, problem.frozen :].sum())
    given, stays = problem.commitments, committed.stays
    if len(fairness_prices):
        settled = worked_hours(problem, given.line[stays], given.work_centre[stays], given.quantity[stays])
        total += float(fairness_prices @ (promised_hours(problem) - settled))
    return total + sum(_settled_costs(priced))


def cheapest_paths(priced: Priced) -> Floats:
    """Of each line: what its cheapest path costs per unit, prices of hours with it; ``inf`` where there is none."""
    problem = priced.problem
    found = np.full(len(problem.lines), np.inf)
    for lines in classes(problem):
        ends = class_ends(priced, int(lines[0]))
        found[lines] = arrive(priced, ends, lines)
    return found


def classes(problem: Problem) -> Iterator[NDArray[np.int64]]:
    """Lines that may go the same ways: family, grade, certificates, release and firms are the same."""
    lines = problem.lines
    keys = [lines.family, lines.grade, np.maximum(lines.release, problem.frozen)]
    keys += [lines.certificates[:, word] for word in range(lines.certificates.shape[1])]
    keys += [_codes(lines.allowed), _codes(lines.blocked)]
    order = np.lexsort(keys)
    if not len(order):
        return
    differs = np.zeros(len(order) - 1, bool)
    for key in keys:
        differs |= key[order][1:] != key[order][:-1]
    yield from np.split(order, np.flatnonzero(differs) + 1)


def _codes(sets: Firms) -> NDArray[np.int64]:
    """Equal numbers for equal sets, 0 for the empty one."""
    codes = np.zeros(len(sets.start) - 1, np.int64)
    seen: dict[bytes, int] = {}
    for line in np.flatnonzero(np.diff(sets.start)).tolist():
        firms = np.sort(firms_of(sets, line)).tobytes()
        codes[line] = seen.setdefault(firms, len(seen) + 1)
    return codes


def eligible(
    problem: Problem, line: int, *, rules: Collection[str] = ("grade", "certificates", "firms")
) -> NDArray[np.bool_]:
    """Which work centres a line may use by these ``rules``, whatever they can make."""
    centres, lines = problem.work_centres, problem.lines
    fine = np.ones(len(centres.ids), bool)
    if "grade" in rules:
        fine &= centres.grade >= lines.grade[line]
    if "certificates" in rules:
        need = lines.certificates[line]
        fine &= ((centres.certificates & need) == need).all(axis=1)
    if "firms" in rules:
        allowed, blocked = firms_of(lines.allowed, line), firms_of(lines.blocked, line)
        fine &= ~np.isin(centres.firm, blocked)
        if len(allowed):
            fine &= np.isin(centres.firm, allowed)
    return fine


def firms_of(sets: Firms, line: int) -> Ints:
    return sets.firm[sets.start[line] : sets.start[line + 1]]


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


def usable(problem: Problem, line: int, among: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """The capabilities that a line may use."""
    able = problem.capabilities
    rows = np.flatnonzero(able.family == problem.lines.family[line])
    fine = eligible(problem, line)
    return rows[(fine if among is None else fine & among)[able.work_centre[rows]]]


def cell_costs(priced: Priced, line: int, rows: NDArray[np.int64]) -> Floats:
    """What a unit costs at these capabilities by bucket, prices of hours with it; ``inf`` where nothing is free."""
    able = priced.problem.capabilities
    hour = priced.hour[able.work_centre[rows]]
    cost = np.where(np.isfinite(hour), able.cost[rows][:, None] + hour * able.hours[rows][:, None], np.inf)
    cost[:, : priced.problem.lines.release[line]] = np.inf
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
    """Cheapest cost of being in each city at each moment of ``ways``, having left another without waiting."""
    never = np.full((len(done), 1), np.inf)
    cost = np.concatenate([done, never], axis=1).ravel().take(ways.leave)
    cost += weight * ways.cost[:, :, None]
    arrived: Floats = cost.min(axis=0)
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
