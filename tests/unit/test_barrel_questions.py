"""The best next question narrows the water level most; the chances say which plank probably binds."""

from pathlib import Path
from tempfile import mkdtemp

import pytest

from staveworks.engine.barrel import (
    NO_PEERS,
    Peers,
    Profile,
    binding_chances,
    load_rubric,
    next_question,
    next_questions,
    rank_questions,
    score,
    score_many,
)
from staveworks.engine.barrel.peers import FLAT
from staveworks.kit.text import Text
from tests.unit.barrel_rubrics import plank_rubric, ten, write_library

RUBRIC = write_library(Path(mkdtemp()), planks=plank_rubric(ten())).rubric("planks")
COMPLETE = {leaf.code: 4 for leaf in RUBRIC.leaves}


def without(*codes: str) -> dict[str, int]:
    return {code: value for code, value in COMPLETE.items() if code not in codes}


def width(answers, peers=NO_PEERS) -> float:
    level = score(RUBRIC, answers, peers=peers).barrel.water_level
    return level.high - level.low


def test_the_heavier_of_two_open_questions_comes_first():
    """rnd is open and alone decides W, [0, 100]; while "one" is open, the hole keeps the low end at 40 or less.

    two (¾) at 100, 75, 50, 25, 0 leaves 60, 41.25, 25, 25 and 25: 35.25 on average, a narrowing of 64.75. one (¼) at 0
    bores the hole and leaves 40, else 75: 68 on average, a narrowing of 32."""
    ranked = rank_questions(RUBRIC, without("rnd.one", "rnd.two"))
    assert [each.code for each in ranked] == ["rnd.two", "rnd.one"]
    assert [each.narrowing for each in ranked] == pytest.approx([64.75, 32])


@pytest.mark.parametrize(
    "codes", [("rnd.one", "rnd.two"), ("rnd.two", "ip.two"), ("talent.one", "ip.one", "marketing.two")]
)
def test_the_narrowing_is_what_asking_gives_on_average(codes):
    """Each of the five answers in turn, scored afresh."""
    answers = without(*codes)
    for question in rank_questions(RUBRIC, answers):
        after = [width(answers | {question.code: step}) for step in range(len(FLAT))]
        assert question.narrowing == pytest.approx(width(answers) - sum(after) / 5)


def test_the_narrowing_holds_under_a_profile_too():
    profile = Profile("p", Text("", ""), Text("", ""), {"rnd": 60, "ip": 0})
    answers = without("rnd.two", "ip.one", "talent.two")
    for question in rank_questions(RUBRIC, answers, profile=profile):
        levels = [
            score(RUBRIC, answers | {question.code: i}, profile=profile).barrel.water_level for i in range(5)
        ]
        now = score(RUBRIC, answers, profile=profile).barrel.water_level
        after = sum(level.high - level.low for level in levels) / 5
        assert question.narrowing == pytest.approx(now.high - now.low - after)


def test_nothing_is_asked_when_all_is_answered():
    assert next_question(RUBRIC, COMPLETE) is None
    assert rank_questions(RUBRIC, COMPLETE) == []


def test_the_last_open_question_is_asked_even_if_it_cannot_narrow_the_level():
    answers = {**without("rnd.one"), "logistics.two": 0, "logistics.one": 0}
    assert next_question(RUBRIC, answers) == "rnd.one"


def test_a_gate_that_is_decided_asks_nothing_more():
    srdi = load_rubric("miit-srdi-2022")
    asked = [each.code for each in rank_questions(srdi, {"g3.revenue": 1200, "g2.spend": 10})]
    assert "g3.equity" not in asked
    assert "g2.share" not in asked


def test_answering_what_is_asked_comes_to_an_end_and_never_widens():
    rubric, answers, last = load_rubric("staveworks-planks-2026"), {}, 100.0
    while code := next_question(rubric, answers):
        answers[code] = [] if rubric.leaf(code).kind == "multi" else 1
        level = score(rubric, answers).barrel.water_level
        assert level.high - level.low <= last + 1e-9
        last = level.high - level.low
    assert len(answers) == len(rubric.leaves)
    assert last == 0


@pytest.mark.parametrize("name", ["miit-sme-digital-2024", "miit-srdi-2022", "staveworks-planks-2026"])
def test_many_firms_are_asked_what_each_would_be_asked_alone(name):
    rubric = load_rubric(name)
    codes = [leaf.code for leaf in rubric.leaves if leaf.kind not in ("multi", "number")]
    firms = [dict.fromkeys(codes[:k], 1) for k in (0, 3, 9, len(codes))]
    batch = score_many(rubric, firms)
    assert next_questions(batch) == [next_question(rubric, answers) for answers in firms]


def test_the_outlook_of_an_answer_is_that_of_the_peers():
    firms = [{"rnd.two": 4, "procurement.two": step} for step in (0, 1, 2, 3, 4, 4)]
    peers = Peers.of(RUBRIC, firms)
    assert peers.likely("rnd.two") == 100
    assert peers.outlook("rnd.two") == (100.0,) * 5
    assert peers.outlook("ip.two") == FLAT


def test_the_chances_sum_to_one_and_follow_the_answers():
    chances = binding_chances(RUBRIC, without("rnd.two", "procurement.two") | {"procurement.one": 0})
    assert sum(chances.values()) == pytest.approx(1)
    assert chances["procurement"] > chances["rnd"] > 0
    assert chances["logistics"] < 0.2
    assert chances == binding_chances(RUBRIC, without("rnd.two", "procurement.two") | {"procurement.one": 0})
