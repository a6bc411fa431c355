"""What one firm learns of a plan: its own lots, and for each of its operations why it got them or didn't. Nothing of anybody else."""

from typing import Any

import numpy as np

from staveworks.mechanisms.dispatch.domain.plan import Plan

FULL, MOST_PLACES = 0.995, 60
"""The share of hours from which a work centre counts as full."""


def work_of(plan: Plan, firm: int) -> list[dict[str, Any]]:
    """Its lots, by week. ``centre`` stays an id where ``work_centre`` becomes what it is called."""
    problem, made = plan.problem, plan.result.allocations
    mine = np.flatnonzero(plan.firm == firm)
    mine = mine[np.lexsort((made.line[mine], made.bucket[mine]))]
    return [
        {
            "line": problem.lines.ids[made.line[at]],
            "family": problem.families.ids[problem.lines.family[made.line[at]]],
            "operation": problem.operations[plan.operation[at]],
            "work_centre": problem.work_centres.ids[made.work_centre[at]],
            "centre": problem.work_centres.ids[made.work_centre[at]],
            "bucket": int(made.bucket[at]),
            "quantity": round(float(made.quantity[at]), 3),
            "hours": round(float(plan.hours[at]), 2),
            "pay": round(float(plan.pay[at]), 2),
        }
        for at in mine.tolist()
    ]


def reasons_of(plan: Plan, firm: int) -> list[dict[str, Any]]:
    """A row for each of its work centres: hours declared, used, paid, and a code.

    ``full``: all its hours have work; ``partly``; ``dear``: at its price each line had a cheaper or earlier place, with ``cut``: by how
    much less per unit it would have been chosen somewhere; ``unable``: no line asks for what it makes, or none that it may make.
    Where no price would help, ``rest`` says why hours are left: ``nobody`` else makes what it could in weeks in which it has any, or it
    was as cheap as what was chosen (``even``).
    """
    problem = plan.problem
    centres = problem.work_centres
    found = []
    for centre in np.flatnonzero(centres.firm == firm).tolist():
        declared, used = float(centres.hours[centre].sum()), float(plan.used[centre].sum())
        row: dict[str, Any] = {
            "work_centre": centres.ids[centre],
            "operation": problem.operations[centres.operation[centre]],
            "city": problem.cities[centres.city[centre]],
            "declared": round(declared, 1),
            "used": round(used, 1),
        }
        row |= _why(plan, centre, declared, used)
        found.append(row)
    return found


def _why(plan: Plan, centre: int, declared: float, used: float) -> dict[str, Any]:
    if declared <= 0:
        return {"code": "no_hours"}
    if used >= FULL * declared:
        return {"code": "full"}
    lines = able_lines(plan, centre)
    if not lines.any():
        return {"code": "unable"}
    return {"code": "partly" if used > 0 else "dear", **_cut(plan, centre, lines)}


def able_lines(plan: Plan, centre: int) -> Any:
    """Which lines it may make one step of: family, grade, certificates, firms."""
    problem = plan.problem
    lines, centres = problem.lines, problem.work_centres
    families = problem.capabilities.family[problem.capabilities.work_centre == centre]
    fits = np.isin(lines.family, families) & (lines.grade <= centres.grade[centre])
    fits &= ~np.any(lines.certificates & ~centres.certificates[centre], axis=1)
    firm = int(centres.firm[centre])
    fits &= ~_names(lines.blocked, firm, len(lines))
    named = np.diff(lines.allowed.start) > 0
    return fits & (~named | _names(lines.allowed, firm, len(lines)))


def _names(sets: Any, firm: int, count: int) -> Any:
    rows = np.repeat(np.arange(count), np.diff(sets.start))
    return np.bincount(rows[sets.firm == firm], minlength=count) > 0


def _cut(plan: Plan, centre: int, lines: Any) -> dict[str, Any]:
    """``cut``: by how much less per unit, and ``percent``: that as a share of its price, it would be as good as what was chosen, for
    some lot in some week in which it has hours left; by prices. ``rest``: why there is no such price."""
    problem, made = plan.problem, plan.result.allocations
    centres, able = problem.work_centres, problem.capabilities
    free = centres.hours[centre] - plan.used[centre]
    rows = np.flatnonzero(
        lines[made.line]
        & (plan.operation == centres.operation[centre])
        & (free[made.bucket] > 0)
        & (plan.firm != centres.firm[centre])
    )
    if not len(rows):
        return {"rest": "nobody"}
    own = {
        int(able.family[at]): (float(able.cost[at]), float(able.hours[at]))
        for at in np.flatnonzero(able.work_centre == centre).tolist()
    }
    chosen = plan.capability[rows]
    worth = (
        able.cost[chosen] + plan.result.prices[made.work_centre[rows], made.bucket[rows]] * able.hours[chosen]
    )
    families = problem.lines.family[made.line[rows]].tolist()
    mine = np.array([own[family][0] for family in families])
    mine_full = mine + plan.result.prices[centre, made.bucket[rows]] * np.array(
        [own[family][1] for family in families]
    )
    gap = mine_full - worth
    at = int(np.argmin(gap / np.maximum(mine, 1e-9)))
    cut = float(gap[at])
    if cut <= 0:
        return {"rest": "even"}
    return {"cut": round(cut, 4), "percent": round(cut / max(float(mine[at]), 1e-9), 4)}


def centres_for(plan: Plan, line: int, own: int) -> list[int]:
    """Work centres that can do for ``line`` what ``own`` does, those with most hours left first."""
    problem = plan.problem
    centres = problem.work_centres
    same = np.flatnonzero(centres.operation == centres.operation[own])
    able = [int(each) for each in same if able_lines(plan, int(each))[line]]
    left = (centres.hours - plan.used).sum(axis=1)
    return sorted(able, key=lambda each: -float(left[each]))[:MOST_PLACES]
