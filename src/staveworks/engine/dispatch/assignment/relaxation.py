"""What assignments cost at least, if a job may be at several places or none at a price: one knapsack a place.

With a multiplier λ_j for each job that isn't decided yet,

    L(λ) = Σ_j λ_j − Σ_p max { Σ (λ_j − cost_jp) over a choice of jobs that fits in p's room }   ≤   every assignment's cost

because an assignment pays λ_j exactly once for each job. The choice is tabulated by grains of room, so L is far above the linear
bound, which allows parts of jobs. ``state`` of a pair: 1 settled (its room and cost are the caller's matter), 0 open, −1 closed.
"""

import numpy as np
from numba import types

from staveworks.engine.dispatch.assignment.matrix import Longs, States
from staveworks.engine.dispatch.compiled import BYTES, FLOAT, FLOATS, LONG, LONGS, NONE, TABLE, kernel
from staveworks.engine.dispatch.problem import Floats

OPEN, SETTLED, CLOSED = 0, 1, -1
PAIR = types.UniTuple(FLOAT, 2)  # type: ignore[no-untyped-call]
PATIENCE = 12
"""Steps without a better bound, after which they are shortened."""


@kernel(LONG, TABLE, LONG, LONG, LONGS, FLOATS, LONGS, BYTES, FLOATS, LONGS)
def _fill(
    table: Floats,
    start: int,
    end: int,
    job: Longs,
    cost: Floats,
    need: Longs,
    state: States,
    multipliers: Floats,
    pairs: Longs,
) -> int:
    """Best gains by grains of room; row r + 1 allows the first r + 1 of the pairs that are worth it. Returns how many those are."""
    room, count = table.shape[1] - 1, 0
    table[0, :] = 0.0
    for pair in range(start, end):
        gain = multipliers[job[pair]] - cost[pair]
        if state[pair] != 0 or gain <= 0.0 or need[pair] > room:
            continue
        pairs[count] = pair
        count += 1
        before, after, w = table[count - 1], table[count], need[pair]
        after[:w] = before[:w]
        for have in range(w, room + 1):
            taken = before[have - w] + gain
            after[have] = taken if taken > before[have] else before[have]
    return count


@kernel(FLOAT, LONGS, LONGS, FLOATS, LONGS, LONGS, BYTES, FLOATS, LONGS)
def relax(
    start: Longs,
    job: Longs,
    cost: Floats,
    need: Longs,
    room: Longs,
    state: States,
    multipliers: Floats,
    taken: Longs,
) -> float:
    """L but for what is settled; ``taken``: how many places want each job."""
    value = multipliers.sum()
    taken[:] = 0
    pairs = np.empty(len(job), np.int64)
    for place in range(len(room)):
        table = np.empty((start[place + 1] - start[place] + 1, room[place] + 1))
        count = _fill(table, start[place], start[place + 1], job, cost, need, state, multipliers, pairs)
        have = room[place]
        value -= table[count, have]
        for row in range(count - 1, -1, -1):
            if table[row + 1, have] > table[row, have]:
                taken[job[pairs[row]]] += 1
                have -= need[pairs[row]]
    return value


@kernel(PAIR, LONGS, LONGS, FLOATS, LONGS, LONGS, BYTES, FLOATS, FLOATS, FLOAT, LONG, FLOAT)
def ascend(
    start: Longs,
    job: Longs,
    cost: Floats,
    need: Longs,
    room: Longs,
    state: States,
    undecided: Floats,
    multipliers: Floats,
    target: float,
    rounds: int,
    step: float,
) -> tuple[float, float]:
    """Better multipliers by subgradients, in place; ``undecided``: 1.0 or 0.0 by job. Returns L and the length of the last step."""
    taken = np.zeros(len(multipliers), np.int64)
    here, best, found, stalled = multipliers.copy(), multipliers.copy(), -np.inf, 0
    way = np.zeros(len(multipliers))
    for _ in range(rounds):
        value = relax(start, job, cost, need, room, state, here, taken)
        if value > found + 1e-7:
            stalled = 0
            found = value
            best[:] = here
        else:
            stalled += 1
        if value >= target:
            break
        slope = (1.0 - taken) * undecided
        length = (slope * slope).sum()
        if length == 0.0:
            break
        if stalled >= PATIENCE:
            step *= 0.6
            stalled = 0
            here[:] = best
            way[:] = 0.0
        way = 0.7 * slope + 0.3 * way
        here += step * (target - value) / length * way
    multipliers[:] = best
    return found, step


@kernel(NONE, LONGS, LONGS, FLOATS, LONGS, LONGS, BYTES, FLOATS, FLOATS)
def penalties(  # noqa: C901 - two tables and a sum, in loops for the compiler
    start: Longs,
    job: Longs,
    cost: Floats,
    need: Longs,
    room: Longs,
    state: States,
    multipliers: Floats,
    found: Floats,
) -> None:
    """``found`` of each open pair is raised by as much as L is if the job must be there.

    The best choice without a pair is made of what is tabulated before it and after it.
    """
    for place in range(len(room)):
        begin, end, most = start[place], start[place + 1], room[place]
        back = np.zeros((end - begin + 1, most + 1))
        for pair in range(end - 1, begin - 1, -1):
            after, here, w = back[pair - begin + 1], back[pair - begin], need[pair]
            gain = multipliers[job[pair]] - cost[pair]
            here[:] = after
            if state[pair] == 0 and gain > 0.0:
                for have in range(w, most + 1):
                    taken = after[have - w] + gain
                    if taken > here[have]:
                        here[have] = taken
        front = np.zeros(most + 1)
        for pair in range(begin, end):
            w, gain = need[pair], multipliers[job[pair]] - cost[pair]
            if state[pair] != 0:
                continue
            after, without = back[pair - begin + 1], -np.inf
            for have in range(most - w + 1):
                both = front[have] + after[most - w - have]
                if both > without:
                    without = both
            found[pair] += back[0, most] - without - gain
            if gain > 0.0:
                for have in range(most, w - 1, -1):
                    taken = front[have - w] + gain
                    if taken > front[have]:
                        front[have] = taken
