"""A plan as commitments of the next one: what has begun stays, what has not may move; what has lost its hours is open again."""

from collections.abc import Mapping
from typing import Any

from staveworks.engine.dispatch.problem import PLANNED, STARTED, STATUSES
from staveworks.mechanisms.dispatch.domain.plan import Plan


def commitments_of(plan: Plan, tables: Mapping[str, Any], *, begun: int) -> list[dict[str, Any]]:
    """``tables``: those of the new problem; ``begun``: buckets before this one are over. A lot with a step in a cell that has no hours
    any more is left out from that step on; without a step that began it is left out whole."""
    hours = {(row["work_centre"], row["bucket"]) for row in tables["capacity"] if float(row["hours"]) > 0}
    problem, made = plan.problem, plan.result.allocations
    lots: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for at in range(len(made)):
        bucket = int(made.bucket[at])
        lots.setdefault((int(made.line[at]), int(made.lot[at])), []).append(
            {
                "line": problem.lines.ids[made.line[at]],
                "lot": int(made.lot[at]),
                "step": int(made.step[at]),
                "work_centre": problem.work_centres.ids[made.work_centre[at]],
                "bucket": bucket,
                "quantity": float(made.quantity[at]),
                "status": STATUSES[STARTED if bucket < begun else PLANNED],
            }
        )
    return [row for lot in lots.values() for row in _kept(lot, hours)]


def _kept(lot: list[dict[str, Any]], hours: set[tuple[str, int]]) -> list[dict[str, Any]]:
    started = [row for row in lot if row["status"] == STATUSES[STARTED]]
    whole = all((row["work_centre"], row["bucket"]) in hours for row in lot if row not in started)
    return lot if whole else started
