"""Scoring: monotone, bounded, independent of order, and an interval contains every completion."""

import random
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staveworks.engine.barrel import (
    NOT_APPLICABLE,
    Peers,
    Profile,
    Rubric,
    check_result,
    load_rubric,
    score,
    score_many,
)
from staveworks.kit.intervals import Interval
from staveworks.kit.text import Text
from tests.unit.barrel_rubrics import LITTLE, answers_to, full, partial, plank_rubric, ten, write_library

PROFILE = Profile(
    "test", Text("试", "test"), Text("试", "test"), {"rnd": 0, "production": 50, "ip": 0, "finance": 80}
)


LIBRARY = write_library(Path(mkdtemp()), little=LITTLE, planks=plank_rubric(ten()))
SMALL: list[Rubric] = [LIBRARY.rubric("little"), LIBRARY.rubric("planks")]
SHIPPED = [
    load_rubric(each) for each in ("miit-sme-digital-2024", "miit-srdi-2022", "staveworks-planks-2026")
]
every_rubric = pytest.mark.parametrize("rubric", SMALL + SHIPPED, ids=lambda rubric: rubric.id)
LIGHT = settings(max_examples=20, deadline=None)


def numbers(result) -> dict[str, Interval]:
    """All intervals of a result by name."""
    found = {"score": result.score}
    if result.level:
        found["level"] = Interval(result.level.low, result.level.low, result.level.high)
    if result.barrel:
        barrel = result.barrel
        found |= {f"height {code}": plank.height for code, plank in barrel.planks.items()}
        found |= {
            name: getattr(barrel, name) for name in ("bearing", "water_level", "mean_level", "unevenness")
        }
    return found


def inside(inner: Interval, outer: Interval) -> bool:
    return outer.low - 1e-7 <= inner.low and inner.high <= outer.high + 1e-7


@every_rubric
@given(data=st.data())
@LIGHT
def test_an_interval_contains_every_completion(rubric, data):
    complete, part = data.draw(partial(rubric))
    profile = data.draw(st.sampled_from([PROFILE, Profile("even", Text("", ""), Text("", ""))]))
    now, then = (numbers(score(rubric, answers, profile=profile)) for answers in (part, complete))
    for name, interval in then.items():
        assert inside(interval, now[name]), name
        if name not in ("level",):
            assert interval.high - interval.low < 1e-7, name


@every_rubric
@given(data=st.data())
@LIGHT
def test_a_result_agrees_with_the_independent_check(rubric, data):
    _, part = data.draw(partial(rubric))
    assert check_result(rubric, score(rubric, part, profile=PROFILE)) == []


@every_rubric
@given(data=st.data())
@LIGHT
def test_everything_is_bounded(rubric, data):
    _, part = data.draw(partial(rubric))
    for name, interval in numbers(score(rubric, part)).items():
        assert interval.low >= 0, name
        assert interval.high <= 100, name


@every_rubric
@given(data=st.data(), seed=st.integers(0, 99))
@LIGHT
def test_the_order_of_answers_does_not_matter(rubric, data, seed):
    answers = data.draw(full(rubric))
    shuffled = list(answers.items())
    random.Random(seed).shuffle(shuffled)
    assert score(rubric, answers) == score(rubric, dict(shuffled))


@every_rubric
@given(data=st.data())
@LIGHT
def test_a_better_leaf_never_lowers_score_level_or_water(rubric, data):
    """Another valid answer to one leaf: whatever moves, moves in the leaf's own direction (unevenness may do as it likes)."""
    answers = data.draw(full(rubric, absent=False))
    leaf = data.draw(st.sampled_from([each for each in rubric.leaves if each.kind != "number"]))
    other = answers | {leaf.code: data.draw(answers_to(leaf))}
    one, two = score(rubric, answers), score(rubric, other)
    if one.leaves[leaf.code].score.low > two.leaves[leaf.code].score.low:
        one, two = two, one
    if one.leaves[leaf.code].score == two.leaves[leaf.code].score:
        return
    before, after = numbers(one), numbers(two)
    for name in before.keys() - {"unevenness"}:
        assert before[name].low <= after[name].low + 1e-7, name


@every_rubric
@given(data=st.data())
@LIGHT
def test_many_firms_at_once_get_what_each_would_get_alone(rubric, data):
    firms = data.draw(st.lists(partial(rubric).map(lambda pair: pair[1]), min_size=1, max_size=4))
    batch = score_many(rubric, firms, profiles=PROFILE)
    for place, answers in enumerate(firms):
        alone = score(rubric, answers, profile=PROFILE)
        assert batch.score[:, place].tolist() == [alone.score.low, alone.score.likely, alone.score.high]
        if batch.levels:
            assert (batch.levels.low[place], batch.levels.high[place]) == (alone.level.low, alone.level.high)
        if batch.barrels:
            assert batch.barrels.water.level[0, place] == alone.barrel.water_level.low
            assert batch.barrels.water.unevenness[2, place] == alone.barrel.unevenness.high
            assert batch.barrels.binding_codes(place)[:1] == (
                [alone.barrel.binding] if alone.barrel.binding else []
            )


def test_each_firm_of_a_batch_may_have_its_own_profile():
    """One answer set, two targets for production: 100 leaves it at 50, 50 makes it 100."""
    rubric = SMALL[1]
    answers = {"production.one": 2, "production.two": 2}
    even = Profile("even", Text("", ""), Text("", ""))
    heights = score_many(rubric, [answers, answers], profiles=[even, PROFILE]).barrels.heights.relative
    assert heights[0, rubric.planks.index("production")].tolist() == [50, 100]


# ------------------------------------------------------------------------------------------------- by hand


def test_aggregates_computed_by_hand():
    """a = min(60, 50) = 50; b = 100·√(0.4·1) = 63.2456; c = second highest of 100 (floor(25/2) = 12, at most 10 of 10), 50
    and 0 = 50. Score 25 + 15.8114 + 12.5 = 53.3114."""
    answers = {
        "a.single": 1, "a.multi": [1], "b.bands": 5, "b.upper": 10,
        "c.formula": 25, "c.extra": 3, "c.scale": 1, "c.measured": 80,
    }  # fmt: skip
    assert score(SMALL[0], answers).score.low == pytest.approx(53.31138830)


def test_what_does_not_apply_leaves_its_weight_to_its_siblings():
    """a = min(80) alone (50 + 50 capped at 80); b = 100 alone: 0.5·80 + 0.25·100 + 0.25·0 = 65."""
    answers = {
        "a.single": NOT_APPLICABLE, "a.multi": [1, 2], "b.bands": 10, "b.upper": NOT_APPLICABLE,
        "c.formula": 0, "c.extra": 0, "c.scale": 2, "c.measured": NOT_APPLICABLE,
    }  # fmt: skip
    assert score(SMALL[0], answers).score.low == pytest.approx(65)


def test_an_unanswered_leaf_is_zero_to_a_hundred_and_likely_fifty():
    leaf = score(SMALL[1], {}).leaves["rnd.one"]
    assert (leaf.score, leaf.answered) == (Interval(0, 50, 100), False)


def test_five_peers_give_the_likely_value_and_four_do_not():
    """Scores 0, 25, 25, 50, 75: their mean is 35."""
    rubric = SMALL[1]
    firms = [{"rnd.one": value} for value in (0, 1, 1, 2, 3)]
    likely = [
        score(rubric, {}, peers=Peers.of(rubric, some)).leaves["rnd.one"].score.likely
        for some in (firms, firms[1:])
    ]
    assert likely == [35, 50]


def test_only_answers_attested_at_the_threshold_count_as_verified():
    rubric = SMALL[1]
    answers = {"ip.one": 4, "ip.two": 2}
    plank = score(rubric, answers, grades={"ip.one": "document", "ip.two": "self"}).barrel.planks["ip"]
    assert plank.own == Interval.point(62.5)  # 0.25·100 + 0.75·50
    assert plank.verified == Interval(25, 62.5, 100)  # 0.25·100 + 0.75·[0, 100]


def test_a_leaf_that_asks_for_an_inspector_is_not_verified_by_a_document():
    rubric = SHIPPED[2]
    answers = {"production.permit": 3}
    for grade, verified in (("document", False), ("inspector", True)):
        leaf = score(rubric, answers, grades={"production.permit": grade}).leaves["production.permit"]
        assert leaf.verified is verified
