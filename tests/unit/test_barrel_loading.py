"""A rubric file that cannot be scored is refused with file, line and path; an eleventh plank needs nothing but data."""

import hashlib
from pathlib import Path

import pytest

from staveworks.engine.barrel import (
    Library,
    RubricRefused,
    UnknownRubric,
    check_result,
    list_rubrics,
    load_profiles,
    load_rubric,
    read_profiles,
    score,
)
from staveworks.engine.barrel.formula import FormulaError, parse_formula
from staveworks.kit.data import SHIPPED
from staveworks.kit.planks import load_register
from tests.unit.barrel_rubrics import ELEVENTH_PLANK, LITTLE, TEXTS, plank_rubric, ten, write_library

PLANKS = plank_rubric(ten())


def refused(folder: Path, text: str, name: str = "little", **others: str) -> RubricRefused:
    with pytest.raises(RubricRefused) as caught:
        write_library(folder, **{name: text}, **others).rubric(name)
    return caught.value


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


SLIPS = {
    "weights that sum to 0.95": ("weight: 0.5\n      aggregate: minimum", "weight: 0.45\n      aggregate: minimum", "sum to 0.95"),
    "a negative weight": ("weight: 0.5\n      aggregate: minimum", "weight: -0.5\n      aggregate: minimum", "above 0"),
    "falling bounds that rise": ("{from: 5, points: 40}", "{from: 15, points: 40}", "bounds"),
    "points that rise and fall": ("{to: 50, points: 40}, {points: 0}", "{to: 50, points: 40}, {points: 60}", "points of the bands"),
    "a band above the full marks": ("{from: 10, points: 100}", "{from: 10, points: 101}", "between 0 and 100"),
    "a formula with an unknown name": ("floor(x / 2)", "floor(z / 2)", "name z does not exist"),
    "a formula with an unknown function": ("floor(x / 2)", "sqrt(x / 2)", "no such function"),
    "a formula that is a program": ("formula: min(floor(x / 2)", "formula: min(__import__('os').system('x')", "not allowed"),
    "a formula name without a leaf": ("y: c.extra}", "y: c.nowhere}", "no leaf c.nowhere"),
    "an unknown aggregate": ("aggregate: geometric", "aggregate: median", "no such aggregate"),
    "at least three of two": ("{at_least: 2}", "{at_least: 4}", "not that many"),
    "an unknown kind": ("kind: measured", "kind: guessed", "no such kind"),
    "an unknown scale": ("scale: steps", "scale: stairs", "no such scale"),
    "an unknown key": ("measure: orders.on_time", "measure: orders.on_time\n        wieght: 1", "unknown key wieght"),
    "an exclusive option with points": ("{points: 0, exclusive: true", "{points: 5, exclusive: true", "exclusive"),
    "a cap above the full marks": ("cap: 80", "cap: 180", "cap"),
    "a text in one language": ("name: {zh: 小, en: little}", "name: {zh: 小}", "en is missing"),
    "a grade that nobody has": ("threshold: document", "threshold: rumour", "a grade is one of"),
    "an id that is not the file's": ("id: little", "id: large", "file's name"),
    "a key that stands twice": ("threshold: document", "threshold: document\nthreshold: self", "twice"),
    "no YAML at all": ("tree:", "tree: [", "not YAML"),
    "no minutes at all": ("threshold: document", "threshold: document\nminutes: 0", "1 or more"),
    "a code that stands twice": ("- leaf: c.scale", "- leaf: a.single", "twice"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_faulty_rubric_is_refused_with_file_line_and_path(tmp_path, slip):
    old, new, reason = SLIPS[slip]
    assert old in LITTLE
    error = refused(tmp_path, LITTLE.replace(old, new, 1))
    assert reason in error.reason.en
    assert error.file == "little.yaml"
    assert error.line >= 1
    assert str(error.text).count(f"little.yaml:{error.line}: ") == 2
    assert write_library(tmp_path, little=LITTLE).rubric("little")  # the same file without the slip loads


def test_the_line_and_the_path_are_those_of_the_slip(tmp_path):
    text = LITTLE.replace("kind: measured", "kind: guessed")
    error = refused(tmp_path, text)
    assert error.line == line_of(text, "kind: guessed")
    assert error.path == "/tree/children/2/children/2/kind"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("plank: rnd", "plank: magic", "no such plank: magic"),
        ("weight: 1/5", "weight: 1/4", "weights sum to 1.05"),
        ("leaf: rnd.one, below", "leaf: ip.one, below", "not a leaf of this stave"),
        ("height: 40", "height: 100", "height under 100"),
        ("bearing: mean", "bearing: geometric", "mean or minimum"),
        ("plank: procurement", "plank: rnd", "twice"),
    ],
)
def test_a_faulty_rubric_of_planks_is_refused(tmp_path, old, new, reason):
    assert reason in refused(tmp_path, PLANKS.replace(old, new, 1), "planks").reason.en


def test_a_hoop_cannot_have_a_hole(tmp_path):
    hole = "    holes:\n      - {leaf: inspection.one, below: 25, height: 40, text: {zh: 漏, en: leaks}}"
    assert "only a stave" in refused(tmp_path, PLANKS + "\n" + hole, "planks").reason.en


REF = f"""
id: NAME
edition: "1"
name: {{zh: 甲, en: a}}
source: {{zh: 测试, en: test}}
threshold: self
tree:
  children:
    - ref: {{rubric: OTHER, leaf: x}}
    - leaf: x.NAME
      kind: single
      options: [{{points: 0, zh: 无, en: "no"}}, {{points: 100, zh: 有, en: "yes"}}]{TEXTS.replace("        ", "      ")}
"""


def ref(name: str, other: str) -> str:
    return REF.replace("NAME", name).replace("OTHER", other)


def test_refs_that_go_round_in_a_circle_are_refused(tmp_path):
    error = refused(tmp_path, ref("one", "two"), "one", two=ref("two", "three"), three=ref("three", "one"))
    assert "cyclic ref: one → two → three → one" in error.reason.en
    assert error.file == "three.yaml"


@pytest.mark.parametrize("other", ["nothing", "little"])
def test_a_ref_to_what_is_not_there_is_refused(tmp_path, other):
    assert "no such" in refused(tmp_path, ref("one", other), "one", little=LITTLE).reason.en


def test_a_set_may_bear_a_name_in_two_forms(tmp_path):
    """A cluster's own rubric with a plain list of codes still loads; a named one says what its questions are called."""
    levels = "\nlevels:\n  - {level: 1, name: {zh: 一, en: one}, counts: [{of: some, at: 1, count: 1}]}\n"
    plain = LITTLE + "\nsets: {some: [c.scale, b.bands]}" + levels
    [count] = write_library(tmp_path, little=plain).rubric("little").levels[0].counts
    assert (count.codes, count.name) == (("c.scale", "b.bands"), None)
    named = LITTLE + "\nsets: {some: {name: {zh: 景, en: scene|scenes}, codes: [c.scale]}}" + levels
    [count] = write_library(tmp_path, little=named).rubric("little").levels[0].counts
    assert count.name is not None
    assert [count.name.format(n=n).en for n in (1, 2)] == ["scene", "scenes"]


def test_a_level_over_more_scenes_than_there_are_is_refused(tmp_path):
    text = (
        LITTLE
        + """
sets: {some: [c.scale, b.bands]}
levels:
  - {level: 1, name: {zh: 一, en: one}, counts: [{of: some, at: 1, count: COUNT}]}
"""
    )
    write_library(tmp_path, little=text.replace("COUNT", "2")).rubric("little")
    assert "between 1 and 2" in refused(tmp_path, text.replace("COUNT", "3")).reason.en


def test_a_gate_on_an_answer_that_may_not_apply_is_refused(tmp_path):
    text = LITTLE + "\ngates: [{gate: g, name: {zh: 门, en: gate}, pass: {answer: b.upper, at_least: 1}}]"
    assert "not always one number" in refused(tmp_path, text).reason.en


def test_the_digest_is_that_of_the_files_bytes():
    path = SHIPPED / "rubrics" / "staveworks-planks-2026.yaml"
    assert load_rubric("staveworks-planks-2026").sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_three_rubrics_ship_and_another_is_unknown():
    assert list_rubrics() == ["miit-sme-digital-2024", "miit-srdi-2022", "staveworks-planks-2026"]
    with pytest.raises(UnknownRubric):
        load_rubric("miit-sme-digital-2025")


def test_ours_maps_every_plank_with_six_to_ten_questions_and_eight_for_the_quick_start():
    rubric = load_rubric("staveworks-planks-2026")
    assert rubric.maps_every_plank(ten())
    assert all(6 <= len(rubric.leaves_of(plank)) <= 10 for plank in rubric.planks)
    quick = rubric.quick_start
    assert len(quick) == 8
    assert {plank.code for plank in ten().staves} < {leaf.plank for leaf in quick}
    assert all(leaf.plank and leaf.evidence.zh and leaf.evidence.en for leaf in rubric.leaves)


def test_ten_profiles_of_a_textile_cluster_ship():
    profiles = load_profiles()
    assert len([code for code in profiles if code.startswith("textile.")]) == 10
    assert all(set(p.targets) == set(ten()) for code, p in profiles.items() if code != "even")


def test_a_profile_for_an_unknown_plank_is_refused(tmp_path):
    path = tmp_path / "pack.yaml"
    path.write_text(
        "profiles:\n  - profile: a\n    name: {zh: 甲, en: a}\n    description: {zh: 甲, en: a}\n    targets: {magic: 5}\n"
    )
    with pytest.raises(RubricRefused, match=r"pack\.yaml:5: /profiles/0/targets/magic"):
        read_profiles(path, ten())


def test_an_eleventh_plank_is_scored_by_data_alone(tmp_path):
    """Six staves now, one sixth of the mean each. Energy at 0.25·100 + 0.75·25 = 43.75 is the shortest of six at 100 but one:
    W = 43.75; M = (5·100 + 43.75) / 6 = 90.625."""
    planks = tmp_path / "planks.yaml"
    planks.write_text(
        (SHIPPED / "planks.yaml").read_text(encoding="utf-8") + ELEVENTH_PLANK, encoding="utf-8"
    )
    register = load_register(planks)
    library: Library = write_library(tmp_path, register=register, planks=plank_rubric(register))
    rubric = library.rubric("planks")
    answers = dict.fromkeys([leaf.code for leaf in rubric.leaves], 4) | {"energy.two": 1}
    result = score(rubric, answers)
    assert result.barrel.binding == "energy"
    assert result.barrel.water_level.low == 43.75
    assert result.barrel.mean_level.low == pytest.approx(90.625)
    assert check_result(rubric, result) == []
    assert not load_rubric("staveworks-planks-2026").maps_every_plank(register)


@pytest.mark.parametrize(
    "source",
    [
        "x.y",
        "x[0]",
        "lambda: 1",
        "x if x else 1",
        "'a' * 9",
        "True",
        "x ** 9",
        "f(x)",
        "min()",
        "[1]",
        "",
        "x y",
    ],
)
def test_a_formula_is_arithmetic_and_nothing_else(source):
    with pytest.raises(FormulaError):
        parse_formula(source)
