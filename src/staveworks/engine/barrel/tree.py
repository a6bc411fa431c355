"""Reads the tree of a rubric file: groups with exact weights, leaves, and refs to parts of other rubrics."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import get_args

from staveworks.engine.barrel.leaves import Scales, read_leaf
from staveworks.engine.barrel.rubric import AggregateName, Branch, Group, Leaf, Option, Rubric
from staveworks.engine.barrel.source import Entry
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading a tree needs: the rubric's own id, its scales, and how to find a rubric that it refers to."""

    id: str
    scales: Scales
    find: Callable[[Entry], Rubric]

    def leaf(self, entry: Entry, plank: str | None) -> Leaf:
        linked = self.find(entry["rubric"]) if "kind" in entry and entry["kind"].value == "ref" else None
        return replace(read_leaf(entry, self.id, self.scales, linked), plank=plank)

    def group(self, entry: Entry, code: str, name: Text, plank: str | None) -> Group:
        """A group from an entry with ``children`` and, where it is not the mean, ``aggregate``."""
        aggregate, count = read_aggregate(entry.get("aggregate"))
        rows = list(entry["children"].items())
        if count > len(rows):
            raise entry["aggregate"].refusal("没有这么多下级", "there are not that many children")
        weights = read_weights(entry["children"], rows)
        children = (Branch(float(w), self.node(row, plank)) for w, row in zip(weights, rows, strict=True))
        return Group(code, name, aggregate, tuple(children), count)

    def node(self, entry: Entry, plank: str | None) -> Leaf | Group:
        if "ref" in entry:
            return self._reused(entry, plank)
        if "leaf" in entry:
            leaf = self.leaf(entry, plank)
            if leaf.kind == "number":
                raise entry["kind"].refusal(
                    "number 只能放在 inputs 里", "a number has no score; it belongs to inputs"
                )
            return leaf
        entry.only("group", "name", "weight", "aggregate", "children")
        return self.group(entry, entry["group"].string(), entry["name"].text(), plank)

    def _reused(self, entry: Entry, plank: str | None) -> Leaf | Group:
        """A leaf or group of another rubric, with its texts and points; answers are shared by code."""
        entry.only("ref", "weight", "quick")
        ref = entry["ref"]
        ref.only("rubric", "leaf", "group")
        other = self.find(ref["rubric"])
        if "group" in ref:
            found = _find_group(other, ref["group"].string())
            if found is None:
                raise ref["group"].refusal("所引标准里没有这一组", "the rubric referred to has no such group")
            return _on_plank(found, plank)
        leaf = next((each for each in other.leaves if each.code == ref["leaf"].string()), None)
        if leaf is None or leaf.kind == "number":
            raise ref["leaf"].refusal(
                "所引标准里没有这道计分题", "the rubric referred to has no such scored leaf"
            )
        return replace(leaf, plank=plank, quick="quick" in entry and entry["quick"].flag())


def read_scales(entry: Entry | None) -> Scales:
    """Named scales: lists of texts, one point a step from 0 up."""
    found: dict[str, tuple[Option, ...]] = {}
    for name, steps in (entry.mapping() if entry else {}).items():
        texts = [each.text() for each in steps.items()]
        if len(texts) < 2:
            raise steps.refusal("至少要有两级", "at least two steps are needed")
        found[name] = tuple(Option(text, float(i)) for i, text in enumerate(texts))
    return Scales(found)


def read_aggregate(entry: Entry | None) -> tuple[AggregateName, int]:
    """``mean`` (also where nothing is written), ``minimum``, ``geometric`` or ``{at_least: k}``."""
    if entry is None:
        return "mean", 1
    if isinstance(entry.value, dict):
        entry.only("at_least")
        count = entry["at_least"].integer()
        if count < 1:
            raise entry["at_least"].refusal("应为 1 或更大", "1 or more is wanted")
        return "at_least", count
    for name in get_args(AggregateName):
        if entry.value == name != "at_least":
            return name, 1
    raise entry.refusal(f"没有这种合并方式：{entry.value}", f"no such aggregate: {entry.value}")


def read_weights(place: Entry, rows: list[Entry]) -> list[Fraction]:
    """The children's weights, summing to exactly 1; equal where none is written."""
    if not rows:
        raise place.refusal("没有下级", "there are no children")
    if not any("weight" in row for row in rows):
        return [Fraction(1, len(rows))] * len(rows)
    weights = [row["weight"].share() for row in rows]
    if (total := sum(weights)) != 1:
        raise place.refusal(
            f"权重之和为 {float(total):g}，应为 1", f"the weights sum to {float(total):g}, not 1"
        )
    return weights


def _find_group(rubric: Rubric, code: str) -> Group | None:
    waiting = [rubric.root] if rubric.root else [each.group for each in rubric.plank_groups]
    while waiting:
        group = waiting.pop()
        if group.code == code:
            return group
        waiting += [branch.node for branch in group.children if isinstance(branch.node, Group)]
    return None


def _on_plank(group: Group, plank: str | None) -> Group:
    children = (
        Branch(
            b.weight,
            _on_plank(b.node, plank)
            if isinstance(b.node, Group)
            else replace(b.node, plank=plank, quick=False),
        )
        for b in group.children
    )
    return replace(group, children=tuple(children))
