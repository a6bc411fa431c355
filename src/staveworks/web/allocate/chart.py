"""Demand against capacity by week as accessible SVG: bars of what is wanted, red where it is more than there is, a step of hours."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from staveworks.cluster.barrel.picture.marks import element, line, words
from staveworks.kit.figures import number
from staveworks.kit.text import Language, Text
from staveworks.web.prescribe.chart import NICE, floor_log

WIDTH, HEIGHT = 320, 220
LEFT, RIGHT, TOP, BOTTOM = 44.0, 56.0, 16.0, 28.0
MOST_LABELS = 13
CAPACITY = Text(zh="产能", en="capacity")
TITLE = Text(zh="{name}：每周要的工时与有的工时", en="{name}: hours wanted and hours there are, by week")
SAID = Text(zh="{week} 要 {wanted}，有 {capacity}", en="{week}: {wanted} wanted, {capacity} there")
JOIN = Text(zh="；", en="; ")


def draw_load(load: Mapping[str, Any], weeks: Sequence[str], name: str, language: Language) -> str:
    """The SVG text; empty where nothing is wanted and nothing is there."""
    wanted, capacity = load["wanted"], load["capacity"]
    most = max([*wanted, *capacity], default=0.0)
    if most <= 0:
        return ""
    step = _step(most)
    top = step * -(-most // step)
    width = (WIDTH - LEFT - RIGHT) / len(weeks)

    def y(hours: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - hours / top)

    said = JOIN.in_language(language).join(
        SAID.say(language, week=week, wanted=number(have), capacity=number(there))
        for week, have, there in zip(weeks, wanted, capacity, strict=True)
    )
    title = TITLE.say(language, name=name)
    inner = [
        element("title", escape(title), id="load-t"),
        element("desc", escape(said), id="load-d"),
        *_rules(step, top, y),
        *(
            _bar(place, hours, hours > there + 0.5, width, y)
            for place, (hours, there) in enumerate(zip(wanted, capacity, strict=True))
        ),
        *_weeks(weeks, width),
        line(_steps(capacity, width, y), "load-line"),
        words(CAPACITY.in_language(language), WIDTH - RIGHT + 6, y(capacity[-1]) + 4, "b-t", 12),
    ]
    return element(
        "svg",
        "".join(inner),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_labelledby="load-t load-d",
        class_="load-chart",
    )


def _step(most: float) -> float:
    rough = most / 4
    scale = 10.0 ** floor_log(rough)
    return float(next(nice * scale for nice in NICE if nice * scale >= rough))


def _rules(step: float, top: float, y: Any) -> list[str]:
    marks = []
    for n in range(round(top / step) + 1):
        at = y(n * step)
        marks.append(line([(LEFT, at), (WIDTH - RIGHT, at)], "f-rule"))
        marks.append(words(number(n * step), LEFT - 6, at + 4, "b-t2", 12, text_anchor="end"))
    return marks


def _bar(place: int, hours: float, short: bool, width: float, y: Any) -> str:
    return element(
        "rect",
        class_="load-short" if short else "load-bar",
        x=LEFT + width * (place + 0.2),
        y=y(hours),
        width=width * 0.6,
        height=max(0.0, y(0) - y(hours)),
    )


def _weeks(weeks: Sequence[str], width: float) -> list[str]:
    every = -(-len(weeks) // MOST_LABELS) if len(weeks) <= 6 else -(-len(weeks) // 6)
    return [
        words(week, LEFT + width * (place + 0.5), HEIGHT - 8, "b-t2", 12, text_anchor="middle")
        for place, week in enumerate(weeks)
        if place % every == 0
    ]


def _steps(capacity: Sequence[float], width: float, y: Any) -> list[tuple[float, float]]:
    path: list[tuple[float, float]] = []
    for place, hours in enumerate(capacity):
        path += [(LEFT + width * place, y(hours)), (LEFT + width * (place + 1), y(hours))]
    return path
