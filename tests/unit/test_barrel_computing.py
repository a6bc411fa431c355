"""What the engine made of a firm's answers is taken again only while all that it follows from is the same."""

from typing import Any

import pytest

from staveworks.cluster.barrel.computing import Case, questions_of, result_of, steps_of
from staveworks.engine.barrel import (
    EVEN,
    AnswerRefused,
    Peers,
    load_rubric,
    next_steps,
    rank_questions,
    score,
)
from staveworks.engine.barrel.loading import list_rubrics

RUBRIC = load_rubric("staveworks-planks-2026")
FIRST, SECOND = [leaf.code for leaf in RUBRIC.leaves if leaf.by_option][:2]
PEERS = Peers({SECOND: (0.0, 20.0, 40.0, 60.0, 80.0)})


def case(answers: dict[str, Any], **other: Any) -> Case:
    given: dict[str, Any] = {"profile": EVEN, "peers": PEERS, "grades": {FIRST: "self"}} | other
    return Case.of(RUBRIC, answers, **given)


def test_the_same_answers_in_any_order_are_computed_once() -> None:
    one, two = case({FIRST: 1, SECOND: 0}), case({SECOND: 0, FIRST: 1})
    assert result_of(one) is result_of(two)
    assert questions_of(one) is questions_of(two)
    assert steps_of(one, None) is steps_of(two, None)


def test_it_is_what_the_engine_says() -> None:
    found = case({FIRST: 1})
    assert result_of(found) == score(RUBRIC, {FIRST: 1}, peers=PEERS, grades={FIRST: "self"})
    assert list(questions_of(found)) == rank_questions(RUBRIC, {FIRST: 1}, peers=PEERS)
    assert list(steps_of(found, None)) == next_steps(RUBRIC, {FIRST: 1}, peers=PEERS)


@pytest.mark.parametrize(
    "other",
    [
        {"profile": EVEN.adjusted({"rnd": 40})},
        {"peers": Peers({SECOND: (0.0, 20.0, 40.0, 60.0, 90.0)})},
        {"peers": Peers(PEERS.scores, {SECOND: 3.0})},
        {"grades": {FIRST: "inspector"}},
    ],
    ids=["targets", "peers' scores", "peers' medians", "grades"],
)
def test_whatever_else_it_follows_from_makes_another_case(other: dict[str, Any]) -> None:
    assert case({FIRST: 1}) != case({FIRST: 1}, **other)
    assert result_of(case({FIRST: 1})) is not result_of(case({FIRST: 1}, **other))


def test_another_answer_or_edition_is_another_case() -> None:
    assert case({FIRST: 1}) != case({FIRST: 2})
    others = [load_rubric(each) for each in list_rubrics() if each != RUBRIC.id]
    assert all(
        Case.of(each, {}, profile=EVEN, peers=PEERS, grades={}) != case({}, grades={}) for each in others
    )


def test_an_answer_that_is_refused_is_refused_each_time_though_it_equals_a_good_one() -> None:
    result_of(case({FIRST: 1}))
    for _ in range(2):
        with pytest.raises(AnswerRefused):
            result_of(case({FIRST: True}))
