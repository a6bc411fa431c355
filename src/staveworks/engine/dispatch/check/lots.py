"""How many lots a line can have, and what a unit costs whose lots have a price: large lines want large cells."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from staveworks.engine.dispatch.check.eligible import usable
from staveworks.engine.dispatch.check.paths import Priced, arrive, class_ends
from staveworks.engine.dispatch.problem import Floats, Problem


def most_lots(problem: Problem) -> Floats:
    """By line: its limit, or fewer where its quantity has not so many least lots. What is settled may lie below these."""
    lines = problem.lines
    if len(problem.commitments):
        return lines.max_lots.astype(np.float64)
    least = np.minimum(lines.min_lot, lines.quantity)
    with np.errstate(divide="ignore", invalid="ignore"):
        fitting = np.where(least > 0, np.floor(lines.quantity / least + 1e-9), np.inf)
    most: Floats = np.minimum(lines.max_lots, np.maximum(1.0, fitting))
    return most


def cheapest_with_lots(priced: Priced, line: int, lot_price: float) -> float:
    """What a unit of the line costs on its best path, with its part of a lot; ``inf`` where there is none.

    A lot on a path is no larger than the line, and than what the free hours of each cell on the way make of it. With T the largest of a unit's
    parts of these, a unit takes at least T of a lot. The cheapest path among cells of parts up to T falls as T rises, in few steps, so
    stretches of T are halved until nothing in them can be better.
    """
    able, free = priced.problem.capabilities, priced.committed.hours
    rows = usable(priced.problem, line)
    hours = able.hours[rows][:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(free[able.work_centre[rows]] > 0, hours / free[able.work_centre[rows]], np.inf)
    whole = 1 / float(priced.problem.lines.quantity[line])
    parts = np.unique(np.maximum(part[np.isfinite(part)], whole))
    if not len(parts):
        return float(np.inf)
    part_of_able = np.full((len(able.hours), part.shape[1]), np.inf)
    part_of_able[rows] = part

    def cheapest(place: int) -> float:
        some = replace(priced, closed=part_of_able > parts[place] * (1 + 1e-12))
        return float(arrive(some, class_ends(some, line), np.array([line]))[0])

    return _least(parts * lot_price, cheapest)


def _least(rising: Floats, falling: Callable[[int], float]) -> float:
    """The least sum of the two at one place."""
    last = len(rising) - 1
    first = falling(0)
    end = falling(last) if last else first
    best = min(first + float(rising[0]), end + float(rising[last]))
    stretches = [(0, first, last, end)]
    while stretches:
        low, above, high, below = stretches.pop()
        if high - low < 2 or above == below or below + rising[low + 1] >= best:
            continue
        middle = (low + high) // 2
        here = falling(middle)
        best = min(best, here + float(rising[middle]))
        stretches += [(low, above, middle, here), (middle, here, high, below)]
    return best
