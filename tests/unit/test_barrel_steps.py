"""The next step of a question is its smallest better answer, and its gain is what scoring afresh gives."""

from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staveworks.engine.barrel import (
    NOT_APPLICABLE,
    Leaf,
    Peers,
    Profile,
    Rubric,
    check_answer,
    level_gaps,
    load_rubric,
    next_steps,
    score,
)
from staveworks.engine.barrel.better import better_answer
from staveworks.kit.text import Text
from tests.unit.barrel_rubrics import LITTLE, full, partial, plank_rubric, ten, write_library

LIBRARY = write_library(Path(mkdtemp()), planks=plank_rubric(ten()), little=LITTLE)
PLANKS, LITTLE_RUBRIC = LIBRARY.rubric("planks"), LIBRARY.rubric("little")
SHIPPED = [
    load_rubric(each) for each in ("staveworks-planks-2026", "miit-sme-digital-2024", "miit-srdi-2022")
]


def points(rubric: Rubric, leaf: Leaf, value: object, peers: Peers) -> float:
    found = score(rubric, {leaf.code: value}, peers=peers).leaves[leaf.code].score
    return found.likely


def gain_afresh(rubric: Rubric, answers: dict, step, profile: Profile, peers: Peers) -> float:
    def level(sheet: dict) -> float:
        result = score(rubric, sheet, profile=profile, peers=peers)
        return result.barrel.water_level.likely if result.barrel else result.score.likely

    return level({**answers, step.code: step.better}) - level(answers)


def test_the_shortest_stave_rises_and_the_water_with_it_until_the_next_one_holds_it():
    """All fours but procurement, 0.25·50 + 0.75·50 = 50. two (¾) from 50 to 75 points lifts it by 18.75, and so the water."""
    answers = {leaf.code: 4 for leaf in PLANKS.leaves} | {"procurement.one": 2, "procurement.two": 2}
    first, second = next_steps(PLANKS, answers, plank="procurement")
    assert (first.code, first.now, first.better, first.words.en) == ("procurement.two", 2, 3, "75 points")
    assert (first.plank_gain, first.gain) == (pytest.approx(18.75), pytest.approx(18.75))
    assert (second.code, second.gain) == ("procurement.one", pytest.approx(6.25))
    capped = next_steps(PLANKS, answers | {"rnd.two": 2}, plank="procurement")[0]
    assert (capped.plank_gain, capped.gain) == (pytest.approx(18.75), pytest.approx(12.5)), (
        "rnd holds it at 62.5"
    )


def test_closing_the_hole_counts_as_a_step():
    """production.one 0 bores a hole at 40; one step up closes it: 0.25·25 + 0.75·100 = 81.25."""
    answers = {leaf.code: 4 for leaf in PLANKS.leaves} | {"production.one": 0}
    (step,) = next_steps(PLANKS, answers, plank="production")
    assert step.gain == pytest.approx(41.25)


def test_a_step_of_another_plank_than_the_shortest_raises_no_water():
    answers = {leaf.code: 4 for leaf in PLANKS.leaves} | {"rnd.two": 0, "marketing.two": 1}
    by_code = {step.code: step for step in next_steps(PLANKS, answers)}
    assert by_code["rnd.two"].gain > 0
    assert by_code["marketing.two"].plank_gain > 0
    assert by_code["marketing.two"].gain == 0


@pytest.mark.parametrize("rubric", [PLANKS, LITTLE_RUBRIC, *SHIPPED], ids=lambda rubric: rubric.id)
def test_every_step_is_a_valid_better_answer_with_the_gain_of_scoring_afresh(rubric: Rubric):
    profile = Profile("p", Text("", ""), Text("", ""), {"rnd": 60, "ip": 0})
    peers = Peers(medians={leaf.code: 8.0 for leaf in rubric.leaves if leaf.kind == "peer"})

    @settings(max_examples=12, deadline=None)
    @given(partial(rubric), st.randoms(use_true_random=False))
    def check(sheets, chance) -> None:
        _, answers = sheets
        chosen = profile if rubric.plank_groups else Profile("e", Text("", ""), Text("", ""), {})
        steps = next_steps(rubric, answers, profile=chosen, peers=peers)
        for step in chance.sample(steps, min(4, len(steps))):
            leaf = rubric.leaf(step.code)
            check_answer(rubric, step.code, step.better)
            if leaf.kind != "scale" or leaf in rubric.inputs:
                assert points(rubric, leaf, step.better, peers) >= points(rubric, leaf, step.now, peers)
            assert step.gain >= 0
            assert step.gain == pytest.approx(gain_afresh(rubric, answers, step, chosen, peers), abs=1e-6)

    check()


@settings(max_examples=60, deadline=None)
@given(full(LITTLE_RUBRIC, absent=False))
def test_no_better_answer_lies_between(answers):
    """Of an option or a band: nothing scores more than now and less than the step."""
    for leaf in LITTLE_RUBRIC.leaves:
        better = better_answer(leaf, answers[leaf.code], {})
        if better is None or leaf.kind == "multi":
            continue
        tries = (
            range(len(leaf.options))
            if leaf.by_option
            else [bound + d for bound in leaf.bands.bounds for d in (-1, 0, 1)]
        )
        scores = [
            points(LITTLE_RUBRIC, leaf, value, Peers()) for value in tries if value >= (leaf.least or -99)
        ]
        now, then = (
            points(LITTLE_RUBRIC, leaf, value, Peers()) for value in (answers[leaf.code], better.answer)
        )
        assert now < then
        assert not [each for each in scores if now < each < then]


@pytest.mark.parametrize(
    ("code", "now", "better", "words"),
    [
        ("a.single", 0, 1, "half"),
        ("a.multi", [0], [1], "add: A"),
        ("a.multi", [2], [1, 2], "add: A"),
        ("b.bands", 3, 5, "at least 5"),
        ("b.bands", 5.0, 10, "at least 10"),
        ("b.upper", 80, 50, "at most 50"),
        ("b.upper", 50, 10, "at most 10"),
        ("c.measured", 89.9, 90, "at least 90"),
    ],
)
def test_the_step_is_said_in_the_leafs_own_words(code, now, better, words):
    found = better_answer(LITTLE_RUBRIC.leaf(code), now, {})
    assert (found.answer, found.words.en) == (better, words)


@pytest.mark.parametrize(("now", "better"), [(14.5, 15.0), (15 - 1e-12, 15.0), (7.4, 7.5), (7.5, 11.25)])
def test_of_points_the_next_quarter_is_asked_and_never_more_than_all(now: float, better: float) -> None:
    """From a hair below full marks the next quarter would lie beyond them."""
    leaf = load_rubric("miit-srdi-2022").leaf("feature.local")
    step = better_answer(leaf, now, {})
    assert step is not None
    assert step.answer == better


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("a.single", 2),
        ("a.single", NOT_APPLICABLE),
        ("a.multi", [1, 2]),
        ("b.upper", 3),
        ("c.formula", 4),
        ("c.extra", 1),
    ],
)
def test_there_is_no_step_beyond_full_marks_nor_where_there_is_no_ladder(code, answer):
    assert better_answer(LITTLE_RUBRIC.leaf(code), answer, {}) is None


def test_an_open_question_has_no_step():
    assert next_steps(LITTLE_RUBRIC, {}) == []


def test_what_the_next_level_still_asks_is_counted():
    """Level 1 of the digital rubric: 20 points, six scenes at 1 or more, three of the constraint ones."""
    digital = load_rubric("miit-sme-digital-2024")
    level, gaps = level_gaps(digital, {})
    assert level == 1
    assert [(gap.kind, gap.have, gap.need) for gap in gaps] == [
        ("score", 0, 20),
        ("answers", 0, 6),
        ("answers", 0, 3),
    ]
    scenes = {leaf.code: 1 for leaf in digital.leaves if leaf.kind == "scale"}
    _, gaps = level_gaps(digital, scenes)
    assert [gap.met for gap in gaps] == [False, True, True]


def test_at_the_top_nothing_is_asked_any_more():
    digital = load_rubric("miit-sme-digital-2024")
    best = {}
    for leaf in digital.leaves:
        if leaf.kind == "multi":
            best[leaf.code] = [i for i, option in enumerate(leaf.options) if not option.exclusive]
        elif leaf.by_option:
            best[leaf.code] = max(range(len(leaf.options)), key=lambda i: leaf.options[i].points)
    if score(digital, best).level.low == 4:
        assert level_gaps(digital, best) == (0, [])
    else:
        pytest.fail("the digital rubric has leaves that are neither lists nor options: complete them here")
