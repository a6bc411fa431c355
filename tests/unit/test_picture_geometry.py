"""The barrel's shape against points computed by hand from the published formulas."""

from itertools import pairwise

import pytest

from staveworks.cluster.barrel.picture.geometry import (
    FRAMES,
    NARROW,
    PLAIN,
    WIDE,
    Slot,
    band,
    belly,
    edges,
    path,
    slots,
    steps,
    turn,
)
from staveworks.cluster.barrel.picture.spread import Wish, spread


def near(point: tuple[float, float]) -> object:
    return pytest.approx(point, abs=0.05)


def test_radius_is_r0_at_both_ends_and_bulges_by_b_in_the_middle() -> None:
    assert (WIDE.radius_at(0), WIDE.radius_at(50), WIDE.radius_at(100)) == (152, 178, 152)
    assert (PLAIN.radius_at(50), NARROW.radius_at(50)) == (161, 108)


def test_points_of_the_wide_frame_are_where_the_formula_puts_them() -> None:
    assert WIDE.at(-1, 0) == near((184.0, 402.0))
    assert WIDE.at(0, 0) == near((336.0, 419.5))  # 402 + 0.115 · 152
    assert WIDE.at(0, 100, back=True) == near((336.0, 32.5))  # 402 − 352 − 0.115 · 152
    assert WIDE.at(1, 22) == near((505.8, 324.6))  # R(22) = 169.85


def test_frames_have_the_published_sizes() -> None:
    assert {f.name: (f.width, f.height) for f in FRAMES.values()} == {
        "wide": (690, 486),
        "plain": (360, 410),
        "narrow": (320, 300),
    }


def test_five_staves_stand_between_the_published_positions() -> None:
    assert edges(5) == pytest.approx([-1, -0.65225, -0.22725, 0.22725, 0.65225, 1], abs=1e-4)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 6, 8, 12])
def test_any_number_of_staves_fills_the_barrel_in_order(n: int) -> None:
    us = edges(n)
    assert (us[0], us[-1]) == pytest.approx((-1, 1))
    assert all(a < b for a, b in pairwise(us))


def test_no_stave_needs_no_place() -> None:
    assert edges(0) == []
    assert slots(WIDE, 0) == []


def test_sides_have_a_point_at_least_every_four_levels() -> None:
    assert len(steps(0, 22)) == 7
    assert max(b - a for a, b in pairwise(steps(0, 71))) <= 4


def test_a_stave_leaves_its_gap_at_both_sides() -> None:
    first = slots(WIDE, 5)[0]
    outline = first.piece(0, 22)
    assert outline[0] == near((185.3, 402.0))
    assert first.top(22)[0] == near((167.5, 324.6))
    assert first.top(22)[-1] == near((223.9, 339.4))


def test_the_water_covers_the_whole_front() -> None:
    outline = belly(WIDE, 0, 34)
    assert near((160.7, 282.3)) in outline
    assert near((511.3, 282.3)) in outline
    assert near((336.0, 302.5)) in outline  # the front of the waterline


def test_half_a_turn_has_thirty_six_equal_angles() -> None:
    assert len(turn(WIDE, 50)) == 37
    assert turn(WIDE, 34)[1] == near((161.3, 284.1))


def test_a_hoop_is_as_thick_as_it_is_high() -> None:
    assert WIDE.thickness(55) == pytest.approx(10.3)
    assert PLAIN.thickness(40) == NARROW.thickness(40) == pytest.approx(5.7)
    strip = band([(0, 10), (5, 10)], 4)
    assert strip == [(0, 8), (5, 8), (5, 12), (0, 12)]


def test_paths_have_one_decimal() -> None:
    assert path([(1.04, 2), (3, 4.06)], close=True) == "M1.0 2.0L3.0 4.1Z"


def test_labels_that_touch_move_apart_as_little_as_possible() -> None:
    assert spread([Wish(50, 8, 8), Wish(50, 8, 8)], 0, 100) == [42, 58]
    assert spread([Wish(20, 8, 8), Wish(80, 8, 8)], 0, 100) == [20, 80]


def test_labels_stay_inside_and_keep_their_order() -> None:
    places = spread([Wish(0, 8, 8), Wish(1, 8, 8), Wish(2, 8, 8)], 0, 100)
    assert places == [8, 24, 40]
    assert spread([Wish(99, 8, 8), Wish(99, 8, 8)], 0, 100) == [76, 92]


def test_an_insisting_label_moves_less() -> None:
    stubborn, meek = spread([Wish(50, 8, 8, weight=20), Wish(50, 8, 8)], 0, 100)
    assert abs(stubborn - 50) < abs(meek - 50)


def test_slot_middle_is_between_its_edges() -> None:
    assert Slot(WIDE, -1, -0.5).middle == -0.75
