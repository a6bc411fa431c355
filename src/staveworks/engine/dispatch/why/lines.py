"""For every line that is late or rejected: the first rule that leaves it no better way. All lines of a class at once."""

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.check.eligible import classes, eligible
from staveworks.engine.dispatch.check.paths import Priced, arrivals, class_ends, price
from staveworks.engine.dispatch.problem import TOLERANCE, Floats, Problem
from staveworks.engine.dispatch.why.words import WHY

CODE = {word: number for number, word in enumerate(WHY)}
RULES = ("grade", "certificates", "firms")


def why_lines(
    problem: Problem, rejected: Floats, late: Floats, prices: Floats, fairness_prices: Floats
) -> NDArray[np.int8]:
    """A number of ``WHY`` for each line."""
    found = np.zeros(len(problem.lines), np.int8)
    bad = (rejected > TOLERANCE) | (late > TOLERANCE)
    free = price(problem, np.zeros_like(prices), np.zeros(0))
    priced = price(problem, prices, fairness_prices)
    for lines in classes(problem):
        some = lines[bad[lines]]
        if len(some):
            found[some] = _why_class(free, priced, some, rejected[some] > TOLERANCE)
    return found


def _why_class(
    free: Priced, priced: Priced, lines: NDArray[np.int64], rejected: NDArray[np.bool_]
) -> NDArray[np.int8]:
    best, timely = _best(free, lines)
    if not np.isfinite(best).any():
        blocked = _blocking_rule(free, int(lines[0]))
        return np.full(len(lines), CODE[blocked], np.int8)
    dear, dear_timely = _best(priced, lines)
    reject = free.problem.lines.reject_cost[lines]
    rules = [
        (~np.isfinite(best), "way"),
        (rejected & (best >= reject - TOLERANCE), "cheaper"),
        (rejected & (dear >= reject * (1 - TOLERANCE)), "capacity"),
        (rejected, "lots"),
        (~np.isfinite(timely), "release"),
        (timely >= best + TOLERANCE, "cheaper"),
        (dear_timely >= dear - TOLERANCE, "capacity"),
    ]
    codes = np.select([test for test, _ in rules], [CODE[word] for _, word in rules], CODE["lots"])
    return codes.astype(np.int8)


def _best(priced: Priced, lines: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """What the cheapest path of each line costs, and the cheapest that is in time."""
    of, ends = priced.problem.lines, class_ends(priced, int(lines[0]))
    there = arrivals(priced, ends, int(of.family[lines[0]]))[of.city[lines]]
    after = np.maximum(0, np.arange(there.shape[1])[None, :] - of.due[lines][:, None])
    best = (there + after * of.late_cost[lines][:, None]).min(axis=1)
    timely = np.where(after == 0, there, np.inf).min(axis=1)
    return best, timely


def _blocking_rule(free: Priced, line: int) -> str:
    """The rule that, added to those before, leaves some operation of every route without a work centre."""
    problem = free.problem
    able = problem.capabilities.work_centre[problem.capabilities.family == problem.lines.family[line]]
    if not _passes(problem, line, able):
        return "capability"
    for count, rule in enumerate(RULES, 1):
        able = able[eligible(problem, line, rules=RULES[:count])[able]]
        if not _passes(problem, line, able):
            return rule
    start = int(problem.lines.release[line])
    able = able[np.isfinite(free.hour[able, start:]).any(axis=1)]
    return "way" if _passes(problem, line, able) else "hours"


def _passes(problem: Problem, line: int, centres: NDArray[np.int32]) -> bool:
    """Whether these work centres have all operations of some route."""
    routes, have = problem.routes, problem.work_centres.operation[centres]
    return any(
        np.isin(routes.operation[routes.start[route] : routes.start[route + 1]], have).all()
        for route in np.flatnonzero(routes.family == problem.lines.family[line]).tolist()
    )
