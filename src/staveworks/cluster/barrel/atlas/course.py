"""The course over time as accessible SVG: the median as a line, the middle half as a band, labels instead of a legend."""

from collections.abc import Callable, Sequence
from html import escape
from math import ceil, floor

from staveworks.cluster.barrel.atlas import words
from staveworks.cluster.barrel.atlas.types import TrendPoint
from staveworks.cluster.barrel.picture.marks import element
from staveworks.cluster.barrel.published.coding import coded
from staveworks.kit.figures import level
from staveworks.kit.text import Language

SIZES = {"wide": (690, 240, 8), "narrow": (340, 220, 4)}
"""Width, height, and how many times are named at most."""

LEFT, RIGHT, TOP, BOTTOM = 34.0, 56.0, 14.0, 30.0
STEP = 10
Point = tuple[float, float]


def draw_trend(points: Sequence[TrendPoint], language: Language, *, exact: bool, size: str = "wide") -> str:
    """The SVG text; empty without a point. One point alone is a dot with its interval."""
    if not points:
        return ""
    width, height, named = SIZES[size]
    low = max(0, floor(min(point.low for point in points) / STEP) * STEP - STEP)
    high = min(100, ceil(max(point.high for point in points) / STEP) * STEP + STEP)
    places = [(_x(n, len(points), width), point) for n, point in enumerate(points)]

    def y(value: float) -> float:
        return TOP + (height - TOP - BOTTOM) * (high - value) / (high - low)

    title = words.TREND if exact else words.TREND_PUBLISHED
    inner = [
        element("title", escape(title.in_language(language)), id=f"c-{size}-t"),
        element("desc", escape(said(points, language, exact=exact)), id=f"c-{size}-d"),
        *_rules(low, high, y, width),
        *_band(places, y),
        *_line(places, y, exact=exact),
        *_labels(places, height, named),
    ]
    return element(
        "svg",
        "".join(inner),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        role="img",
        aria_labelledby=f"c-{size}-t c-{size}-d",
        class_=f"course course-{size}",
    )


def said(points: Sequence[TrendPoint], language: Language, *, exact: bool) -> str:
    """Every point in words."""
    write = level if exact else coded
    parts = [
        words.TREND_SAID.say(
            language, label=each.label, median=write(each.median), low=write(each.low), high=write(each.high)
        )
        for each in points
    ]
    return words.SEMICOLON.in_language(language).join(parts)


def _x(place: int, count: int, width: int) -> float:
    inner = width - LEFT - RIGHT
    return LEFT + inner / 2 if count == 1 else LEFT + 16 + (inner - 32) * place / (count - 1)


def _rules(low: int, high: int, y: Callable[[float], float], width: int) -> list[str]:
    marks = []
    for value in range(low, high + 1, STEP):
        marks.append(element("path", class_="c-rule", d=f"M{LEFT} {y(value):.1f}H{width - RIGHT}"))
        marks.append(
            element(
                "text",
                str(value),
                class_="c-axis",
                x=LEFT - 8,
                y=round(y(value) + 4, 1),
                font_size=11,
                text_anchor="end",
            )
        )
    return marks


def _band(places: Sequence[tuple[float, TrendPoint]], y: Callable[[float], float]) -> list[str]:
    if len(places) == 1:
        x, point = places[0]
        return [element("path", class_="c-span", d=f"M{x:.1f} {y(point.low):.1f}V{y(point.high):.1f}")]
    up = [f"{x:.1f} {y(point.high):.1f}" for x, point in places]
    down = [f"{x:.1f} {y(point.low):.1f}" for x, point in reversed(places)]
    return [element("path", class_="c-band", d="M" + "L".join([*up, *down]) + "Z")]


def _line(
    places: Sequence[tuple[float, TrendPoint]], y: Callable[[float], float], *, exact: bool
) -> list[str]:
    line = "M" + "L".join(f"{x:.1f} {y(point.median):.1f}" for x, point in places)
    marks = [element("path", class_="c-line", d=line)] if len(places) > 1 else []
    marks += [
        element("circle", class_="c-dot", cx=round(x, 1), cy=round(y(point.median), 1), r=3.5)
        for x, point in places
    ]
    x, last = places[-1]
    write = level if exact else coded
    for value, class_, size in (
        (last.high, "c-end", 11),
        (last.median, "c-now", 15),
        (last.low, "c-end", 11),
    ):
        marks.append(
            element(
                "text", escape(write(value)), class_=class_, x=round(x + 10, 1), y=round(y(value) + size * 0.35, 1),
                font_size=size, font_weight=600 if class_ == "c-now" else None,
            )
        )  # fmt: skip
    return _apart(marks, last, y)


def _apart(marks: list[str], last: TrendPoint, y: Callable[[float], float]) -> list[str]:
    """The ends of the band go unnamed where they would touch the median."""
    if y(last.low) - y(last.high) < 34:
        return [*marks[:-3], marks[-2]]
    return marks


def _labels(places: Sequence[tuple[float, TrendPoint]], height: int, named: int) -> list[str]:
    """Below: so many labels at most, the last always."""
    every = max(1, ceil(len(places) / named))
    shown = [place for n, place in enumerate(reversed(places)) if n % every == 0]
    return [
        element(
            "text",
            escape(point.label),
            class_="c-axis",
            x=round(x, 1),
            y=height - 9,
            font_size=11,
            text_anchor="middle",
        )
        for x, point in shown
    ]
