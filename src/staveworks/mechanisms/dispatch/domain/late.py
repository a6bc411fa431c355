"""Late and rejected lines, the costliest first: which rule or place binds, and the smallest change that would help."""

from typing import Any

import numpy as np

from staveworks.engine.dispatch import WHY
from staveworks.engine.dispatch.problem import Ints
from staveworks.mechanisms.dispatch.domain.plan import Plan, capability_of

MOST = 2_000


def late_rows(plan: Plan) -> list[dict[str, Any]]:
    """``why``: a word of the engine's ``WHY``; ``binding``: the place that is full, with its price and the hours that would do."""
    problem, outcome = plan.problem, plan.result.lines
    bad = np.flatnonzero(plan.is_late | plan.is_rejected)
    loss = (outcome.late * problem.lines.late_cost + outcome.rejected * problem.lines.reject_cost)[bad]
    order = bad[np.argsort(-loss, kind="stable")][:MOST]
    return [_row(plan, at) for at in order.tolist()]


def _row(plan: Plan, at: int) -> dict[str, Any]:
    problem, outcome = plan.problem, plan.result.lines
    why = WHY[int(outcome.why[at])]
    row: dict[str, Any] = {
        "line": problem.lines.ids[at],
        "family": problem.families.ids[problem.lines.family[at]],
        "city": problem.cities[problem.lines.city[at]],
        "quantity": round(float(problem.lines.quantity[at]), 3),
        "due": int(problem.lines.due[at]),
        "late": int(plan.line_lateness[at]) if plan.is_late[at] else 0,
        "rejected": round(float(outcome.rejected[at]), 3) if plan.is_rejected[at] else 0,
        "why": why,
    }
    if why == "capacity":
        row["binding"] = binding(plan, at)
    elif why in ("grade", "certificates", "firms"):
        row["would"] = int(np.count_nonzero(_able(plan, at, leaving=why)))
    elif why == "lots":
        row["min_lot"] = round(float(problem.lines.min_lot[at]), 3)
        row["max_lots"] = int(problem.lines.max_lots[at])
    return row


def binding(plan: Plan, line: int) -> dict[str, Any] | None:
    """Of the operations that it needs the one whose cheapest hour, in time for its due date, is dearest: where, when, at what price, and
    how many hours its late or rejected quantity would take there."""
    problem = plan.problem
    able, last = _able(plan, line), min(int(problem.lines.due[line]), problem.buckets - 1)
    first = min(int(problem.lines.release[line]), last)
    found: dict[str, Any] | None = None
    for operation in _operations(plan, line):
        centres = np.flatnonzero(able & (problem.work_centres.operation == operation))
        hours = problem.work_centres.hours[centres, first : last + 1]
        if not (hours > 0).any():
            continue
        prices = np.where(hours > 0, plan.result.prices[centres, first : last + 1], np.inf)
        centre, bucket = np.unravel_index(int(np.argmin(prices)), prices.shape)
        price = float(prices[centre, bucket])
        if found is None or price > found["price"]:
            found = _cell(plan, line, int(centres[centre]), first + int(bucket), price)
    return found


def _cell(plan: Plan, line: int, centre: int, bucket: int, price: float) -> dict[str, Any]:
    problem = plan.problem
    row = capability_of(problem, np.array([centre], np.int32), problem.lines.family[[line]])[0]
    mine = plan.result.allocations.line[plan.last] == line
    late = plan.last[mine & (plan.lateness[plan.last] > 0)]
    quantity = float(
        plan.result.allocations.quantity[late].sum() + max(0.0, plan.result.lines.rejected[line])
    )
    return {
        "operation": problem.operations[problem.work_centres.operation[centre]],
        "city": problem.cities[problem.work_centres.city[centre]],
        "bucket": bucket,
        "price": round(price, 2),
        "hours": round(quantity * float(problem.capabilities.hours[row]), 1),
    }


def _operations(plan: Plan, line: int) -> list[int]:
    """Of the route by which it is made, else of its family's first."""
    problem = plan.problem
    made = np.flatnonzero(plan.result.allocations.line == line)
    if len(made):
        return list(dict.fromkeys(plan.operation[made].tolist()))
    routes = np.flatnonzero(problem.routes.family == problem.lines.family[line])
    if not len(routes):
        return []
    start, end = problem.routes.start[routes[0]], problem.routes.start[routes[0] + 1]
    return list(problem.routes.operation[start:end].tolist())


def _able(plan: Plan, line: int, *, leaving: str = "") -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Which work centres may make a step of it; with one rule left out, those that only this rule keeps away."""
    problem = plan.problem
    centres, lines = problem.work_centres, problem.lines
    count = len(centres.ids)
    makes = np.zeros(count, np.bool_)
    makes[problem.capabilities.work_centre[problem.capabilities.family == lines.family[line]]] = True
    rules = {
        "grade": centres.grade >= lines.grade[line],
        "certificates": ~np.any(lines.certificates[line] & ~centres.certificates, axis=1),
        "firms": _allowed(plan, line),
    }
    broken = ~rules.pop(leaving) if leaving else np.ones(count, np.bool_)
    return np.asarray(makes & broken & np.logical_and.reduce(list(rules.values())))


def _allowed(plan: Plan, line: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    lines, firm = plan.problem.lines, plan.problem.work_centres.firm
    named: Ints = lines.allowed.firm[lines.allowed.start[line] : lines.allowed.start[line + 1]]
    blocked: Ints = lines.blocked.firm[lines.blocked.start[line] : lines.blocked.start[line + 1]]
    allowed = np.isin(firm, named) if len(named) else np.ones(len(firm), np.bool_)
    return np.asarray(allowed & ~np.isin(firm, blocked))
