"""What is asked: which values there are, where each belongs, and what was shown before."""

from collections.abc import Set
from dataclasses import dataclass

FEWEST = 5
"""Firms behind anything that is published, and behind any difference."""

Path = tuple[str, ...]
Value = tuple[str, float]
"""A firm and its value: once shown, it is not new any more."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """One firm's value, and its place in the tree from the top down; what is not known of the place is left off the end."""

    firm: str
    path: Path
    value: float


@dataclass(frozen=True, slots=True)
class Group:
    """Firms shown together. ``node``: the part of the path that they share; ``members`` by firm."""

    node: Path
    members: tuple[Value, ...]

    def __post_init__(self) -> None:
        firms = [firm for firm, _ in self.members]
        if firms != sorted(set(firms)):
            raise ValueError(f"the members of {self.node} are not in order, or one stands twice")

    @classmethod
    def of(cls, node: Path, contributions: list[Contribution]) -> "Group":
        return cls(node, tuple(sorted((each.firm, each.value) for each in contributions)))

    @property
    def firms(self) -> frozenset[str]:
        return frozenset(firm for firm, _ in self.members)


@dataclass(frozen=True, slots=True)
class Problem:
    """``shown``: the groups of the last snapshot; ``used``: every value that any snapshot has shown. ``joining``: depths of the
    tree at which a rest joins the smallest group below the node instead of standing alone or going up."""

    contributions: tuple[Contribution, ...]
    shown: tuple[Group, ...] = ()
    used: Set[Value] = frozenset()
    fewest: int = FEWEST
    joining: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        firms = [each.firm for each in self.contributions]
        if len(firms) != len(set(firms)):
            raise ValueError("a firm contributes twice")
        if not {value for group in self.shown for value in group.members} <= self.used:
            raise ValueError("a group is shown whose values are not among the used")
