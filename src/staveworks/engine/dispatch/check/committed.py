"""What of a problem is settled already: commitments that stay, and what they leave of quantities and hours.

Started and pinned commitments stay, and planned ones in frozen buckets. A lot with such a step keeps its quantity; its other steps may
move.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.problem import PLANNED, Floats, Problem


@dataclass(frozen=True, slots=True, eq=False)
class Committed:
    """``stays``: which commitments do. ``lot``: for each the number of its lot, ``line``, ``quantity`` and ``settled`` by lot."""

    stays: NDArray[np.bool_]
    lot: NDArray[np.int64]
    line: NDArray[np.int64]
    quantity: Floats
    settled: NDArray[np.bool_]
    left: Floats
    """Of each line: what lots without a settled step have to make."""
    hours: Floats
    """Of each cell: what the settled steps leave (work centres, buckets)."""


def settle(problem: Problem) -> Committed:
    given = problem.commitments
    stays = (given.status != PLANNED) | (given.bucket < problem.frozen)
    lots, first, lot = np.unique(
        given.line.astype(np.int64) << 32 | given.lot, return_index=True, return_inverse=True
    )
    settled = np.zeros(len(lots), bool)
    settled[lot[stays]] = True
    line, quantity = given.line[first].astype(np.int64), given.quantity[first]
    taken = np.bincount(line[settled], quantity[settled], len(problem.lines))
    hours = problem.work_centres.hours.copy()
    work = work_hours(problem, given.line[stays], given.work_centre[stays], given.quantity[stays])
    np.subtract.at(hours, (given.work_centre[stays], given.bucket[stays]), work)
    return Committed(
        stays=stays,
        lot=lot.astype(np.int64),
        line=line,
        quantity=quantity,
        settled=settled,
        left=np.maximum(0.0, problem.lines.quantity - taken),
        hours=np.where(hours > 1e-9, hours, 0.0),
    )


def find_capabilities(
    problem: Problem, centre: NDArray[np.integer], family: NDArray[np.integer]
) -> NDArray[np.int64]:
    """The row of each (work centre, family) among the capabilities, −1 where there is none."""
    count = len(problem.families.ids)
    keys = problem.capabilities.work_centre.astype(np.int64) * count + problem.capabilities.family
    order = np.argsort(keys, kind="stable")
    wanted = np.asarray(centre, np.int64) * count + family
    if not len(keys):
        return np.full(len(wanted), -1, np.int64)
    place = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    found = order[place]
    return np.where(keys[found] == wanted, found, -1)


def work_hours(
    problem: Problem, line: NDArray[np.integer], centre: NDArray[np.integer], quantity: Floats
) -> Floats:
    """Hours that each step of a lot takes, its set-up with it."""
    found = find_capabilities(problem, centre, problem.lines.family[line])
    able = problem.capabilities
    hours: Floats = np.where(found >= 0, quantity * able.hours[found] + able.setup_hours[found], 0.0)
    return hours
