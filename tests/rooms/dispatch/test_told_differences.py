"""What a what-if costs or saves, in words: beside what was found what the price of an hour promises, and what nobody can know of it."""

from datetime import date
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from staveworks.web.allocate.names import Names
from staveworks.web.allocate.shown import difference_said

SAME: dict[str, Any] = {
    "objective": 0.0,
    "proven": False,
    "as_before": False,
    "bound": -7000.0,
    "apart": 5120.0,
    "promised": -2400.0,
    "costs": {},
    "late_lines": 0,
    "rejected_lines": 0,
    "moved": {"count": 0, "some": []},
    "firms": [],
}


def told(language: str, **more: Any) -> str:
    with translation.override(language):
        said = difference_said({**SAME, **more}, Names({}, date(2026, 12, 7)))
        return render_to_string("allocate/difference.html", {"difference": said})


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ("看不出差别", "原方案照旧", "离最优可能还差 ¥5,120.00", "最多省 ¥2,400.00")),
        (
            "en",
            ("No difference seen", "stays as it is", "up to ¥5,120.00 above the best", "save ¥2,400.00 at"),
        ),
    ],
)
def test_nothing_found_within_the_gap_is_no_bare_nought(language: str, words: tuple[str, ...]) -> None:
    page = told(language)
    assert [each for each in words if each not in page] == []
    assert "¥0.00" not in page


def test_a_saving_within_the_gap_keeps_its_figure_and_says_by_how_much_the_plan_may_be_out() -> None:
    page = told("en", objective=-1200.0, moved={"count": 2, "some": []})
    assert "−\N{WORD JOINER}¥1,200.00" in page
    assert "up to ¥5,120.00 above the best possible" in page
    assert "above the best possible" not in told("en", objective=-6000.0, proven=True)


def test_what_is_proven_to_change_nothing_is_nought() -> None:
    page = told("en", proven=True, apart=0.0, promised=0.0)
    assert "¥0.00" in page
    assert "No difference seen" not in page
    assert "Hours aren’t short there" in page


def test_what_was_found_beyond_the_price_is_told_to_come_from_the_gap() -> None:
    beyond = "the rest comes from the plan’s own gap"
    assert beyond in told("en", objective=-3000.0)
    assert beyond not in told("en", objective=-2400.0)
    assert beyond in told("en", objective=300.0, promised=900.0), "fewer hours, and still a better plan"
    assert "costs ¥900.00 at least" in told("en", objective=1000.0, promised=900.0)


def test_answers_of_former_versions_say_what_they_know() -> None:
    old = {name: value for name, value in SAME.items() if name not in ("apart", "promised")}
    with translation.override("en"):
        said = difference_said({**old, "objective": -10.0}, Names({}, date(2026, 12, 7)))
        assert "Within the gap" in render_to_string("allocate/difference.html", {"difference": said})
