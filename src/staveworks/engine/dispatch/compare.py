"""Two answers to a problem side by side: what a change costs or saves, which lines it helps, which firms gain and lose."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.check import broken_rules, recount
from staveworks.engine.dispatch.check.committed import find_capabilities, work_hours
from staveworks.engine.dispatch.problem import TOLERANCE, Floats, Problem
from staveworks.engine.dispatch.result import Costs, Result


@dataclass(frozen=True, slots=True, eq=False)
class FirmChange:
    """By the id of a firm: hours and pay, after less before."""

    firm: str
    hours: float
    paid: float


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """After less before. Lines and firms are compared by their ids: a what-if may have other ones."""

    costs: dict[str, float]
    objective: float
    bound: float
    newly_late: tuple[str, ...]
    no_longer_late: tuple[str, ...]
    newly_rejected: tuple[str, ...]
    no_longer_rejected: tuple[str, ...]
    moved: float
    """Quantity × steps that is no longer made at the same work centre in the same bucket."""
    firms: tuple[FirmChange, ...]
    """Those that gain or lose, the largest change of pay first."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change itself does to the cost, as far as it is proved: between ``least`` and ``most``, for the best plans there can be.

    ``as_before``: the plan that was found is cheaper, but keeps to the problem before the change as well, so it isn't the change that saves.
    ``bound``: no plan with the change costs less than the old plan and this. ``apart``: what the plan that is the dearer one may be above
    the best there is, of two that cost the same the one of which less is known; what is no more than that is no proof.
    """

    cost: float
    least: float
    most: float
    bound: float
    apart: float
    as_before: bool

    @property
    def proven(self) -> bool:
        """That the change costs something, or saves something, as the two plans say."""
        return self.most < 0 if self.cost < 0 else self.least >= 0


def effect(before: tuple[Problem, Result], after: tuple[Problem, Result]) -> Effect:
    """Problem and answer, twice; lines and work centres have the same places in both problems."""
    (problem, old), (_, new) = before, after
    bounds = [max(each.bound, each.proven_bound) for each in (old, new)]
    cheapest, tiny = old.objective, TOLERANCE * max(1.0, abs(old.objective))
    if new.objective < cheapest - tiny and not broken_rules(problem, new.allocations):
        cheapest = min(cheapest, recount(problem, new.allocations)[0].total)
    cost = new.objective - old.objective
    gaps = [each.objective - bound for each, bound in zip((old, new), bounds, strict=True)]
    dearer = gaps if abs(cost) <= tiny else gaps[cost > 0 :][:1]
    return Effect(
        cost=cost,
        least=bounds[1] - cheapest,
        most=new.objective - bounds[0],
        bound=bounds[1] - old.objective,
        apart=max(0.0, *dearer),
        as_before=cheapest < old.objective - tiny,
    )


def compare(before: tuple[Problem, Result], after: tuple[Problem, Result]) -> Difference:
    """Problem and answer, twice."""
    (_, old), (_, new) = before, after
    late, made = ([_named(*each, name) for each in (before, after)] for name in ("late", "rejected"))
    return Difference(
        costs={kind: getattr(new.costs, kind) - getattr(old.costs, kind) for kind in Costs.__slots__},
        objective=new.objective - old.objective,
        bound=new.bound - old.bound,
        newly_late=_only(late[1], late[0]),
        no_longer_late=_only(late[0], late[1]),
        newly_rejected=_only(made[1], made[0]),
        no_longer_rejected=_only(made[0], made[1]),
        moved=_moved(_places(*before), _places(*after)),
        firms=_changes(_firms(*before), _firms(*after)),
    )


def _named(problem: Problem, result: Result, name: str) -> list[str]:
    values: Floats = getattr(result.lines, name)
    return [problem.lines.ids[line] for line in np.flatnonzero(values > TOLERANCE).tolist()]


def _only(some: list[str], others: list[str]) -> tuple[str, ...]:
    known = set(others)
    return tuple(each for each in some if each not in known)


type Places = dict[tuple[str, int, str, int], float]


def _places(problem: Problem, result: Result) -> Places:
    plan, found = result.allocations, {}
    rows: NDArray[np.int64]
    keys = np.stack([plan.line, plan.step, plan.work_centre, plan.bucket])
    kinds, rows = np.unique(keys, axis=1, return_inverse=True)
    quantity = np.bincount(rows, plan.quantity, kinds.shape[1])
    for (line, step, centre, bucket), amount in zip(kinds.T.tolist(), quantity.tolist(), strict=True):
        found[problem.lines.ids[line], step, problem.work_centres.ids[centre], bucket] = amount
    return found


def _moved(old: Places, new: Places) -> float:
    return sum(max(0.0, amount - new.get(place, 0.0)) for place, amount in old.items())


def _firms(problem: Problem, result: Result) -> dict[str, tuple[float, float]]:
    plan, centres = result.allocations, problem.work_centres
    able = find_capabilities(problem, plan.work_centre, problem.lines.family[plan.line])
    firm, count = centres.firm[plan.work_centre], len(problem.firms)
    hours = np.bincount(firm, work_hours(problem, plan.line, plan.work_centre, plan.quantity), count)
    paid = np.bincount(firm, plan.quantity * problem.capabilities.cost[able], count)
    return dict(zip(problem.firms, zip(hours.tolist(), paid.tolist(), strict=True), strict=True))


def _changes(
    old: dict[str, tuple[float, float]], new: dict[str, tuple[float, float]]
) -> tuple[FirmChange, ...]:
    found = []
    for firm in dict.fromkeys([*old, *new]):
        (hours, paid), (then, then_paid) = old.get(firm, (0.0, 0.0)), new.get(firm, (0.0, 0.0))
        if abs(then - hours) > TOLERANCE or abs(then_paid - paid) > TOLERANCE:
            found.append(FirmChange(firm, then - hours, then_paid - paid))
    return tuple(sorted(found, key=lambda each: -abs(each.paid)))
