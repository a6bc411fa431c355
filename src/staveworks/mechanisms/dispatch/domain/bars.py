"""The plan as bars: rows of work centres by city and operation, and in a bucket one lot after the other, as wide as its hours."""

from typing import Any

import numpy as np

from staveworks.mechanisms.dispatch.domain.plan import Plan

PLACES = 4


def bars_of(plan: Plan, names: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Columns, for the canvas: ``rows`` are work centres, ``families`` those of ``lines``; ``bars`` have row, from, to (in buckets), line,
    lot, step, quantity, late."""
    problem, made = plan.problem, plan.result.allocations
    order = _rows(plan)
    row_of = np.full(len(problem.work_centres.ids), -1, np.int64)
    row_of[order] = np.arange(len(order))
    start, end = _places(plan)
    first = np.lexsort((start, row_of[made.work_centre])) if len(made) else np.zeros(0, np.int64)
    called = names.get("centres", {})
    return {
        "buckets": problem.buckets,
        "lines": list(problem.lines.ids),
        "families": [problem.families.ids[each] for each in problem.lines.family.tolist()],
        "rows": [
            {
                "id": problem.work_centres.ids[at],
                "name": called.get(problem.work_centres.ids[at])
                or problem.firms[problem.work_centres.firm[at]],
                "firm": problem.firms[problem.work_centres.firm[at]],
                "city": problem.cities[problem.work_centres.city[at]],
                "operation": problem.operations[problem.work_centres.operation[at]],
                "hours": [round(float(hours), 1) for hours in problem.work_centres.hours[at]],
            }
            for at in order.tolist()
        ],
        "bars": {
            "row": row_of[made.work_centre][first].tolist(),
            "from": np.round(start[first], PLACES).tolist(),
            "to": np.round(end[first], PLACES).tolist(),
            "line": made.line[first].tolist(),
            "lot": made.lot[first].tolist(),
            "step": made.step[first].tolist(),
            "quantity": np.round(made.quantity[first], 3).tolist(),
            "late": plan.lateness[first].tolist(),
        },
    }


def _rows(plan: Plan) -> Any:
    """Work centres with hours or work, by city, then the route's sequence of operations, then name."""
    problem = plan.problem
    centres = problem.work_centres
    shown = np.flatnonzero((centres.hours.sum(axis=1) > 0) | (plan.used.sum(axis=1) > 0))
    ids = np.array(centres.ids, dtype=object)[shown].astype(str)
    order = np.lexsort((ids, centres.operation[shown], centres.city[shown]))
    return shown[order]


def _places(plan: Plan) -> tuple[Any, Any]:
    """From and to in buckets: lots of a cell one after the other, late ones last as they come, each as wide as its share of hours."""
    made, centres = plan.result.allocations, plan.problem.work_centres
    if not len(made):
        return np.zeros(0), np.zeros(0)
    cell = made.work_centre.astype(np.int64) * plan.problem.buckets + made.bucket
    capacity = np.maximum(centres.hours, plan.used)[made.work_centre, made.bucket]
    width = plan.hours / np.maximum(capacity, 1e-9)
    order = np.lexsort((made.line, cell))
    total = np.cumsum(width[order])
    new = np.append(True, cell[order][1:] != cell[order][:-1])
    before = (total - width[order])[new]
    start = np.empty(len(made))
    start[order] = total - width[order] - before[np.cumsum(new) - 1]
    begin = made.bucket + np.clip(start, 0, 1)
    return begin, np.minimum(begin + width, made.bucket + 1.0)
