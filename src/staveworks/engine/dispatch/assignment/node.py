"""A part of an assignment's plans: which pairs are settled, open or closed in it, and what its plans cost at least."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.assignment.matrix import HAIR, Assignment, Longs, States
from staveworks.engine.dispatch.assignment.relaxation import CLOSED, OPEN, SETTLED, ascend, penalties
from staveworks.engine.dispatch.problem import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """``raises``: by open pair, how much the bound rises if the job must be there. ``dead``: no plan in it is as cheap as asked for."""

    state: States
    multipliers: Floats
    bound: float = -np.inf
    raises: Floats = field(default_factory=lambda: np.zeros(0))
    step: float = 0.3
    """How far the multipliers go at once, of the way to the bound that is aimed at."""
    dead: bool = False

    @property
    def open(self) -> Longs:
        return np.flatnonzero(self.state == OPEN)

    @property
    def settled(self) -> NDArray[np.bool_]:
        return self.state == SETTLED


def settle(assignment: Assignment, node: Node, pairs: Longs) -> Node:
    """The jobs of ``pairs`` are there and nowhere else."""
    state = node.state.copy()
    state[np.isin(assignment.job, assignment.job[pairs]) & (state == OPEN)] = CLOSED
    state[pairs] = SETTLED
    return replace(node, state=state)


def close(node: Node, pair: int) -> Node:
    state = node.state.copy()
    state[pair] = CLOSED
    return replace(node, state=state)


def examine(assignment: Assignment, node: Node, limit: float, rounds: int, aim: float = np.inf) -> Node:
    """Better multipliers and bound, and without the pairs of which no plan cheaper than ``limit`` is made."""
    node = _propagate(assignment, node)
    if node.dead:
        return node
    node, value = _raise_bound(assignment, node, limit, rounds, aim)
    if node.dead or not len(node.open):
        return node
    raises = np.full(len(node.state), value - node.bound)
    multipliers = node.multipliers * _undecided(assignment, node.state)
    penalties(*_pairs(assignment, node.state), multipliers, raises)
    state = node.state.copy()
    state[(state == OPEN) & (node.bound + raises >= limit)] = CLOSED
    return _propagate(assignment, replace(node, state=state, raises=raises))


def free_hours(assignment: Assignment, state: States) -> Floats:
    settled = state == SETTLED
    used = np.bincount(assignment.place[settled], assignment.hours[settled], assignment.places)
    free: Floats = assignment.free - used
    return free


def _propagate(assignment: Assignment, node: Node) -> Node:
    """Close what no longer fits, settle what has one place left, until nothing changes."""
    state, job = node.state.copy(), assignment.job
    while True:
        free = free_hours(assignment, state)
        done = np.bincount(job[state == SETTLED], minlength=assignment.jobs)
        lost = (done[job] > 0) | (assignment.hours > free[assignment.place] + HAIR)
        state[(state == OPEN) & lost] = CLOSED
        left = np.bincount(job[state == OPEN], minlength=assignment.jobs)
        if (free < -2 * HAIR).any() or (left + done == 0).any():
            return replace(node, state=state, dead=True)
        only = (state == OPEN) & (left[job] == 1)
        if not only.any():
            return replace(node, state=state)
        state[only] = SETTLED


def _undecided(assignment: Assignment, state: States) -> Floats:
    undecided = np.ones(assignment.jobs)
    undecided[assignment.job[state == SETTLED]] = 0.0
    return undecided


def _pairs(assignment: Assignment, state: States) -> tuple[Longs, Longs, Floats, Longs, Longs, States]:
    """As the kernels want them, with the room that what is settled leaves."""
    settled = state == SETTLED
    used = np.bincount(assignment.place[settled], assignment.need[settled], assignment.places)
    room = np.maximum(0, assignment.room - used.astype(np.int64))
    return assignment.start, assignment.job, assignment.cost, assignment.need, room, state


def _raise_bound(
    assignment: Assignment, node: Node, limit: float, rounds: int, aim: float
) -> tuple[Node, float]:
    """Also what these multipliers prove, which may be less than what was known."""
    fixed = float(assignment.cost[node.settled].sum())
    undecided = _undecided(assignment, node.state)
    if not undecided.any():
        return replace(node, bound=fixed, dead=fixed >= limit), fixed
    multipliers = node.multipliers * undecided
    pairs, target = _pairs(assignment, node.state), min(limit, aim) - fixed
    found, step = ascend(*pairs, undecided, multipliers, target, rounds, node.step)
    multipliers = np.where(undecided > 0, multipliers, node.multipliers)
    bound = max(node.bound, fixed + found)
    node = replace(node, multipliers=multipliers, bound=bound, step=step, dead=bound >= limit)
    return node, fixed + found
