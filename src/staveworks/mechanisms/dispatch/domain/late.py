"""Late and rejected lines, the costliest first, with what the engine says would help."""

from typing import Any

import numpy as np

from staveworks.engine.dispatch import WHY, Change, explain_line
from staveworks.mechanisms.dispatch.domain.plan import WEEK_HOURS, Plan

MOST, EXPLAINED = 2_000, 200
"""Lines that a report lists; of those so many, the costliest, with their changes: the page of a line asks for its own."""


def late_rows(plan: Plan) -> list[dict[str, Any]]:
    """``why``: a word of the engine's ``WHY``; ``changes``: each by itself would help, several of ``hours`` together."""
    problem, outcome = plan.problem, plan.result.lines
    bad = np.flatnonzero(plan.is_late | plan.is_rejected)
    loss = (outcome.late * problem.lines.late_cost + outcome.rejected * problem.lines.reject_cost)[bad]
    order = bad[np.argsort(-loss, kind="stable")][:MOST].tolist()
    return [
        _row(plan, at) | ({"changes": changes_of(plan, at)} if place < EXPLAINED else {})
        for place, at in enumerate(order)
    ]


def _row(plan: Plan, at: int) -> dict[str, Any]:
    problem, outcome = plan.problem, plan.result.lines
    return {
        "line": problem.lines.ids[at],
        "family": problem.families.ids[problem.lines.family[at]],
        "city": problem.cities[problem.lines.city[at]],
        "quantity": round(float(problem.lines.quantity[at]), 3),
        "due": int(problem.lines.due[at]),
        "late": int(plan.line_lateness[at]) if plan.is_late[at] else 0,
        "rejected": round(float(outcome.rejected[at]), 3) if plan.is_rejected[at] else 0,
        "why": WHY[int(outcome.why[at])],
    }


def changes_of(plan: Plan, line: int) -> list[dict[str, Any]]:
    """What would help a line, the engine's smallest change of each kind first."""
    found = explain_line(plan.problem, plan.result, line, machine=WEEK_HOURS)
    return [_change(plan, each) for each in found.changes]


def _change(plan: Plan, change: Change) -> dict[str, Any]:
    """``amount``: hours, buckets, money or quantity, by kind; where it is about a work centre also what that is; ``beyond``:
    hours of ``amount`` that aren't worked there yet."""
    found: dict[str, Any] = {"kind": change.kind, "amount": round(change.amount, 4)}
    if change.work_centre is not None:
        problem, centre = plan.problem, change.work_centre
        found |= {
            "work_centre": problem.work_centres.ids[centre],
            "firm": problem.firms[problem.work_centres.firm[centre]],
            "operation": problem.operations[problem.work_centres.operation[centre]],
            "city": problem.cities[problem.work_centres.city[centre]],
        }
    if change.lacking:
        found["certificates"] = list(change.lacking)
    if change.bucket is not None:
        found |= {"bucket": change.bucket, "price": round(change.price, 2)}
    if change.beyond:
        found["beyond"] = round(change.beyond, 4)
    return found
