"""From answers to heights: leaves as intervals, groups by their aggregate, for any number of firms at once.

Every aggregate is monotone in each child, so the low end of a group is the aggregate of the low ends, and so on: row 0 of
a value is low, row 1 likely, row 2 high. What is not applicable leaves its weight to its siblings.
"""

import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.barrel.answers import Answers
from staveworks.engine.barrel.columns import (
    Column,
    Flags,
    Floats,
    Layout,
    Refusals,
    find_strangers,
    in_bands,
    lay_out,
    points_of,
    read_columns,
)
from staveworks.engine.barrel.deciding import decide_levels
from staveworks.engine.barrel.peers import Peers
from staveworks.engine.barrel.rubric import DECIMALS, FULL, Group, Leaf, Rubric


@dataclass(frozen=True, slots=True)
class Part:
    """Scores 0–100 of shape (rows, firms), or of shapes that broadcast to one with the firms last; ``present`` says for
    which firms it applies, None: for all."""

    value: Floats
    present: Flags | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The answers of some firms to one rubric, scored leaf by leaf."""

    rubric: Rubric
    count: int
    columns: Mapping[str, Column]
    parts: Mapping[str, Part]
    answered: Mapping[str, Flags]
    refusals: Refusals


def read_sheet(rubric: Rubric, firms: Iterable[Answers], peers: Peers) -> Sheet:
    """Reads and scores the leaves; firms with a refused answer are in ``refusals`` and scored without it."""
    layout = lay_out(rubric.leaves, firms)
    return _sheet(rubric, layout, peers, find_strangers(rubric, layout))


def _sheet(rubric: Rubric, layout: Layout, peers: Peers, refusals: Refusals) -> Sheet:
    columns = read_columns(rubric.leaves, layout, refusals)
    parts: dict[str, Part] = {}
    answered: dict[str, Flags] = {}
    for leaf in rubric.leaves:
        known = columns[leaf.code].answered
        if leaf.kind != "number":
            points = points_of(leaf, columns, peers.medians.get(leaf.code))
            parts[leaf.code] = _interval(points, peers.likely(leaf.code), columns[leaf.code].absent)
        if leaf.link:
            parts[leaf.code], known = _linked(leaf, parts[leaf.code], known, layout, peers, refusals)
        answered[leaf.code] = known
    return Sheet(rubric, len(layout.rows), columns, parts, answered, refusals)


def _interval(points: Floats, likely: float, absent: Flags | None) -> Part:
    """What is unknown is [0, 100], never a silent zero."""
    unknown = np.isnan(points)
    value = np.empty((3, len(points)))
    for row, end in enumerate((0.0, likely, FULL)):
        value[row] = np.where(unknown, end, points)
    return Part(value, None if absent is None else ~absent)


def _linked(
    leaf: Leaf, own: Part, known: Flags, layout: Layout, peers: Peers, refusals: Refusals
) -> tuple[Part, Flags]:
    """A leaf that stands for another rubric's result: computed from its answers unless the firm states it."""
    assert leaf.link
    if not layout.odd:
        return own, known
    linked = leaf.link.rubric
    firms = (layout.odd.get(place, {}) for place in range(len(layout.rows)))
    sheet = _sheet(linked, lay_out(linked.leaves, firms), peers, refusals)
    ends = _result(sheet, leaf.link.of)
    assert leaf.bands
    low, high = (in_bands(leaf.bands, end) * (FULL / leaf.points) for end in ends)
    likely = np.clip(peers.likely(leaf.code), low, high)
    value = np.where(known, own.value, np.stack([low, likely, high]))
    return Part(value), known | (low == high)


def _result(sheet: Sheet, of: str) -> tuple[Floats, Floats]:
    score = rubric_score(sheet)
    if of == "score":
        return score[0], score[2]
    levels = decide_levels(sheet.rubric, sheet.columns, score)
    return levels.low.astype(np.float64), levels.high.astype(np.float64)


def rubric_score(sheet: Sheet) -> Floats:
    """Points 0–100 of the root, shape (3, firms). Only for a rubric with a root."""
    assert sheet.rubric.root
    return np.round(combine(sheet.rubric.root, sheet.parts).value, DECIMALS)


def combine(node: Leaf | Group, parts: Mapping[str, Part]) -> Part:
    """The score of a node from the scores of its leaves."""
    if isinstance(node, Leaf):
        return parts[node.code]
    children = [combine(branch.node, parts) for branch in node.children]
    weights = [branch.weight for branch in node.children]
    if node.aggregate == "mean":
        return _mean(children, weights)
    if node.aggregate == "minimum":
        return _minimum(children)
    if node.aggregate == "geometric":
        return _geometric(children, weights)
    return _reached_by(children, node.count)


def _mean(children: list[Part], weights: list[float]) -> Part:
    if all(child.present is None for child in children):
        return Part(sum_of(weight * child.value for child, weight in zip(children, weights, strict=True)))
    shares = [weight * _present(child) for child, weight in zip(children, weights, strict=True)]
    total = sum_of(shares)
    value = sum_of(share * child.value for child, share in zip(children, shares, strict=True))
    return Part(value / np.where(total > 0, total, 1.0), total > 0)


def _minimum(children: list[Part]) -> Part:
    values = [np.where(_present(child), child.value, np.inf) for child in children]
    return _where_any(reduce(np.minimum, values), children)


def _geometric(children: list[Part], weights: list[float]) -> Part:
    shares = [weight * _present(child) for child, weight in zip(children, weights, strict=True)]
    total = sum_of(shares)
    total = np.where(total > 0, total, 1.0)
    factors = [(child.value / FULL) ** (share / total) for child, share in zip(children, shares, strict=True)]
    return _where_any(FULL * reduce(operator.mul, factors), children)


def _reached_by(children: list[Part], count: int) -> Part:
    """The height that ``count`` children reach; where fewer apply, that all of them reach."""
    values = np.stack(
        np.broadcast_arrays(*(np.where(_present(child), child.value, -np.inf) for child in children))
    )
    falling = -np.sort(-values, axis=0)
    apply = sum_of(np.broadcast_to(_present(child), values.shape[1:]).astype(np.intp) for child in children)
    place = np.maximum(np.minimum(count, apply) - 1, 0)
    return _where_any(np.take_along_axis(falling, place[None], axis=0)[0], children)


def _present(child: Part) -> Floats | Flags:
    return np.ones(1, dtype=np.bool_) if child.present is None else child.present


def _where_any(value: Floats, children: list[Part]) -> Part:
    """The group's part: absent where all its children are."""
    if any(child.present is None for child in children):
        return Part(value)
    present = np.logical_or.reduce([_present(child) for child in children])
    return Part(np.where(present, value, 0.0), present)


def sum_of[T: NDArray[Any]](values: Iterable[T]) -> T:
    """Added one after the other, so that a firm's sum does not depend on how many firms are computed with it."""
    return reduce(operator.add, values)
