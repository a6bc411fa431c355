"""What decides a level, condition by condition: by hand at the bounds, and for all answers in agreement with the levels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staveworks.engine.barrel import Rubric, load_rubric, score, sections_of
from tests.unit.barrel_rubrics import partial

DIGITAL = load_rubric("miit-sme-digital-2024")
SRDI = load_rubric("miit-srdi-2022")
PLANKS = load_rubric("staveworks-planks-2026")
SCENES = [leaf.code for leaf in DIGITAL.inputs]
FIVE = ["产品设计", "营销管理", "生产管控", "质量管理", "设备管理"]
"""All of them constraint scenes, of which level 1 wants three."""


def full(rubric: Rubric) -> dict[str, object]:
    """Full marks on every scored question of the digital rubric, without its scenes."""
    return {
        leaf.code: [i for i, option in enumerate(leaf.options) if option.points]
        if leaf.kind == "multi"
        else len(leaf.options) - 1
        for leaf in rubric.leaves
        if leaf not in rubric.inputs
    }


def test_points_without_scenes_are_short_of_scenes_alone():
    """100 points and five scenes at step 1: level 1 wants six, and exactly one is missing."""
    result = score(DIGITAL, full(DIGITAL) | dict.fromkeys(SCENES, 0) | dict.fromkeys(FIVE, 1))
    assert result.next_level is not None
    assert result.next_level.level == 1
    [scenes] = result.next_level.missing
    assert (scenes.kind, scenes.low, scenes.high, scenes.need, scenes.at) == ("count", 5, 5, 6, 1)
    assert (scenes.short, scenes.surely_short) == (1, 1)


def test_scenes_without_points_are_short_of_points_alone():
    """All scenes at step 4 and base.sys.cov at its best: 10 of the 20 points that level 1 wants."""
    answers = dict.fromkeys(SCENES, 4) | {"base.sys.cov": 4}
    rest = {
        leaf.code: [0] if leaf.kind == "multi" else 0 for leaf in DIGITAL.leaves if leaf.code not in answers
    }
    result = score(DIGITAL, answers | rest)
    assert result.next_level is not None
    [points] = result.next_level.missing
    assert (points.kind, points.low, points.need, points.short) == ("score", 10, 20, 10)


def test_an_open_question_leaves_a_requirement_possible_and_an_answer_decides_it():
    answers = full(DIGITAL) | dict.fromkeys(SCENES, 0) | dict.fromkeys(FIVE, 1)
    del answers[SCENES[-1]]
    result = score(DIGITAL, answers)
    assert result.next_level is not None
    [scenes] = result.next_level.missing
    assert (scenes.met, scenes.possible) == (False, True)
    assert result.next_level.possible
    assert not score(DIGITAL, answers | {SCENES[-1]: 0}).next_level.possible
    assert score(DIGITAL, answers | {SCENES[-1]: 1}).level.low == 1


def test_the_requirement_that_is_farther_off_comes_first():
    """4 of 20 points and 5 of 6 scenes: the points are farther off."""
    answers = dict.fromkeys(SCENES, 0) | dict.fromkeys(FIVE, 1) | {"base.equip.net": [1, 2]}
    rest = {
        leaf.code: [0] if leaf.kind == "multi" else 0 for leaf in DIGITAL.leaves if leaf.code not in answers
    }
    result = score(DIGITAL, answers | rest)
    assert result.score.low == 4
    assert [each.kind for each in result.next_level.missing] == ["score", "count"]


def test_the_top_level_has_nothing_above_it():
    assert score(DIGITAL, full(DIGITAL) | dict.fromkeys(SCENES, 4)).next_level is None


GATES = {
    "nothing is known": ({}, {"g1": None, "g2": None, "g3": None, "g4": None}),
    "enough money, too small a share": ({"g2.spend": 100, "g2.share": 2.9}, {"g2": False}),
    "too little money, the share open": ({"g2.spend": 99.9}, {"g2": False}),
    "both at their bounds": ({"g2.spend": 100, "g2.share": 3}, {"g2": True}),
    "revenue alone": ({"g3.revenue": 1000}, {"g3": True}),
    "equity alone": ({"g3.revenue": 10, "g3.equity": 2000}, {"g3": True}),
    "neither": ({"g3.revenue": 999, "g3.equity": 1999}, {"g3": False}),
    "two years": ({"spec.years": 2}, {"g1": True}),
    "not yet two years": ({"spec.years": 1.9}, {"g1": False}),
}


@pytest.mark.parametrize("case", GATES)
def test_each_gate_says_passed_failed_or_open_and_what_it_read(case):
    answers, expected = GATES[case]
    gates = {gate.code: gate for gate in score(SRDI, answers).gates}
    for code, passed in expected.items():
        gate = gates[code]
        assert (gate.sure, gate.possible) == {None: (False, True), True: (True, True), False: (False, False)}[
            passed
        ]
        assert (gate.condition.sure, gate.condition.possible) == (gate.sure, gate.possible)
    spend, share = gates["g2"].condition.parts
    assert (spend.answer, spend.need, spend.low) == ("g2.spend", 100, answers.get("g2.spend"))
    assert (share.answer, share.need, share.low) == ("g2.share", 3, answers.get("g2.share"))


@pytest.mark.parametrize("rubric", [DIGITAL, SRDI], ids=lambda each: each.id)
@given(data=st.data())
def test_levels_gates_and_points_agree_with_the_outcomes_behind_them(rubric, data):
    _, answers = data.draw(partial(rubric))
    result = score(rubric, answers)
    assert result.level is not None
    reached = [each.level for each in result.levels if each.sure]
    possible = [each.level for each in result.levels if each.possible]
    assert result.level.low == max(reached, default=0)
    assert result.level.high == max(possible, default=0)
    for gate in result.gates:
        assert (gate.condition.sure, gate.condition.possible) == (gate.sure, gate.possible)
    assert sum(group.points.low for group in result.groups) == pytest.approx(result.score.low)
    assert sum(group.points.high for group in result.groups) == pytest.approx(result.score.high)
    assert sum(group.cap for group in result.groups) == pytest.approx(100)
    assert all(0 <= group.points.low <= group.points.high <= group.cap + 1e-9 for group in result.groups)


def test_the_points_of_the_specialised_firm_have_the_published_caps():
    caps = {group.code: group.cap for group in score(SRDI, {}).groups}
    assert caps == {"spec": 25, "refine": 25, "feature": 15, "innov": 35}
    caps = {group.code: group.cap for group in score(DIGITAL, {}).groups}
    assert caps == {"base": 50, "mgmt": 30, "effect": 20}


def test_verified_points_rest_on_what_was_attested():
    answers = {"base.sys.cov": 4, "base.equip.digi": 4}
    result = score(DIGITAL, answers, grades={"base.sys.cov": "document"})
    assert result.score.low == 16
    assert result.verified_score.low == 10
    assert result.verified_level is not None
    assert (result.verified_level.low, result.verified_level.low_name.zh) == (0, "未达一级")


@pytest.mark.parametrize("rubric", [DIGITAL, SRDI, PLANKS], ids=lambda each: each.id)
def test_every_question_stands_in_one_section_and_none_is_empty(rubric):
    sections = sections_of(rubric)
    codes = [leaf.code for section in sections for leaf in section.leaves]
    assert sorted(codes) == sorted(leaf.code for leaf in rubric.leaves)
    assert all(section.leaves and section.name.zh and section.name.en for section in sections)
    assert len({section.code for section in sections}) == len(sections)


@pytest.mark.parametrize("rubric", [DIGITAL, SRDI, PLANKS], ids=lambda each: each.id)
def test_a_rubric_that_ships_says_what_it_is_what_it_gives_and_how_long_it_takes(rubric):
    assert rubric.about
    assert rubric.gives
    assert rubric.minutes
