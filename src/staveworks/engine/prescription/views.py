"""A prescription as JSON, by the contract of ``staveworks prescribe``."""

from typing import Any

from staveworks.engine.prescription.explain import explain_chosen, explain_unchosen
from staveworks.engine.prescription.problem import Problem
from staveworks.engine.prescription.result import FrontierPoint, Prescription


def prescription_json(problem: Problem, answer: Prescription) -> dict[str, Any]:
    reached = answer.reached
    view: dict[str, Any] = {
        "status": answer.status,
        "chosen": [offer.id for offer in answer.chosen],
        "price_fen": answer.price_fen,
        "net_fen": reached.net_fen,
        "lead_time_days": reached.lead_time_days,
        "heights": reached.heights,
        "bearing": reached.bearing,
        "water_level": reached.water_level,
        "vector": list(reached.vector),
        "explain": _explain(problem, answer),
    }
    if answer.status == "feasible":
        view |= {"bound": answer.bound, "gap": answer.gap, "net_bound_fen": answer.net_bound_fen}
    return view


def _explain(problem: Problem, answer: Prescription) -> dict[str, Any]:
    return {
        "chosen": [
            {
                "id": each.offer.id,
                "lifts": {code: {"from": low, "to": high} for code, (low, high) in each.lifts.items()},
                "water_level_without": each.level_without,
            }
            for each in explain_chosen(problem, answer.chosen)
        ],
        "not_chosen": [
            {
                "id": each.offer.id,
                "why": each.why,
                "because": list(each.because),
                "lacking_fen": each.lacking_fen,
            }
            for each in explain_unchosen(problem, answer.chosen)
        ],
    }


def frontier_json(point: FrontierPoint) -> dict[str, Any]:
    return {
        "budget_fen": point.budget_fen,
        "water_level": point.water_level,
        "chosen": [offer.id for offer in point.chosen],
    }
