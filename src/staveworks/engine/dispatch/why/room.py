"""What a work centre lacks for a line, and the largest lot that has room."""

import numpy as np

from staveworks.engine.dispatch.check.eligible import usable
from staveworks.engine.dispatch.problem import Floats, Problem
from staveworks.engine.dispatch.why.trace import routes_of


def missing(problem: Problem, line: int, centre: int) -> list[str]:
    """Certificates that the line wants and the work centre hasn't."""
    lacking = problem.lines.certificates[line] & ~problem.work_centres.certificates[centre]
    return [
        name
        for place, name in enumerate(problem.certificates)
        if int(lacking[place // 64]) >> (place % 64) & 1
    ]


def widest(problem: Problem, left: Floats, line: int, *, by: int) -> float:
    """The largest lot that some path has room for that is with the customer in bucket ``by`` at the latest."""
    able, centres = problem.capabilities, problem.work_centres
    rows = usable(problem, line)
    room = (
        np.maximum(0.0, left[able.work_centre[rows]] - able.setup_hours[rows][:, None])
        / able.hours[rows][:, None]
    )
    room[:, : problem.lines.release[line]] = 0.0
    found = np.zeros((len(problem.operations), len(problem.cities), problem.buckets))
    where = centres.operation[able.work_centre[rows]], centres.city[able.work_centre[rows]]
    np.maximum.at(found, where, room)
    best, home = 0.0, problem.lines.city[line]
    there = np.arange(problem.buckets)[None, :] + problem.transport.lag[:, home][:, None] <= by
    there &= np.isfinite(problem.transport.cost[:, home])[:, None]
    for operations in routes_of(problem, line):
        wide = found[operations[0]]
        for operation in operations[1:]:
            wide = np.minimum(_reach(problem, wide), found[operation])
        best = max(best, float(wide[there].max(initial=0.0)))
    return best


def _reach(problem: Problem, wide: Floats) -> Floats:
    """The widest that has come to each city by each bucket."""
    waited, found = np.maximum.accumulate(wide, axis=1), np.zeros_like(wide)
    ways = np.where(np.isfinite(problem.transport.cost), problem.transport.lag, problem.buckets)
    for to in range(len(ways)):
        for lag in set(ways[:, to].tolist()):
            if lag < problem.buckets:
                come = waited[ways[:, to] == lag, : problem.buckets - lag].max(axis=0)
                found[to, lag:] = np.maximum(found[to, lag:], come)
    return found
