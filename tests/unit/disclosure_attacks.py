"""Attackers on published groups. They share no code with the engine: they know the register (who is in which group, who came, went or
changed), see everything that was ever published, and compute what it must mean.

``SumAttacker`` takes whatever is additive (counts, sums) and subtracts in every possible way; ``QuartileAttacker`` tries every value
that the firms could have.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations, combinations_with_replacement, product

import numpy as np

from staveworks.engine.disclosure import Contribution, Group, Problem, Result, Summary, faults_of, solve

DOMAIN = (2.0, 7.0, 30.0, 55.0, 93.0, 98.0)
"""Values that firms have in these tests: two at each coded end, so that being coded isn't being pinned."""

Pair = tuple[str, float | int]


@dataclass
class Publisher:
    """Publishes snapshot after snapshot as the product does, and keeps what an attacker sees."""

    joining: frozenset[int] = frozenset()
    shown: tuple[Group, ...] = ()
    used: frozenset[Pair] = frozenset()
    snapshots: list[tuple[Group, ...]] = field(default_factory=list)

    def publish(self, contributions: Iterable[Contribution]) -> Result:
        problem = Problem(tuple(contributions), self.shown, self.used, joining=self.joining)
        result = solve(problem)
        assert faults_of(problem, result) == []
        self.shown = result.groups
        self.used |= frozenset(chain.from_iterable(group.members for group in result.groups))
        self.snapshots.append(result.groups)
        return result


@dataclass
class Naive:
    """The control: every cell and every total of at least five, anew at each snapshot. Primary suppression and no more."""

    snapshots: list[tuple[Group, ...]] = field(default_factory=list)

    def publish(self, contributions: Iterable[Contribution]) -> None:
        found = list(contributions)
        depth = max((len(each.path) for each in found), default=0)
        nodes = {each.path[:d] for each in found for d in range(depth + 1)}
        groups = [
            Group.of(node, [each for each in found if each.path[: len(node)] == node])
            for node in sorted(nodes)
        ]
        self.snapshots.append(tuple(group for group in groups if len(group.members) >= 5))


def tables(snapshot: Sequence[Group]) -> list[tuple[Group, ...]]:
    """Everything that is published of a snapshot: each group, and all groups below each node together (the control's tables are
    its groups: they lie inside each other)."""
    nodes = {group.node[:depth] for group in snapshot for depth in range(len(group.node) + 1)}
    together = [tuple(g for g in snapshot if g.node[: len(node)] == node) for node in sorted(nodes)]
    apart = sum(len(group.members) for group in snapshot) == len(
        {f for group in snapshot for f in group.firms}
    )
    return [(group,) for group in snapshot] + [each for each in together if len(each) > 1 and apart]


def smallest_support(snapshots: Sequence[Sequence[Group]], most: int = 4) -> int | None:
    """The fewest values that some combination of published sums is about, if that is at most ``most``: found by asking, for
    every small set of values, whether the published sums determine something about them alone."""
    sums = [table for snapshot in snapshots for table in tables(snapshot)]
    values = sorted({pair for table in sums for group in table for pair in group.members})
    if not values:
        return None
    rows = np.array(
        [[pair in {p for g in table for p in g.members} for pair in values] for table in sums], dtype=float
    )
    whole = np.linalg.matrix_rank(rows)
    for size in range(1, most + 1):
        for chosen in combinations(range(len(values)), size):
            rest = np.delete(rows, chosen, axis=1)
            if np.linalg.matrix_rank(rest) < whole:
                return size
    return None


def quartiles(values: Sequence[float]) -> tuple[int, int, int, int]:
    """As published, computed another way than the engine does."""
    low, middle, high = np.percentile(values, [25, 50, 75])
    coded = [int(np.clip(np.floor(each + 0.5), 10, 90)) for each in (low, middle, high)]
    return len(values) - len(values) % 5, coded[0], coded[1], coded[2]


@dataclass(frozen=True)
class Atom:
    """Values that an attacker can't tell apart: they are in the same groups at all times."""

    pairs: tuple[Pair, ...]
    tables: frozenset[int]


def feasible(
    snapshots: Sequence[Sequence[Group]], known: str | None = None
) -> dict[tuple[Pair, ...], set[float]] | None:
    """For each atom the values that its firms may have, given all that is published and (``known``) one firm's own values.
    None where there are too many possibilities to try."""
    sums = [table for snapshot in snapshots for table in tables(snapshot)]
    said = [quartiles([v for group in table for _, v in group.members]) for table in sums]
    atoms = _atoms(sums, known)
    choices = [
        [tuple(value for _, value in atom.pairs)]
        if known and atom.pairs[0][0] == known
        else list(combinations_with_replacement(DOMAIN, len(atom.pairs)))
        for atom in atoms
    ]
    if np.prod([float(len(each)) for each in choices]) > 4e4:
        return None
    found: dict[tuple[Pair, ...], set[float]] = {atom.pairs: set() for atom in atoms}
    for guess in product(*choices):
        if _fits(guess, atoms, said):
            for atom, values in zip(atoms, guess, strict=True):
                found[atom.pairs] |= set(values)
    return found


def _fits(guess: Sequence[Sequence[float]], atoms: Sequence[Atom], said: Sequence[tuple[int, ...]]) -> bool:
    for number, published in enumerate(said):
        values = [
            v for atom, chosen in zip(atoms, guess, strict=True) if number in atom.tables for v in chosen
        ]
        if quartiles(values) != published:
            return False
    return True


def _atoms(sums: Sequence[Sequence[Group]], known: str | None) -> list[Atom]:
    """A firm whose values are known stands for itself."""
    where: dict[Pair, set[int]] = {}
    for number, table in enumerate(sums):
        for group in table:
            for pair in group.members:
                where.setdefault(pair, set()).add(number)
    classes: dict[tuple[frozenset[int], object], list[Pair]] = {}
    for pair, numbers in where.items():
        alone = pair if pair[0] == known else None
        classes.setdefault((frozenset(numbers), alone), []).append(pair)
    return [Atom(tuple(sorted(pairs)), numbers) for (numbers, _), pairs in classes.items()]


def as_published(summary: Summary) -> tuple[int, int, int, int]:
    return summary.firms, summary.low, summary.median, summary.high
