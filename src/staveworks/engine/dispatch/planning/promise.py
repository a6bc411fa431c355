"""What firms are promised of their hours, and how far a plan keeps it."""

from dataclasses import dataclass

import numpy as np

from staveworks.engine.dispatch.network import Network
from staveworks.engine.dispatch.plan import Plan
from staveworks.engine.dispatch.problem import Floats, Ints
from staveworks.engine.dispatch.settled import Open


@dataclass(frozen=True, slots=True, eq=False)
class Promise:
    """``hours`` by firm, without what settled work keeps; empty without fairness. An hour short costs ``penalty``."""

    firm: Ints
    """(work centres): whose."""
    hours: Floats
    penalty: float

    def owed(self, net: Network, plan: Plan) -> Floats:
        """By firm: promised hours that the plan doesn't work, below 0 where it works more. Setting up isn't work."""
        slots = np.flatnonzero(plan.quantity > 0)
        lot, step = np.nonzero(plan.option[slots] >= 0)
        option = plan.option[slots[lot], step]
        hours = plan.quantity[slots[lot]] * net.option_hours[option]
        return self.hours - np.bincount(self.firm[net.option_centre[option]], hours, len(self.hours))

    def cost(self, net: Network, plan: Plan) -> float:
        if not len(self.hours):
            return 0.0
        return self.penalty * float(np.maximum(0.0, self.owed(net, plan)).sum())


def promise_of(part: Open) -> Promise:
    fairness = part.problem.fairness
    return Promise(part.problem.work_centres.firm, part.promised, fairness.penalty if fairness else 0.0)
