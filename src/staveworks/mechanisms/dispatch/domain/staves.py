"""The cluster's shortest staves: what an hour more is worth, by operation, city and bucket, and what 1 % more would save."""

from typing import Any

import numpy as np

from staveworks.engine.dispatch import find_staves
from staveworks.mechanisms.dispatch.domain.plan import Plan

LEAST_PRICE = 0.005
"""Money per hour below which nothing is short."""
MOST = 200


def stave_rows(plan: Plan) -> list[dict[str, Any]]:
    """The dearest hour first, at most ``MOST``. ``firms``: how many have hours there."""
    problem, found = plan.problem, find_staves(plan.problem, plan.result)
    order = np.argsort(-found.price, kind="stable")[:MOST]
    return [
        {
            "operation": problem.operations[found.operation[at]],
            "city": problem.cities[found.city[at]],
            "bucket": int(found.bucket[at]),
            "price": float(found.price[at]),
            "saves": float(found.saves[at]),
            "hours": float(found.hours[at]),
            "firms": int(found.firms[at]),
        }
        for at in order.tolist()
        if found.price[at] >= LEAST_PRICE
    ]
