"""Reads what decides beside the score: gates, levels with their k-of-n counts, and holes."""

from collections.abc import Mapping

from staveworks.engine.barrel.rubric import Condition, Count, Gate, Hole, Leaf, Level
from staveworks.engine.barrel.source import Entry
from staveworks.kit.text import Text


def read_gates(entry: Entry | None, leaves: Mapping[str, Leaf]) -> tuple[Gate, ...]:
    found = []
    for each in entry.items() if entry else ():
        each.only("gate", "name", "pass")
        found.append(Gate(each["gate"].string(), each["name"].text(), _condition(each["pass"], leaves)))
    return tuple(found)


def _condition(entry: Entry, leaves: Mapping[str, Leaf]) -> Condition:
    for combine in ("all", "any"):
        if combine in entry:
            entry.only(combine)
            parts = tuple(_condition(each, leaves) for each in entry[combine].items())
            return Condition("all" if combine == "all" else "any", parts)
    if "score" in entry:
        entry.only("score")
        return Condition("one", at_least=entry["score"].number())
    entry.only("answer", "at_least")
    code = _readable(entry["answer"], leaves)
    return Condition("one", answer=code, at_least=entry["at_least"].number())


def _readable(entry: Entry, leaves: Mapping[str, Leaf]) -> str:
    """The code of a leaf whose answer is one number and never "not applicable"."""
    leaf = leaves.get(entry.string())
    if leaf is None:
        raise entry.refusal(f"没有这道题：{entry.value}", f"no such leaf: {entry.value}")
    if leaf.kind == "multi" or leaf.may_be_not_applicable:
        raise entry.refusal(
            "这道题的答案不是一个必填的数", "the answer of this leaf is not always one number"
        )
    return leaf.code


def read_levels(
    entry: Entry | None, sets: Entry | None, leaves: Mapping[str, Leaf], *, gated: bool
) -> tuple[Level, ...]:
    """Levels from 1 up, without a gap."""
    groups = {name: _set(each, leaves) for name, each in (sets.mapping() if sets else {}).items()}
    found: list[Level] = []
    for each in entry.items() if entry else ():
        each.only("level", "name", "min_score", "counts", "all_gates")
        if each["level"].integer() != len(found) + 1:
            raise each["level"].refusal("等级应从 1 起依次写", "levels are written from 1 up, without a gap")
        counts = tuple(_count(row, groups) for row in each["counts"].items()) if "counts" in each else ()
        min_score = each["min_score"].number() if "min_score" in each else None
        all_gates = "all_gates" in each and each["all_gates"].flag()
        if all_gates and not gated:
            raise each["all_gates"].refusal("没有门槛条件", "there are no gates")
        found.append(Level(len(found) + 1, each["name"].text(), min_score, counts, all_gates))
    return tuple(found)


LeafSet = tuple[tuple[str, ...], Text | None]


def _set(entry: Entry, leaves: Mapping[str, Leaf]) -> LeafSet:
    """A list of codes, or ``{name: …, codes: […]}``; the English name may hold two forms, ``scene|scenes``."""
    name = None
    if isinstance(entry.value, dict):
        entry.only("name", "codes")
        name, entry = entry["name"].text(), entry["codes"]
    return tuple(_readable(each, leaves) for each in entry.items()), name


def _count(entry: Entry, groups: Mapping[str, LeafSet]) -> Count:
    entry.only("of", "at", "count")
    found = groups.get(entry["of"].string())
    if found is None:
        raise entry["of"].refusal(f"没有这个集合：{entry['of'].value}", f"no such set: {entry['of'].value}")
    codes, name = found
    count = entry["count"].integer()
    if not 1 <= count <= len(codes):
        raise entry["count"].refusal(f"应在 1 到 {len(codes)} 之间", f"between 1 and {len(codes)} is wanted")
    return Count(codes, entry["at"].number(), count, name)


def read_holes(entry: Entry | None, plank: str, kind: str, leaves: Mapping[str, Leaf]) -> tuple[Hole, ...]:
    """The holes of one plank. Only staves leak, and only for a leaf of the same plank."""
    found = []
    for each in entry.items() if entry else ():
        each.only("leaf", "below", "height", "text")
        if kind != "stave":
            raise each.refusal("只有桶板会漏", "only a stave can have a hole")
        leaf = leaves.get(each["leaf"].string())
        if leaf is None or leaf.plank != plank:
            raise each["leaf"].refusal("不是这块桶板的题", "not a leaf of this stave")
        below, height = each["below"].number(), each["height"].number()
        if not (0 < below <= 100 and 0 <= height < 100):
            raise each.refusal(
                "below 应在 0 到 100，height 应低于 100", "below lies in 0–100, height under 100"
            )
        found.append(Hole(plank, leaf.code, below, height, each["text"].text()))
    return tuple(found)
