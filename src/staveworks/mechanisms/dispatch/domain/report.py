"""All that the pages show of a plan, worked out once when it is made."""

from dataclasses import asdict
from typing import Any

import numpy as np

from staveworks.engine.dispatch.problem import TOLERANCE
from staveworks.mechanisms.dispatch.domain.late import late_rows
from staveworks.mechanisms.dispatch.domain.load import load_of
from staveworks.mechanisms.dispatch.domain.plan import Plan
from staveworks.mechanisms.dispatch.domain.staves import stave_rows


def report_of(plan: Plan, *, stopped: bool) -> dict[str, Any]:
    """``stopped``: by hand, before the engine was through; ``knows_working_hours``: of every firm, so that overtime can be told."""
    worked = plan.problem.work_centres.working_hours
    return {
        "summary": summary_of(plan, stopped=stopped),
        "late": late_rows(plan),
        "knows_working_hours": worked is not None and bool(np.isfinite(worked).all()),
        "staves": stave_rows(plan),
        "firms": list(plan.problem.firms),
        "load": [asdict(load) for load in load_of(plan)],
    }


def summary_of(plan: Plan, *, stopped: bool) -> dict[str, Any]:
    result = plan.result
    late, rejected = plan.is_late, plan.is_rejected
    gap = result.proven_gap
    return {
        "status": result.status,
        "stopped": stopped,
        "objective": round(result.objective, 4),
        "bound": round(result.bound, 4),
        "proven_bound": round(result.proven_bound, 4),
        "gap": round(gap, 6) if np.isfinite(gap) else None,
        "costs": {kind: round(value, 4) for kind, value in asdict(result.costs).items()},
        "late_lines": int(late.sum()),
        "rejected_lines": int(rejected.sum()),
        "whole_lines": int((result.lines.rejected <= TOLERANCE * plan.problem.lines.quantity).sum()),
        "lots": len(np.unique(np.stack([result.allocations.line, result.allocations.lot]), axis=1).T),
        "firms": len(np.unique(plan.firm)),
        "seconds": {phase: round(value, 3) for phase, value in result.seconds.items()},
    }
