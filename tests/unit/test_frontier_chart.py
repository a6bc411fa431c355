"""The chart of the level by budget says in words what it draws, and draws no more than is known."""

import re
from itertools import pairwise

import pytest

from staveworks.engine.prescription import FrontierPoint
from staveworks.web.prescribe.chart import SIZES, draw_frontier

POINTS = [
    FrontierPoint(fen, level, ())
    for fen, level in ((0, 24.5), (120_000, 38.0), (1_200_000, 61.0), (1_250_000, 62.0), (30_000_000, 64.0))
]


def line_of(svg: str) -> list[tuple[float, float]]:
    drawn = re.search(r'class="f-line" d="([^"]+)"', svg)
    assert drawn
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+)[ ,](-?[\d.]+)", drawn[1])]


@pytest.mark.parametrize("size", SIZES)
def test_the_line_only_goes_right_and_up_in_right_angles(size: str) -> None:
    corners = line_of(draw_frontier(POINTS[:4], 900_000, "en", size=size))
    assert len(corners) == 8
    for (x1, y1), (x2, y2) in pairwise(corners):
        assert x2 >= x1
        assert y2 <= y1
        assert x1 == x2 or y1 == y2


def test_every_step_is_said_in_both_languages() -> None:
    assert "from ¥1,200.00 on 38.0; " in draw_frontier(POINTS, 900_000, "en")
    assert "¥1,200.00 起水位 38.0；" in draw_frontier(POINTS, 900_000, "zh")
    assert "您的预算 ¥9,000.00。" in draw_frontier(POINTS, 900_000, "zh")


def test_what_is_not_found_yet_is_not_drawn() -> None:
    """The line ends at the last step, and goes on to the edge once all are known."""
    width, _ = SIZES["wide"]
    found = POINTS[:2]
    assert line_of(draw_frontier(found, 900_000, "en", whole=False))[-1][0] < width / 3
    assert line_of(draw_frontier(found, 900_000, "en"))[-1][0] > width - 20


def test_a_far_last_step_does_not_squeeze_what_a_small_budget_can_buy() -> None:
    """¥300,000 for two points more: the axis ends where most of the rise and the budget lie; the words still name it."""
    svg = draw_frontier(POINTS, 900_000, "en")
    assert svg.count('class="f-dot"') == 4
    assert "from ¥300,000.00 on 64.0" in svg


def test_without_a_step_there_is_no_chart() -> None:
    assert draw_frontier([], 900_000, "en") == ""
