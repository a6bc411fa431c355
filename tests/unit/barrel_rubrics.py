"""A small world of rubrics for the barrel's tests: every kind of leaf, every aggregate, and an eleventh plank."""

from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from staveworks.engine.barrel import NOT_APPLICABLE, Leaf, Library, Rubric
from staveworks.kit.data import SHIPPED
from staveworks.kit.planks import Register, load_register

TEXTS = """
        name: {zh: 名, en: name}
        question: {zh: 问, en: question}
        evidence: {zh: 据, en: evidence}
        attest: self"""

LITTLE = f"""
id: little
edition: "1"
name: {{zh: 小, en: little}}
source: {{zh: 测试, en: test}}
threshold: document
tree:
  children:
    - group: a
      name: {{zh: 甲, en: A}}
      weight: 0.5
      aggregate: minimum
      children:
      - leaf: a.single
        kind: single
        not_applicable: true
        options: [{{points: 0, zh: 无, en: "no"}}, {{points: 60, zh: 半, en: half}}, {{points: 100, zh: 有, en: "yes"}}]{TEXTS}
      - leaf: a.multi
        kind: multi
        cap: 80
        options: [{{points: 0, exclusive: true, zh: 无, en: none}}, {{points: 50, zh: 甲, en: A}}, {{points: 50, zh: 乙, en: B}}]{TEXTS}
    - group: b
      name: {{zh: 乙, en: B}}
      weight: 0.25
      aggregate: geometric
      children:
      - leaf: b.bands
        kind: bands
        weight: 0.5
        bands: [{{from: 10, points: 100}}, {{from: 5, points: 40}}, {{points: 0}}]{TEXTS}
      - leaf: b.upper
        kind: bands
        weight: 0.5
        not_applicable: true
        least: 0
        bands: [{{to: 10, points: 100}}, {{to: 50, points: 40}}, {{points: 0}}]{TEXTS}
    - group: c
      name: {{zh: 丙, en: C}}
      weight: 0.25
      aggregate: {{at_least: 2}}
      children:
      - leaf: c.formula
        kind: formula
        points: 10
        least: 0
        most: 1000
        formula: min(floor(x / 2) + max(y, 0) * 0, 10)
        names: {{x: c.formula, y: c.extra}}{TEXTS}
      - leaf: c.scale
        kind: scale
        scale: steps{TEXTS}
      - leaf: c.measured
        kind: measured
        measure: orders.on_time
        not_applicable: true
        bands: [{{from: 90, points: 100}}, {{points: 0}}]{TEXTS}
scales:
  steps: [{{zh: 零, en: zero}}, {{zh: 一, en: one}}, {{zh: 二, en: two}}]
inputs:
      - leaf: c.extra
        kind: number{TEXTS}
"""

ELEVENTH_PLANK = """
- code: energy
  kind: stave
  name: {zh: 能源, en: Energy}
  description: {zh: 用能与节能, en: energy}
  icon: bolt
  colour: {light: "#000000", dark: "#FFFFFF"}
"""


def plank_rubric(register: Register, *, bearing: str = "mean") -> str:
    """A rubric over every plank of ``register``: two single questions each, the first of which bores a hole in staves."""
    lines = ["id: planks", 'edition: "1"', "name: {zh: 板, en: planks}", "source: {zh: 测试, en: test}"]
    lines += ["threshold: document", f"bearing: {bearing}", "planks:"]
    for plank in register.values():
        kin = len(register.staves if plank.kind == "stave" else register.hoops)
        lines += [f"  - plank: {plank.code}", f"    weight: 1/{kin}", "    children:"]
        for name, weight in (("one", 0.25), ("two", 0.75)):
            lines += [
                f"      - leaf: {plank.code}.{name}",
                "        kind: single",
                f"        weight: {weight}",
            ]
            lines += ["        not_applicable: true", f"        options: {FIVE}{TEXTS}"]
        if plank.kind == "stave":
            hole = f"{{leaf: {plank.code}.one, below: 25, height: 40, text: {{zh: 漏, en: leaks}}}}"
            lines += ["    holes:", f"      - {hole}"]
    return "\n".join(lines)


FIVE = "[" + ", ".join(f"{{points: {p}, zh: {p}分, en: {p} points}}" for p in (0, 25, 50, 75, 100)) + "]"


def ten() -> Register:
    return load_register(SHIPPED / "planks.yaml")


def write_library(folder: Path, *, register: Register | None = None, **rubrics: str) -> Library:
    """A library of the given rubric files, by id."""
    files = {}
    for name, text in rubrics.items():
        files[name] = folder / f"{name}.yaml"
        files[name].write_text(text, encoding="utf-8")
    return Library(files, register or ten())


def answers_to(leaf: Leaf) -> st.SearchStrategy[Any]:
    """Every valid answer of a leaf, "not applicable" aside."""
    if leaf.kind == "multi":
        some = [i for i, option in enumerate(leaf.options) if not option.exclusive]
        return st.lists(st.sampled_from(some), unique=True)
    if leaf.by_option:
        return st.integers(0, len(leaf.options) - 1)
    least = -50.0 if leaf.least is None else leaf.least
    most = 200.0 if leaf.most is None else leaf.most
    steps = st.sampled_from(
        [b for b in (leaf.bands.bounds if leaf.bands else ()) if least <= b <= most] or [least]
    )
    return st.floats(least, most) | steps


KEPT: dict[tuple[str, bool], st.SearchStrategy[Any]] = {}
"""Strategies by rubric: to make one at each draw took longer than what is tested with it."""


def full(rubric: Rubric, *, absent: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """Complete answers to a rubric; with ``absent``, some not applicable."""
    key = (rubric.sha256, absent)
    if key not in KEPT:
        KEPT[key] = st.fixed_dictionaries(
            {
                leaf.code: answers_to(leaf) | st.just(NOT_APPLICABLE)
                if absent and leaf.may_be_not_applicable
                else answers_to(leaf)
                for leaf in rubric.leaves
            }
        )
    return KEPT[key]


def partial(rubric: Rubric) -> st.SearchStrategy[tuple[dict[str, Any], dict[str, Any]]]:
    """Complete answers, and a part of them; what is left out is never "not applicable"."""
    dropped = st.sets(st.sampled_from([leaf.code for leaf in rubric.leaves]))
    return st.tuples(full(rubric), dropped).map(lambda drawn: (drawn[0], without(*drawn)))


def without(complete: dict[str, Any], dropped: set[str]) -> dict[str, Any]:
    return {code: value for code, value in complete.items() if code not in dropped or value == NOT_APPLICABLE}
