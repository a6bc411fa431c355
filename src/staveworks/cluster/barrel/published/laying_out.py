"""From groups to the table that is published: every place, trade and size for which there are whole groups. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from staveworks.engine.disclosure import Group, Path, Summary, summarise

ALL = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of the table; ``ALL`` in a dimension is all of it together. ``since``: of its oldest group."""

    place: str
    business_type: str
    size: str
    summary: Summary
    since: str


def lay_out(groups: Iterable[tuple[Group, str]]) -> list[Cell]:
    """``groups`` with the period in which each was made. A line takes a group in whole or not at all."""
    found: dict[tuple[str, str, str], list[tuple[Group, str]]] = defaultdict(list)
    for group, since in groups:
        for key in keys_of(group.node):
            found[key].append((group, since))
    return [
        Cell(*key, summarise(group for group, _ in inside), min(since for _, since in inside))
        for key, inside in sorted(found.items())
    ]


def keys_of(node: Path) -> Iterator[tuple[str, str, str]]:
    """Every line that holds all firms of a group at ``node``."""
    places = [ALL, *node[:2]]
    trades = [ALL, *node[2:3]]
    sizes = [ALL, *node[3:4]]
    return product(places, trades, sizes)
