"""What a what-if changes: cost by kind, lines that become late or aren't made in full, lots that move, hours that firms gain and lose."""

from dataclasses import asdict
from typing import Any

import numpy as np

from staveworks.engine.dispatch import Problem, effect
from staveworks.engine.dispatch.problem import TOLERANCE
from staveworks.mechanisms.dispatch.domain.plan import Plan

MOST_TURNED, MOST_LINES, MOST_FIRMS = 1_000, 40, 20
LEAST_HOURS = 0.5


def difference_of(base: Plan, other: Plan) -> dict[str, Any]:
    """Of two plans of the same lines and firms: other − base, without the price of moving, which nobody is paid. ``proven``: the change itself costs
    or saves, whatever better plans there are; ``as_before``: the cheaper plan needs no change; ``bound``: no plan with the change costs
    less than base and this; ``apart``: what the plan may still be above the best, in money, which a smaller difference can't be told from;
    ``promised``: what prices say of changed hours."""
    before, after = asdict(base.result.costs), asdict(other.result.costs)
    costs = {kind: round(after[kind] - before[kind], 2) for kind in after if kind != "stability"}
    found = effect((base.problem, base.result), (other.problem, other.result))
    cost = found.cost - (after["stability"] - before["stability"])
    return {
        "objective": round(cost, 2),
        "proven": found.most < 0 if cost < 0 else found.least >= 0,
        "as_before": found.as_before,
        "bound": round(found.bound, 2),
        "apart": round(found.apart, 2),
        "promised": promised(base, other),
        "costs": {kind: change for kind, change in costs.items() if abs(change) >= 0.01},
        "late_lines": int(other.is_late.sum() - base.is_late.sum()),
        "rejected_lines": int(other.is_rejected.sum() - base.is_rejected.sum()),
        **_turned(base, other, "is_late", "become_late", "become_punctual"),
        **_turned(base, other, "is_rejected", "become_short", "become_whole"),
        "moved": _moved(base, other),
        "firms": _firms(base, other),
    }


def promised(base: Plan, other: Plan) -> float | None:
    """What changed hours are worth at the base's prices: more of them save that at most, fewer cost that at least. None for other changes.

    The cost by prices is convex in hours, so a line at its slope lies below it.
    """
    before, after = base.problem, other.problem
    more = after.work_centres.hours - before.work_centres.hours
    if before.fairness or not more.any() or not _same_lines(before, after):
        return None
    return round(-float((base.result.prices * more).sum()), 2) + 0.0


def _same_lines(before: Problem, after: Problem) -> bool:
    """Lines that are due as they were, with the same lots settled."""
    one, other = before.commitments, after.commitments
    return np.array_equal(before.lines.due, after.lines.due) and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in type(one).__slots__
    )


def _turned(base: Plan, other: Plan, what: str, now: str, no_longer: str) -> dict[str, list[str]]:
    """Lines of which ``what`` is the case only now, and no longer, as their counts are told: of many the first."""
    before, after, ids = getattr(base, what), getattr(other, what), base.problem.lines.ids
    return {
        now: [ids[at] for at in np.flatnonzero(after & ~before)[:MOST_TURNED].tolist()],
        no_longer: [ids[at] for at in np.flatnonzero(before & ~after)[:MOST_TURNED].tolist()],
    }


def _moved(base: Plan, other: Plan) -> dict[str, Any]:
    """How many lines have work elsewhere or at another time, and some of them with where to."""
    before, after = _where(base), _where(other)
    lines = sorted({key[0] for key in before.keys() ^ after.keys()} | _changed(before, after))
    ids, problem = base.problem.lines.ids, other.problem
    some = []
    for line in lines[:MOST_LINES]:
        first = next((key for key in after if key[0] == line and key not in before), None)
        if first is not None:
            some.append(
                {
                    "line": ids[line],
                    "firm": problem.firms[problem.work_centres.firm[first[2]]],
                    "work_centre": problem.work_centres.ids[first[2]],
                    "bucket": first[3],
                }
            )
    return {"count": len(lines), "some": some}


def _where(plan: Plan) -> dict[tuple[int, int, int, int], float]:
    made = plan.result.allocations
    found: dict[tuple[int, int, int, int], float] = {}
    for key, quantity in zip(
        zip(
            made.line.tolist(),
            made.step.tolist(),
            made.work_centre.tolist(),
            made.bucket.tolist(),
            strict=True,
        ),
        made.quantity.tolist(),
        strict=True,
    ):
        found[key] = found.get(key, 0.0) + quantity
    return found


def _changed(
    before: dict[tuple[int, int, int, int], float], after: dict[tuple[int, int, int, int], float]
) -> set[int]:
    return {
        key[0]
        for key in before.keys() & after.keys()
        if abs(before[key] - after[key]) > TOLERANCE * max(1.0, before[key])
    }


def _firms(base: Plan, other: Plan) -> list[dict[str, Any]]:
    """Hours and pay that each firm gains or loses, the largest first."""
    count = len(base.problem.firms)
    hours = np.bincount(other.firm, other.hours, minlength=count) - np.bincount(
        base.firm, base.hours, minlength=count
    )
    pay = np.bincount(other.firm, other.pay, minlength=count) - np.bincount(
        base.firm, base.pay, minlength=count
    )
    order = np.argsort(-np.abs(hours), kind="stable")[:MOST_FIRMS]
    return [
        {
            "firm": base.problem.firms[at],
            "hours": round(float(hours[at]), 1),
            "pay": round(float(pay[at]), 2),
        }
        for at in order.tolist()
        if abs(hours[at]) >= LEAST_HOURS
    ]
