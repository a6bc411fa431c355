"""How plans of an assignment are found, and proven the best: dives, dives round the best plan, then every part that is left."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from staveworks.engine.dispatch.assignment.matrix import HAIR, Assignment, Longs
from staveworks.engine.dispatch.assignment.node import Node, close, examine, free_hours, settle
from staveworks.engine.dispatch.assignment.relaxation import CLOSED, OPEN, SETTLED
from staveworks.engine.dispatch.problem import Floats

NODE = 400_000
"""What looking at a node costs beside its tables, in cells of tables (of about a nanosecond)."""
BUDGETS = ((100_000_000, 300_000_000), (3_300_000_000, 2_900_000_000))
"""Cells of tables to spend on diving and on proving, first for easy cases: counts, so that an answer can be had again."""
NOISE = (0.0, 0.01, 0.02, 0.05)
"""Of a job's mean cost: how far multipliers are moved before a dive."""


@dataclass(slots=True)
class Search:
    """The best plan so far: ``chosen`` pair of each job. ``over``: whether to stop now."""

    assignment: Assignment
    chosen: Longs
    cost: float
    over: Callable[[], bool]
    heard: Callable[[float], None]
    spent: int = 0

    @property
    def limit(self) -> float:
        """A plan that costs as much is no better than what is known."""
        step = self.assignment.step
        return self.cost - step + 1e-6 * step if step else self.cost - 1e-7 * max(1.0, abs(self.cost))

    def look(self, node: Node, rounds: int, aim: float = np.inf) -> Node:
        """At ``node``: a plan of it, if it is one plan, is kept if it is the best."""
        tables = int(self.assignment.room[self.assignment.place[node.open]].sum())
        self.spent += (rounds + 4) * tables + NODE
        node = examine(self.assignment, node, self.limit, rounds, aim)
        if node.dead or len(node.open):
            return node
        pairs = np.flatnonzero(node.settled)
        cost = float(self.assignment.cost[pairs].sum())
        if cost < self.cost:
            self.chosen, self.cost = pairs[np.argsort(self.assignment.job[pairs])], cost
            self.heard(cost)
        return replace(node, dead=True)

    def dive(self, node: Node, *, rounds: int, share: float) -> None:
        """Straight down: each time the ``share`` most decided of the open jobs are settled."""
        while not self.over():
            node = self.look(node, rounds)
            if node.dead:
                return
            best, regret = self._regrets(node)
            first = np.argsort(-regret, kind="stable")[: max(1, int(share * (regret >= 0).sum()))]
            node = settle(self.assignment, node, self._together(node, best[first]))

    def dive_around(self, node: Node, random: np.random.Generator) -> None:
        """Part of the best plan stays; the rest is dived for anew, with multipliers that are moved a little."""
        of = self.assignment
        part = random.uniform(0.3, 0.9)
        loose = random.random(of.jobs) < part
        if random.random() < 0.5 and of.places > 6:
            places = random.random(of.places) < part
            loose = places[of.place[self.chosen]]
        state = np.where(loose[of.job] & (node.state == OPEN), OPEN, CLOSED).astype(np.int8)
        state[self.chosen[loose]] = OPEN
        state[self.chosen[~loose]] = SETTLED
        noise = random.choice(NOISE) * self.cost / of.jobs
        moved = node.multipliers + random.normal(0.0, 1.0, of.jobs) * noise
        rounds, share = int(random.choice([8, 15, 30])), float(random.choice([0.04, 0.08, 0.16]))
        self.dive(Node(state, moved), rounds=rounds, share=share)

    def exhaust(self, node: Node, *, rounds: int, until: int) -> float:
        """Depth first, as long as less than ``until`` is spent; returns what plans that weren't looked at cost at least."""
        waiting = [node]
        while waiting and self.spent < until and not self.over():
            node = waiting.pop()
            if node.bound >= self.limit:
                continue
            looked = self.look(node, rounds)
            if looked.dead:
                continue
            best, regret = self._regrets(looked)
            job = int(np.argmax(regret))
            pair = int(best[job])
            elsewhere = replace(looked, bound=looked.bound + regret[job] + max(0.0, looked.raises[pair]))
            waiting += [close(elsewhere, pair), settle(self.assignment, looked, best[[job]])]
        return min((each.bound for each in waiting), default=np.inf)

    def _regrets(self, node: Node) -> tuple[Longs, Floats]:
        """Of each job the best open pair, and how much worse the second is; −1 where the job is decided."""
        of, pairs = self.assignment, node.open
        order = pairs[np.lexsort((node.raises[pairs], of.job[pairs]))]
        first = np.flatnonzero(np.diff(of.job[order], prepend=-1))
        best, regret = np.full(of.jobs, -1), np.full(of.jobs, -1.0)
        best[of.job[order[first]]] = order[first]
        regret[of.job[order[first]]] = node.raises[order[first + 1]] - node.raises[order[first]]
        return best, regret

    def _together(self, node: Node, pairs: Longs) -> Longs:
        """Those that fit beside each other, the first of them first."""
        of, free, kept = self.assignment, free_hours(self.assignment, node.state), []
        for pair in pairs.tolist():
            if of.hours[pair] <= free[of.place[pair]] + HAIR:
                free[of.place[pair]] -= of.hours[pair]
                kept.append(pair)
        return np.array(kept, np.int64)


def search(search: Search, multipliers: Floats, linear: float, seed: int) -> float:
    """Improves ``search`` until its plan is proven or the budget is spent. Returns what every plan costs at least."""
    random = np.random.default_rng(seed)
    root = Node(np.zeros(len(search.assignment.job), np.int8), multipliers)
    for aim in (1.005, 1.002):
        if not root.dead:
            root = search.look(replace(root, step=0.5), 150, max(linear, root.bound) * aim)
    if not root.dead:
        search.dive(root, rounds=15, share=0.08)
    bound = root.bound
    for diving, proving in BUDGETS:
        diving += search.spent
        while not root.dead and root.bound < search.limit and search.spent < diving and not search.over():
            search.dive_around(root, random)
        if not root.dead:
            root = search.look(replace(root, step=0.3), 150)
        if root.dead:
            return search.cost
        left = search.exhaust(replace(root, step=0.3), rounds=10, until=search.spent + proving)
        bound = max(bound, root.bound, left)
        if bound >= search.limit:
            return search.cost
    return bound
