"""An answer outside its type or range is refused at its field, the same way alone and among many."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staveworks.engine.barrel import (
    NOT_APPLICABLE,
    AnswerRefused,
    check_answer,
    load_rubric,
    say_answer,
    score,
    score_many,
)

DIGITAL = load_rubric("miit-sme-digital-2024")
SRDI = load_rubric("miit-srdi-2022")
PLANKS = load_rubric("staveworks-planks-2026")

WRONG = [
    (SRDI, "spec.field", 3),
    (SRDI, "spec.field", -1),
    (SRDI, "spec.field", 1.5),
    (SRDI, "spec.field", True),
    (SRDI, "spec.field", "1"),
    (SRDI, "spec.field", [1]),
    (SRDI, "spec.field", None),
    (SRDI, "spec.field", NOT_APPLICABLE),
    (SRDI, "spec.main_share", 100.1),
    (SRDI, "spec.main_share", -1),
    (SRDI, "spec.main_share", float("nan")),
    (SRDI, "spec.growth", float("inf")),
    (SRDI, "spec.growth", 10**400),
    (SRDI, "spec.growth", False),
    (SRDI, "spec.years", -0.5),
    (SRDI, "feature.local", 15.1),
    (SRDI, "refine.digital", 5),
    (SRDI, "refine.quality", 1),
    (SRDI, "refine.quality", [4]),
    (SRDI, "refine.quality", [1, 1]),
    (SRDI, "refine.quality", [True]),
    (SRDI, "refine.quality", [[1]]),
    (SRDI, "g2.spend", -1),
    (SRDI, "nowhere", 1),
    (DIGITAL, "产品设计", 5),
    (DIGITAL, "产品设计", 0.5),
    (DIGITAL, "base.equip.net", [0, 1]),
    (DIGITAL, "base.equip.net", [5]),
    (PLANKS, "marketing.biggest", {}),
    (PLANKS, "rnd.samples", NOT_APPLICABLE),
]


@pytest.mark.parametrize(("rubric", "code", "value"), WRONG)
def test_a_wrong_answer_is_refused_with_its_field(rubric, code, value):
    for refuse in (lambda: check_answer(rubric, code, value), lambda: score(rubric, {code: value})):
        with pytest.raises(AnswerRefused) as caught:
            refuse()
        assert caught.value.field == code
        assert caught.value.text.zh != caught.value.text.en


@pytest.mark.parametrize(("rubric", "code", "value"), WRONG)
def test_among_many_only_the_wrong_firm_is_refused(rubric, code, value):
    batch = score_many(rubric, [{}, {code: value}, {}])
    assert {place: refusal.field for place, refusal in batch.refusals.items()} == {1: code}


RIGHT = [
    (SRDI, "spec.field", 2),
    (SRDI, "spec.field", 2.0),
    (SRDI, "spec.growth", -3.5),
    (SRDI, "refine.quality", []),
    (SRDI, "refine.debt_ratio", 130),
    (SRDI, "base.equip.net", [1, 2]),  # through the ref to the digital rubric
    (DIGITAL, "base.equip.net", [0]),
    (PLANKS, "production.permit", NOT_APPLICABLE),
    (PLANKS, "产品设计", 4),
]


@pytest.mark.parametrize(("rubric", "code", "value"), RIGHT)
def test_a_right_answer_passes(rubric, code, value):
    check_answer(rubric, code, value)
    assert score_many(rubric, [{code: value}]).refusals == {}


def test_an_empty_list_is_none_and_an_absent_leaf_is_unknown():
    assert score(SRDI, {"refine.quality": []}).leaves["refine.quality"].score.high == 0
    assert score(SRDI, {}).leaves["refine.quality"].score.high == 100


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4), st.lists, max_leaves=4
)


@given(st.dictionaries(st.sampled_from([leaf.code for leaf in PLANKS.leaves]), json_values, max_size=3))
@settings(max_examples=100, deadline=None)
def test_alone_and_among_many_the_same_answers_are_refused(answers):
    wrong = set()
    for code, value in answers.items():
        try:
            check_answer(PLANKS, code, value)
        except AnswerRefused:
            wrong.add(code)
    refusal = score_many(PLANKS, [{}, answers]).refusals.get(1)
    assert (refusal.field in wrong) if wrong else refusal is None


def test_an_answer_is_said_in_words():
    assert say_answer(SRDI.leaf("spec.growth"), -2).zh == "-2 %"
    assert say_answer(SRDI.leaf("innov.rd_org"), 1).en == "Province"
    assert say_answer(SRDI.leaf("refine.quality"), []).en == "None"
    assert say_answer(PLANKS.leaf("production.permit"), NOT_APPLICABLE).zh == "不适用"
