"""Reads one leaf of a rubric file and refuses what cannot be scored."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, get_args

from staveworks.engine.barrel.formula import FormulaError, parse_formula
from staveworks.engine.barrel.rubric import FULL, GRADES, Bands, Grade, Leaf, LeafKind, Link, Option, Rubric
from staveworks.engine.barrel.source import Entry
from staveworks.kit.text import Text

ALWAYS = (
    "leaf",
    "kind",
    "weight",
    "name",
    "question",
    "help",
    "evidence",
    "attest",
    "points",
    "not_applicable",
    "quick",
)
KEYS: Mapping[str, tuple[str, ...]] = {
    "single": ("options",),
    "multi": ("options", "cap"),
    "scale": ("scale",),
    "number": ("unit", "least", "most"),
    "points": ("unit",),
    "bands": ("bands", "unit", "least", "most"),
    "formula": ("formula", "names", "unit", "least", "most"),
    "peer": ("bands", "unit", "least", "most"),
    "measured": ("bands", "measure", "from", "unit", "least", "most"),
    "ref": ("rubric", "of", "bands"),
}


@dataclass(frozen=True, slots=True)
class Scales:
    """The named scales of a file: their steps from 0 up."""

    steps: Mapping[str, tuple[Option, ...]]


def read_leaf(entry: Entry, origin: str, scales: Scales, linked: Rubric | None) -> Leaf:
    """A leaf of rubric ``origin``; ``linked`` is the rubric that a leaf of kind ``ref`` names."""
    kind = _kind(entry)
    entry.only(*ALWAYS, *KEYS[kind])
    points = entry["points"].number() if "points" in entry else FULL
    special = _special(entry, kind, points, scales, linked)
    common: dict[str, Any] = {
        "code": entry["leaf"].string(),
        "kind": kind,
        "name": entry["name"].text(),
        "question": entry["question"].text(),
        "evidence": entry["evidence"].text(),
        "attest": read_grade(entry["attest"]),
        "origin": origin,
        "points": points,
        "help": help_.text() if (help_ := entry.get("help")) else None,
        "may_be_not_applicable": "not_applicable" in entry and entry["not_applicable"].flag(),
        "quick": "quick" in entry and entry["quick"].flag(),
    }
    return Leaf(**(common | _number(entry) | special))


def read_grade(entry: Entry) -> Grade:
    for grade in GRADES:
        if entry.value == grade:
            return grade
    raise entry.refusal(f"证明等级应为 {'、'.join(GRADES)} 之一", f"a grade is one of {', '.join(GRADES)}")


def _kind(entry: Entry) -> LeafKind:
    kind = entry["kind"]
    for known in get_args(LeafKind):
        if kind.value == known:
            return known  # type: ignore[no-any-return]
    raise kind.refusal(f"没有这种题型：{kind.value}", f"no such kind of leaf: {kind.value}")


def _number(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if unit := entry.get("unit"):
        found["unit"] = unit.text()
    for bound in ("least", "most"):
        if inner := entry.get(bound):
            found[bound] = inner.number()
    if found.get("least", 0) > found.get("most", float("inf")):
        raise entry["least"].refusal("下限高于上限", "least is above most")
    return found


def _special(entry: Entry, kind: str, points: float, scales: Scales, linked: Rubric | None) -> dict[str, Any]:
    if points <= 0:
        raise entry["points"].refusal("满分应大于 0", "full marks are above 0")
    if kind in ("single", "multi"):
        return _options(entry, kind, points)
    if kind == "scale":
        return _scale(entry["scale"], scales)
    if kind == "formula":
        return _formula(entry)
    if kind == "ref" and linked:
        return _link(entry, points, linked)
    if kind == "number":
        return {}
    if kind == "points":
        return {"least": 0.0, "most": points}
    return {"bands": read_bands(entry["bands"], points)} | (_measure(entry) if kind == "measured" else {})


def _measure(entry: Entry) -> dict[str, Any]:
    source = entry.get("from")
    return {"measure": entry["measure"].string(), "measured_from": source.text() if source else None}


def _options(entry: Entry, kind: str, points: float) -> dict[str, Any]:
    options = tuple(_option(each, points) for each in entry["options"].items())
    if len(options) < 2:
        raise entry["options"].refusal("至少要有两个选项", "at least two options are needed")
    if kind == "single":
        return {"options": options}
    cap = entry["cap"].number() if "cap" in entry else points
    if not 0 < cap <= points:
        raise entry["cap"].refusal(
            "封顶应大于 0，不超过满分", "the cap is above 0 and at most the full marks"
        )
    return {"options": options, "cap": cap}


def _option(entry: Entry, points: float) -> Option:
    entry.only("points", "zh", "en", "exclusive")
    marks = entry["points"].number()
    if not 0 <= marks <= points:
        raise entry["points"].refusal(
            f"分数应在 0 到 {points:g} 之间", f"points lie between 0 and {points:g}"
        )
    exclusive = "exclusive" in entry and entry["exclusive"].flag()
    if exclusive and marks:
        raise entry.refusal("单独成立的选项应为 0 分", "an exclusive option has 0 points")
    zh, en = entry["zh"].string().strip(), entry["en"].string().strip()
    if not zh or not en:
        raise entry.refusal("中英文都要有", "both languages are needed")
    return Option(Text(zh=zh, en=en), marks, exclusive)


def _scale(entry: Entry, scales: Scales) -> dict[str, Any]:
    steps = scales.steps.get(entry.string())
    if steps is None:
        raise entry.refusal(f"没有这个量表：{entry.value}", f"no such scale: {entry.value}")
    return {"options": steps, "points": steps[-1].points}


def _formula(entry: Entry) -> dict[str, Any]:
    try:
        formula = parse_formula(entry["formula"].string())
    except FormulaError as error:
        raise entry["formula"].refusal(f"公式有误：{error}", f"bad formula: {error}") from error
    names = {name: inner.string() for name, inner in entry["names"].mapping().items()}
    for name in sorted(formula.names - set(names)):
        raise entry["formula"].refusal(
            f"公式里的 {name} 没有定义", f"the formula's name {name} does not exist"
        )
    if entry["leaf"].value not in names.values():
        raise entry["names"].refusal("公式应读取本题的答案", "the formula must read its own leaf's answer")
    return {"formula": formula, "names": names}


def _link(entry: Entry, points: float, linked: Rubric) -> dict[str, Any]:
    bands, of = read_bands(entry["bands"], points), entry["of"]
    if of.value == "score":
        return {"bands": bands, "link": Link(linked, "score"), "least": 0.0, "most": FULL}
    if of.value != "level" or not linked.levels:
        raise of.refusal(
            "应为 level 或 score，且所引标准要有等级", "level or score; for level the rubric must have levels"
        )
    options = tuple(Option(name, step(bands, level)) for level, name in enumerate(linked.level_names))
    return {"bands": bands, "link": Link(linked, "level"), "options": options}


def step(bands: Bands, value: float) -> float:
    """The points of one value: a bound belongs to the upper band, or to the lower where ``upper_included``."""
    passed = sum(value > bound if bands.upper_included else value >= bound for bound in bands.bounds)
    return bands.points[passed]


def read_bands(entry: Entry, points: float) -> Bands:
    """Bands ``{from: 80, points: 5}`` falling (lower end included), or ``{to: 50, points: 5}`` rising (upper end
    included); the last has no bound and takes the rest. Refused unless bounds and points are monotone."""
    rows = list(entry.items())
    if len(rows) < 2:
        raise entry.refusal("至少要有两档", "at least two bands are needed")
    side = "to" if "to" in rows[0] else "from"
    for row in rows:
        row.only("points", *([side] if row is not rows[-1] else []))
        if not 0 <= row["points"].number() <= points:
            raise row["points"].refusal(
                f"分数应在 0 到 {points:g} 之间", f"points lie between 0 and {points:g}"
            )
    bounds = [row[side].number() for row in rows[:-1]]
    marks = [row["points"].number() for row in rows]
    _refuse_unordered(rows, bounds, marks, rising=side == "to")
    if side == "to":
        return Bands(tuple(bounds), tuple(marks), upper_included=True)
    return Bands(tuple(reversed(bounds)), tuple(reversed(marks)), upper_included=False)


def _refuse_unordered(rows: list[Entry], bounds: list[float], marks: list[float], *, rising: bool) -> None:
    for row, (one, next_) in zip(rows[1:], pairwise(bounds), strict=False):
        if (next_ > one) != rising or next_ == one:
            raise row.refusal("各档的界限没有按顺序排", "the bounds of the bands are not monotone")
    sign = 0.0
    for row, (one, next_) in zip(rows[1:], pairwise(marks), strict=True):
        if sign * (next_ - one) < 0:
            raise row["points"].refusal("各档的分数时升时降", "the points of the bands are not monotone")
        sign = sign or next_ - one
