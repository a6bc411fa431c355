"""What a plan costs, by kind and by line, from nothing but its allocations.

Fairness counts hours of work, not of setting up: `φ · Σ_f max(0, γ · declared_f − worked_f)`. Stability counts what of the planned
commitments isn't made any more at its place: same line, step, work centre and bucket, in whatever lot.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.check.committed import Committed, find_capabilities, settle
from staveworks.engine.dispatch.problem import Floats, Problem
from staveworks.engine.dispatch.result import Allocations, Costs, LineOutcomes

MOST_STEPS = 2**16


@dataclass(frozen=True, slots=True, eq=False)
class Sorted:
    """Allocations by line, lot and step. ``first`` and ``last``: a row begins or ends its lot; ``lot``: which lot it is of."""

    line: NDArray[np.int64]
    step: NDArray[np.int64]
    centre: NDArray[np.int64]
    bucket: NDArray[np.int64]
    quantity: Floats
    first: NDArray[np.bool_]
    last: NDArray[np.bool_]
    lot: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.line)


def sort_rows(plan: Allocations) -> Sorted:
    line, lot, step = (np.asarray(each, np.int64) for each in (plan.line, plan.lot, plan.step))
    order = np.lexsort((step, lot, line))
    line, lot = line[order], lot[order]
    first = np.ones(len(order), bool)
    first[1:] = (line[1:] != line[:-1]) | (lot[1:] != lot[:-1])
    return Sorted(
        line=line,
        step=step[order],
        centre=plan.work_centre[order].astype(np.int64),
        bucket=plan.bucket[order].astype(np.int64),
        quantity=plan.quantity[order],
        first=first,
        last=np.append(first[1:], True)[: len(order)],
        lot=np.cumsum(first) - 1,
    )


def place_keys(
    problem: Problem,
    line: NDArray[np.integer],
    step: NDArray[np.integer],
    centre: NDArray[np.integer],
    bucket: NDArray[np.integer],
) -> NDArray[np.int64]:
    """One number for (line, step, work centre, bucket)."""
    cells = len(problem.work_centres.ids) * problem.buckets
    of = np.asarray(line, np.int64) * MOST_STEPS + step
    keys: NDArray[np.int64] = of * cells + centre.astype(np.int64) * problem.buckets + bucket
    return keys


def routes_end(problem: Problem, rows: Sorted) -> NDArray[np.bool_]:
    """For each lot: whether its operations, from step 0 on, are those of a route of its family from end to end.

    The routes of all families form one tree; every lot walks down it, all lots one step at a time.
    """
    tree, ends = _tree(problem)
    begins = np.flatnonzero(rows.first)
    lengths = np.diff(np.append(begins, len(rows)))
    node = problem.lines.family[rows.line[begins]].astype(np.int64)
    operation = problem.work_centres.operation[rows.centre]
    for step in range(int(lengths.max(initial=0))):
        going = np.flatnonzero(lengths > step)
        at = begins[going] + step
        further = tree[node[going], operation[at]]
        node[going] = np.where(rows.step[at] == step, further, len(tree) - 1)
    done: NDArray[np.bool_] = ends[node]
    return done


def _tree(problem: Problem) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """``tree[node, operation]``; nodes 0 … F − 1 are the roots, the last is where nothing leads on."""
    routes = problem.routes
    rows: list[dict[int, int]] = [{} for _ in problem.families.ids]
    ends: set[int] = set()
    for route, family in enumerate(routes.family.tolist()):
        node = family
        for operation in routes.operation[routes.start[route] : routes.start[route + 1]].tolist():
            if operation not in rows[node]:
                rows.append({})
                rows[node][operation] = len(rows) - 1
            node = rows[node][operation]
        ends.add(node)
    tree = np.full((len(rows) + 1, len(problem.operations)), len(rows), np.int64)
    for node, further in enumerate(rows):
        for operation, to in further.items():
            tree[node, operation] = to
    return tree, np.isin(np.arange(len(tree)), list(ends))


def recount(problem: Problem, plan: Allocations) -> tuple[Costs, LineOutcomes]:
    """Costs by kind, and what becomes of each line; ``why`` is left 0."""
    rows, committed = sort_rows(plan), settle(problem)
    count = len(problem.lines)
    make, transport, holding, lateness, late, made = (np.zeros(count) for _ in range(6))
    _add_steps(problem, rows, make, transport, holding)
    _add_ends(problem, rows, transport, lateness, late, made)
    rejected = np.maximum(0.0, problem.lines.quantity - made)
    rejection = rejected * problem.lines.reject_cost
    stability = _stability(problem, rows, committed)
    costs = Costs(
        make=float(make.sum()),
        transport=float(transport.sum()),
        holding=float(holding.sum()),
        lateness=float(lateness.sum()),
        rejection=float(rejection.sum()),
        fairness=_fairness(problem, rows),
        stability=float(stability.sum()),
    )
    cost = make + transport + holding + lateness + rejection + stability
    return costs, LineOutcomes(made, rejected, late, cost, np.zeros(count, np.int8))


def _add_steps(problem: Problem, rows: Sorted, make: Floats, transport: Floats, holding: Floats) -> None:
    count, family = len(problem.lines), problem.lines.family[rows.line]
    able = find_capabilities(problem, rows.centre, family)
    price = np.where(
        able >= 0, problem.capabilities.cost[able] if len(problem.capabilities.cost) else 0.0, 0.0
    )
    make += np.bincount(rows.line, rows.quantity * price, count)
    to = np.flatnonzero(~rows.first)
    of, city = to - 1, problem.work_centres.city
    pair = city[rows.centre[of]], city[rows.centre[to]]
    quantity, family, line = rows.quantity[to], family[to], rows.line[to]
    moved = quantity * problem.families.weight[family] * problem.transport.cost[pair]
    waited = np.maximum(0, rows.bucket[to] - rows.bucket[of] - problem.transport.lag[pair])
    transport += np.bincount(line, np.where(np.isfinite(moved), moved, 0.0), count)
    holding += np.bincount(line, quantity * problem.families.hold_cost[family] * waited, count)


def _add_ends(
    problem: Problem, rows: Sorted, transport: Floats, lateness: Floats, late: Floats, made: Floats
) -> None:
    count, lines = len(problem.lines), problem.lines
    end = np.flatnonzero(rows.last)[routes_end(problem, rows)]
    line, quantity = rows.line[end], rows.quantity[end]
    pair = problem.work_centres.city[rows.centre[end]], lines.city[line]
    moved = quantity * problem.families.weight[lines.family[line]] * problem.transport.cost[pair]
    after = quantity * np.maximum(0, rows.bucket[end] + problem.transport.lag[pair] - lines.due[line])
    transport += np.bincount(line, np.where(np.isfinite(moved), moved, 0.0), count)
    late += np.bincount(line, after, count)
    lateness += late * lines.late_cost
    made += np.bincount(line, quantity, count)


def _fairness(problem: Problem, rows: Sorted) -> float:
    if problem.fairness is None:
        return 0.0
    short = np.maximum(
        0.0, promised_hours(problem) - worked_hours(problem, rows.line, rows.centre, rows.quantity)
    )
    return float(problem.fairness.penalty * short.sum())


def promised_hours(problem: Problem) -> Floats:
    """Of each firm: the promised share of what it declared."""
    share = 0.0 if problem.fairness is None else problem.fairness.share
    centres = problem.work_centres
    return share * np.bincount(centres.firm, centres.hours.sum(axis=1), len(problem.firms))


def worked_hours(
    problem: Problem, line: NDArray[np.integer], centre: NDArray[np.integer], quantity: Floats
) -> Floats:
    """Of each firm, without setting up."""
    able = find_capabilities(problem, centre, problem.lines.family[line])
    hours = np.where(able >= 0, problem.capabilities.hours[able], 0.0)
    return np.bincount(problem.work_centres.firm[centre], quantity * hours, len(problem.firms))


def _stability(problem: Problem, rows: Sorted, committed: Committed) -> Floats:
    """Of each line."""
    given, count = problem.commitments, len(problem.lines)
    if not len(given) or not problem.stability:
        return np.zeros(count)
    keys, first, own = np.unique(
        place_keys(problem, given.line, given.step, given.work_centre, given.bucket),
        return_index=True,
        return_inverse=True,
    )
    stays = np.bincount(own[committed.stays], given.quantity[committed.stays], len(keys))
    planned = np.bincount(own, given.quantity, len(keys)) - stays
    there = place_keys(problem, rows.line, rows.step, rows.centre, rows.bucket)
    place = np.minimum(np.searchsorted(keys, there), len(keys) - 1)
    hit = keys[place] == there
    kept = np.maximum(0.0, np.bincount(place[hit], rows.quantity[hit], len(keys)) - stays)
    moved = np.maximum(0.0, planned - kept)
    return problem.stability * np.bincount(given.line[first], moved, count)
