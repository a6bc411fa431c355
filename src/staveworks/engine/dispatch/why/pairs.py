"""Why not this firm for this line; and of a firm: what it got, and for each thing it can make why it got nothing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.check.committed import find_capabilities, work_hours
from staveworks.engine.dispatch.check.eligible import classes, eligible
from staveworks.engine.dispatch.check.paths import Priced, cell_costs, price
from staveworks.engine.dispatch.problem import TOLERANCE, Problem
from staveworks.engine.dispatch.result import Result
from staveworks.engine.dispatch.why.room import missing
from staveworks.engine.dispatch.why.trace import trace
from staveworks.engine.dispatch.why.words import PAIRS
from staveworks.kit.text import Text

CLASSES = 60
"""So many groups of lines of a family are tried, the largest first: a firm doesn't wait for all of a cluster's."""


@dataclass(frozen=True, slots=True)
class PairWhy:
    """``code`` is a key of ``PAIRS``; ``gap``: by how much a unit through it is dearer than what was done."""

    code: str
    text: Text
    gap: float | None = None


@dataclass(frozen=True, slots=True)
class OfferWhy:
    """What becomes of one capability, the row ``capability``."""

    capability: int
    hours: float
    why: PairWhy


@dataclass(frozen=True, slots=True)
class FirmWhy:
    """``rows`` of the allocations are its work; ``paid`` its own prices for it; ``used`` of ``declared`` hours."""

    declared: float
    used: float
    paid: float
    rows: NDArray[np.int64]
    offers: tuple[OfferWhy, ...]


def explain_pair(problem: Problem, result: Result, line: int, firm: int) -> PairWhy:
    theirs = problem.work_centres.firm == firm
    mine = (result.allocations.line == line) & theirs[result.allocations.work_centre]
    if mine.any():
        return PairWhy("chosen", PAIRS["chosen"])
    return _why_not(price(problem, result.prices, result.fairness_prices), line, theirs)


def _why_not(priced: Priced, line: int, theirs: NDArray[np.bool_]) -> PairWhy:
    problem = priced.problem
    able = problem.capabilities
    rows = np.flatnonzero((able.family == problem.lines.family[line]) & theirs[able.work_centre])
    centres = able.work_centre[rows]
    if not len(rows):
        return PairWhy("capability", PAIRS["capability"])
    if not eligible(problem, line, rules=("grade",))[centres].any():
        return PairWhy("grade", PAIRS["grade"])
    graded = centres[eligible(problem, line, rules=("grade",))[centres]]
    if not eligible(problem, line, rules=("grade", "certificates"))[centres].any():
        lacking = min((missing(problem, line, int(centre)) for centre in graded), key=len)
        return PairWhy(
            "certificates", PAIRS["certificates"].format(zh="、".join(lacking), en=", ".join(lacking))
        )
    rows = rows[eligible(problem, line)[centres]]
    if not len(rows):
        return PairWhy("blocked", PAIRS["blocked"])
    if not np.isfinite(cell_costs(priced, line, rows)).any():
        return PairWhy("hours", PAIRS["hours"])
    return _dearer(priced, line, theirs)


def _dearer(priced: Priced, line: int, theirs: NDArray[np.bool_]) -> PairWhy:
    through = trace(priced, line, through=theirs)
    if through is None:
        return PairWhy("way", PAIRS["way"])
    best = trace(priced, line)
    value = min(float(priced.problem.lines.reject_cost[line]), best.cost if best else np.inf)
    gap = max(0.0, through.cost - value)
    if gap <= TOLERANCE * max(1.0, abs(value)):
        return PairWhy("even", PAIRS["even"], 0.0)
    return PairWhy("dearer", PAIRS["dearer"].format(gap=f"{gap:.4g}"), gap)


def explain_firm(problem: Problem, result: Result, firm: int) -> FirmWhy:
    theirs = problem.work_centres.firm == firm
    plan = result.allocations
    rows = np.flatnonzero(theirs[plan.work_centre])
    found = find_capabilities(problem, plan.work_centre[rows], problem.lines.family[plan.line[rows]])
    hours = work_hours(problem, plan.line[rows], plan.work_centre[rows], plan.quantity[rows])
    used = np.bincount(found[found >= 0], hours[found >= 0], len(problem.capabilities.cost))
    cost = problem.capabilities.cost[found]
    priced = price(problem, result.prices, result.fairness_prices)
    own = np.flatnonzero(theirs[problem.capabilities.work_centre])
    lines = {family: _of_family(problem, family) for family in set(problem.capabilities.family[own].tolist())}
    return FirmWhy(
        declared=float(problem.work_centres.hours[theirs].sum()),
        used=float(hours.sum()),
        paid=float((plan.quantity[rows] * cost).sum()),
        rows=rows,
        offers=tuple(
            OfferWhy(
                capability=row,
                hours=float(used[row]),
                why=_offer(priced, row, float(used[row]), lines[int(problem.capabilities.family[row])]),
            )
            for row in own.tolist()
        ),
    )


def _of_family(problem: Problem, family: int) -> list[int]:
    """One line of each of the largest classes of a family."""
    groups = [lines for lines in classes(problem) if problem.lines.family[lines[0]] == family]
    groups.sort(key=lambda lines: -float(problem.lines.quantity[lines].sum()))
    return [int(lines[0]) for lines in groups[:CLASSES]]


def _offer(priced: Priced, row: int, used: float, lines: list[int]) -> PairWhy:
    """Of the lines that it could make, the one for which it comes nearest to being chosen."""
    if used > TOLERANCE:
        return PairWhy("chosen", PAIRS["chosen"])
    if not lines:
        return PairWhy("unwanted", PAIRS["unwanted"])
    centre = np.zeros(len(priced.problem.work_centres.ids), bool)
    centre[priced.problem.capabilities.work_centre[row]] = True
    found = [_why_not(priced, line, centre) for line in lines]
    return min(found, key=lambda why: (np.inf if why.gap is None else why.gap, -list(PAIRS).index(why.code)))
