"""A problem without set-ups that costs no more: each unit carries the part of a set-up that it carries at the least.

A lot is no larger than its line, nor than what the fullest cell of a work centre makes beside the set-up, so that s hours of setting up
are at least s / largest for each unit. Whatever plan there is keeps to these hours too: a bound of the problem without set-ups is one of
the problem itself, and knows why colours shouldn't change for a few metres.

Lines of a family are told apart by their quantity, in bands: in each the upper end is the largest lot.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.problem import PLANNED, Capabilities, Families, Floats, Ints, Problem, Routes

BAND = 1.1
"""From one band of quantities to the next."""
MOST = 1_500
"""Lines: of more, bands would make too many families."""


def has_setups(problem: Problem) -> bool:
    """Whether there are set-ups that can be spread: not where lots are settled, which have theirs, nor where work alone is promised."""
    there = bool(problem.capabilities.setup_hours.any()) and len(problem.lines) <= MOST
    return there and not settles(problem) and not problem.fairness


def settles(problem: Problem) -> bool:
    """Whether a commitment stays whatever it costs; planned ones outside of frozen buckets may move."""
    given = problem.commitments
    return bool(len(given)) and (problem.frozen > 0 or bool((given.status != PLANNED).any()))


def spread_setups(problem: Problem) -> Problem:
    """The same lines, work centres and hours; families once for each band of quantities, and no set-ups."""
    able, lines = problem.capabilities, problem.lines
    told = np.zeros(len(problem.families.weight), bool)
    told[able.family[able.setup_hours > 0]] = True
    band = np.where(told[lines.family] & (lines.quantity > 0), _band(lines.quantity), 0)
    pairs, family = np.unique(np.stack([lines.family, band]), axis=1, return_inverse=True)
    of, largest = pairs[0].astype(np.int64), np.where(told[pairs[0]], BAND ** pairs[1].astype(float), np.inf)
    return replace(
        problem,
        families=_families(problem.families, of),
        routes=_routes(problem.routes, of),
        capabilities=_capabilities(problem, of, largest),
        lines=replace(lines, family=family.ravel().astype(np.int32)),
    )


def _band(quantity: Floats) -> NDArray[np.int64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.ceil(np.log(quantity) / np.log(BAND) - 1e-9)
    return np.where(np.isfinite(found), found, 0).astype(np.int64)


def _families(families: Families, of: NDArray[np.int64]) -> Families:
    ids = [families.ids[each] for each in of.tolist()]
    return Families(ids, families.weight[of], families.hold_cost[of])


def _routes(routes: Routes, of: NDArray[np.int64]) -> Routes:
    rows, family = _rows_of(routes.family, of)
    count = np.diff(routes.start)[rows]
    operation = np.concatenate(
        [routes.operation[routes.start[row] : routes.start[row + 1]] for row in rows.tolist()]
        or [np.zeros(0, np.int32)]
    )
    ids = [routes.ids[row] for row in rows.tolist()]
    return Routes(ids, family, np.concatenate([[0], np.cumsum(count)]).astype(routes.start.dtype), operation)


def _capabilities(problem: Problem, of: NDArray[np.int64], largest: Floats) -> Capabilities:
    """Work centres that aren't set up in any of their buckets make nothing."""
    able = problem.capabilities
    rows, family = _rows_of(able.family, of)
    centre, setup = able.work_centre[rows], able.setup_hours[rows]
    room = problem.work_centres.hours[:, problem.frozen :].max(axis=1, initial=0.0)[centre] - setup
    lot = np.minimum(largest[family], room / able.hours[rows])
    kept = (setup <= 0) | (lot > 0)
    rows, family, setup, lot = rows[kept], family[kept], setup[kept], lot[kept]
    hours = able.hours[rows] + np.divide(setup, lot, out=np.zeros(len(rows)), where=setup > 0)
    return Capabilities(able.work_centre[rows], family, able.cost[rows], hours, np.zeros(len(rows)))


def _rows_of(families: Ints, of: NDArray[np.int64]) -> tuple[NDArray[np.int64], Ints]:
    """The rows of each of the families ``of``, and the place there of each row's."""
    rows = [np.flatnonzero(families == each) for each in of.tolist()] or [np.zeros(0, np.int64)]
    count = [len(each) for each in rows]
    return np.concatenate(rows), np.repeat(np.arange(len(rows), dtype=np.int32), count)
