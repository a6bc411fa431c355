"""Two threads on one plan: lines in two halves, each with a part of the hours that are left.

The halves are the same whatever the number of threads, so the plan is too. Slots are their lines' own; hours are each half's own while it works
and are joined after.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from staveworks.engine.dispatch.network import Longs, Table
from staveworks.engine.dispatch.plan import Plan
from staveworks.engine.dispatch.planning.makers import Desk
from staveworks.engine.dispatch.planning.moves import Journal

PIECE = 2_000
"""Lines between two looks at whether to end."""


def in_halves(
    plan: Plan,
    lines: Longs,
    rooms: list[tuple[Desk, Journal]],
    threads: int,
    turn: int,
    over: Callable[[], bool],
    work: Callable[[Plan, Longs, Desk, Journal], object],
) -> None:
    """``work`` on pieces of the lines, one half beside the other; what ``over`` leaves out stays as it is. The plan knows no uses of cells.

    In the first turn, 0, each half has its share of every cell; later each cell's rest is one half's, another in another turn: a rest is
    too small to be shared.
    """
    halves = [np.ascontiguousarray(lines[part :: len(rooms)]) for part in range(len(rooms))]
    plans = [plan._replace(left=left) for left in shared(plan.left, len(rooms), turn)]

    def run(part: int) -> None:
        for start in range(0, len(halves[part]), PIECE):
            if over():
                break
            work(plans[part], halves[part][start : start + PIECE], *rooms[part])

    with ThreadPoolExecutor(min(threads, len(rooms))) as pool:
        list(pool.map(run, range(len(rooms))))
    plan.left[:] = sum(each.left for each in plans)


def shared(left: Table, parts: int, turn: int) -> list[Table]:
    if turn == 0:
        return [left / parts for _ in range(parts)]
    owner = np.random.default_rng(turn).integers(0, parts, left.shape)
    return [np.where(owner == part, left, 0.0) for part in range(parts)]
