"""The water level, what binds, holes and unevenness, in examples small enough to compute by hand."""

from itertools import product
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staveworks.engine.barrel import EVEN, NOT_APPLICABLE, Profile, TargetRefused, load_profiles, score
from staveworks.engine.barrel.level import Frame, water_of
from staveworks.kit.intervals import Interval
from staveworks.kit.text import Text
from tests.unit.barrel_rubrics import plank_rubric, ten, write_library

RUBRIC = write_library(Path(mkdtemp()), planks=plank_rubric(ten())).rubric("planks")
WEAKEST = write_library(Path(mkdtemp()), planks=plank_rubric(ten(), bearing="minimum")).rubric("planks")
STAVES = [plank.code for plank in ten().staves]
HOOPS = [plank.code for plank in ten().hoops]


def at(heights: dict[str, int], otherwise: int = 4) -> dict[str, int]:
    """Answers that bring each plank to ``heights`` (steps of 25)."""
    return {
        f"{code}.{item}": heights.get(code, otherwise) for code in STAVES + HOOPS for item in ("one", "two")
    }


def test_the_shortest_stave_is_the_water_level():
    """Staves 50, 75, 100, 100, 100; hoops 100: W = 50, M = 85, U = 35; then procurement, then any of the full ones."""
    barrel = score(RUBRIC, at({"rnd": 2, "procurement": 3})).barrel
    assert barrel.water_level == Interval.point(50)
    assert barrel.mean_level.low == pytest.approx(85)
    assert barrel.unevenness.high == pytest.approx(35)
    assert barrel.binding == "rnd"
    assert barrel.next_to_bind[0] == "procurement"


def test_the_hoops_bind_when_they_bear_less_than_every_stave():
    """Hoops 0, 25, 100, 100, 100: b = 65 under the staves' 75; the hoop that lacks most binds, then the next."""
    barrel = score(RUBRIC, at({"talent": 0, "ip": 1} | dict.fromkeys(STAVES, 3))).barrel
    assert barrel.bearing == Interval.point(65)
    assert barrel.water_level == Interval.point(65)
    assert (barrel.binding, *barrel.next_to_bind) == ("talent", "rnd", "procurement")


def test_the_stave_binds_where_the_hoops_bear_as_much_but_for_rounding():
    """Hoops 12.5, 0 and 25 of equal weight bear 12.5, in binary 12.499999999999998; the stave stands at 12.5."""
    profile = Profile("no others", Text("", ""), Text("", ""), dict.fromkeys(["rnd", "ip", "inspection"], 0))
    others = dict.fromkeys(["production", "logistics", "marketing"], 4)
    answers = at(others | {"finance": 0, "talent": 1}) | {"procurement.one": 2, "procurement.two": 0}
    answers |= {"consulting.one": 2, "consulting.two": 0}
    barrel = score(RUBRIC, answers, profile=profile).barrel
    assert barrel.bearing == barrel.water_level == Interval.point(12.5)
    assert barrel.binding == "procurement"


def test_under_the_minimum_one_weak_hoop_decides():
    barrel = score(WEAKEST, at({"talent": 1, "ip": 2})).barrel
    assert barrel.bearing == Interval.point(25)
    assert (barrel.binding, *barrel.next_to_bind[:1]) == ("talent", "ip")


def test_a_hole_lets_the_stave_leak():
    """one = 0 bores the hole at 40; own height 0.25·0 + 0.75·100 = 75 stays as it is."""
    barrel = score(RUBRIC, at({}) | {"logistics.one": 0}).barrel
    plank = barrel.planks["logistics"]
    assert (plank.own, plank.height, plank.hole) == (Interval.point(75), Interval.point(40), 40)
    assert [(hole.plank, hole.sure) for hole in barrel.holes] == [("logistics", True)]
    assert barrel.water_level == Interval.point(40)


def test_an_open_question_leaves_the_hole_open():
    """0.25·[0, 100] + 75 = [75, 100], but at the low end the hole is there: [40, 100]; likely 87.5, without it."""
    answers = {code: value for code, value in at({}).items() if code != "logistics.one"}
    barrel = score(RUBRIC, answers).barrel
    assert barrel.planks["logistics"].height == Interval(40, 87.5, 100)
    assert barrel.holes == ()


def test_a_question_that_does_not_apply_bores_no_hole():
    barrel = score(RUBRIC, at({}) | {"logistics.one": NOT_APPLICABLE}).barrel
    assert barrel.planks["logistics"].height == Interval.point(100)


def profile(**targets: float) -> Profile:
    return Profile("p", Text("", ""), Text("", ""), targets)


def test_heights_are_relative_to_the_profile():
    """Own 50 of the 80 wanted: 62.5."""
    assert score(RUBRIC, at({"rnd": 2}), profile=profile(rnd=80)).barrel.water_level == Interval.point(62.5)


def test_a_plank_that_is_not_needed_is_left_out():
    """Staves 0 (not needed), 50, 100, 100, 100: M over four is 87.5; hoops 0 (not needed) and four at 75: b = 75."""
    barrel = score(
        RUBRIC,
        at({"rnd": 0, "procurement": 2, "ip": 0} | dict.fromkeys(set(HOOPS) - {"ip"}, 3)),
        profile=profile(rnd=0, ip=0),
    ).barrel
    assert barrel.mean_level.low == pytest.approx(87.5)
    assert barrel.bearing.low == pytest.approx(75)
    assert (barrel.binding, barrel.planks["rnd"].needed) == ("procurement", False)


def test_a_plank_where_nothing_applies_is_left_out():
    barrel = score(RUBRIC, at({}) | {"rnd.one": NOT_APPLICABLE, "rnd.two": NOT_APPLICABLE}).barrel
    assert not barrel.planks["rnd"].needed
    assert barrel.water_level == Interval.point(100)


def test_without_a_needed_hoop_the_bearing_is_full():
    barrel = score(RUBRIC, at(dict.fromkeys(HOOPS, 0)), profile=profile(**dict.fromkeys(HOOPS, 0.0))).barrel
    assert (barrel.bearing, barrel.water_level) == (Interval.point(100), Interval.point(100))


def test_nothing_needed_binds_nothing():
    barrel = score(RUBRIC, {}, profile=profile(**dict.fromkeys(STAVES + HOOPS, 0.0))).barrel
    assert (barrel.binding, barrel.next_to_bind) == (None, ())


def test_nothing_answered_is_known_to_be_anything():
    barrel = score(RUBRIC, {}).barrel
    assert barrel.water_level == Interval(0, 50, 100)
    assert barrel.unevenness == Interval(0, 0, 100)


steps = st.integers(0, 4).map(lambda step: 25.0 * step)


@given(st.lists(st.tuples(steps, steps).map(sorted), min_size=3, max_size=4))
@settings(max_examples=60, deadline=None)
def test_the_bounds_of_w_m_and_u_are_the_least_and_the_greatest_over_the_box(ends):
    """Every corner and every step of 12.5 inside is tried: none leaves the interval, and both ends are reached."""
    staves = ends[:-1]
    frame = Frame(
        tuple("abcd"[: len(ends)]),
        tuple(range(len(staves))),
        (len(staves),),
        np.array([1 / len(staves)] * len(staves) + [1.0]),
        "mean",
    )
    needed = np.ones((len(ends), 1), dtype=bool)
    low, high = zip(*ends, strict=True)
    middle = [(a + b) / 2 for a, b in ends]
    water = water_of(frame, np.array([low, middle, high])[:, :, None], needed)
    tried = [
        values(each)
        for each in product(*(np.unique(np.append(np.arange(a, b + 1, 12.5), b)) for a, b in ends))
    ]
    for column, found in enumerate((water.level, water.mean, water.unevenness)):
        every = [row[column] for row in tried]
        assert found[0, 0] == pytest.approx(min(every), abs=1e-6)
        assert found[2, 0] == pytest.approx(max(every), abs=1e-6)


def values(heights: tuple[float, ...]) -> tuple[float, float, float]:
    *staves, bearing = heights
    level, mean = min(*staves, bearing), sum(staves) / len(staves)
    return level, mean, mean - level


def test_a_firm_may_adjust_its_profile_within_bounds():
    weaver = load_profiles()["textile.weaving"]
    assert weaver.adjusted({"rnd": 10}).target("rnd") == 10
    assert weaver.target("rnd") == 40
    with pytest.raises(TargetRefused):
        EVEN.adjusted({"rnd": 101})
