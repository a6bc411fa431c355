"""The level by budget as accessible SVG, drawn on the server: a step line, its steps labelled where there is room, the budget."""

from collections.abc import Callable, Sequence
from html import escape
from math import ceil, floor

from staveworks.cluster.barrel.picture.marks import element, line, words
from staveworks.engine.prescription import FrontierPoint
from staveworks.kit.figures import mean, money, number
from staveworks.kit.text import Language, Text

SIZES = {"wide": (620, 270), "narrow": (320, 230)}
LEFT, RIGHT, TOP, BOTTOM = 34.0, 14.0, 26.0, 42.0
RULE = 10
APART = 30.0
"""px that a plateau needs to be labelled."""
MANY = 15
"""Steps beyond which their rings are small."""
MOST_OF_IT, BEYOND = 0.8, 2.5
"""The share of the rise, and the multiple of the budget, that are always drawn."""
Scale = Callable[[float], float]
NICE = (1, 2, 5, 10)
TITLE = Text(zh="水位随预算怎样上升", en="Level against budget")
AXIS = Text(zh="用券后自付，{unit}", en="You pay after vouchers, {unit}")
YUAN, WAN = Text(zh="元", en="¥"), Text(zh="万元", en="¥ thousand")
LEVEL = Text(zh="水位", en="Water level")
YOURS = Text(zh="您的预算 {money}", en="your budget {money}")
STEP = Text(zh="{money} 起水位 {level}", en="from {money} on {level}")
JOIN, STOP = Text(zh="；", en="; "), Text(zh="。", en=".")


def draw_frontier(
    points: Sequence[FrontierPoint],
    budget_fen: int,
    language: Language,
    *,
    whole: bool = True,
    size: str = "wide",
) -> str:
    """The SVG text; empty without a step. ``whole``: all steps are known; else the line ends at the last one.

    ``wide`` is 620 × 270, ``narrow`` 320 × 230.
    """
    if not points:
        return ""
    width, height = SIZES[size]
    most = _span(points, budget_fen) * 1.08
    shown = [point for point in points if point.budget_fen <= most]
    low = floor(shown[0].water_level / RULE) * RULE
    high = min(100, max(low + 2 * RULE, ceil((shown[-1].water_level + 2) / RULE) * RULE))

    def x(fen: float) -> float:
        return LEFT + (width - LEFT - RIGHT) * fen / most

    def y(value: float) -> float:
        return TOP + (height - TOP - BOTTOM) * (high - value) / (high - low)

    end = most if whole else shown[-1].budget_fen
    corners = _corners(shown, end)
    path = [(x(fen), y(value)) for fen, value in corners]
    area = [*path, (x(end), y(low)), (x(0), y(low))]
    inner = [
        element("title", escape(TITLE.in_language(language)), id=f"f-{size}-t"),
        element("desc", escape(said(points, budget_fen, language)), id=f"f-{size}-d"),
        *_rules(low, high, y, width),
        *_ticks(most, x, height, language),
        line([*area, area[0]], "f-area"),
        line(path, "f-line"),
        *_steps(shown, x, y, width),
        *_budget(budget_fen, x, y, (low, high), width, language),
    ]
    return element(
        "svg",
        "".join(inner),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        role="img",
        aria_labelledby=f"f-{size}-t f-{size}-d",
        class_=f"frontier frontier-{size}",
    )


def _span(points: Sequence[FrontierPoint], budget_fen: int) -> int:
    """The budgets that are drawn: the whole frontier, unless most of the rise and the budget lie at its very beginning."""
    first, last = points[0], points[-1]
    rise = first.water_level + MOST_OF_IT * (last.water_level - first.water_level)
    early = next(point.budget_fen for point in points if point.water_level >= rise)
    return max(1, budget_fen, min(last.budget_fen, max(early, int(budget_fen * BEYOND))))


def said(points: Sequence[FrontierPoint], budget_fen: int, language: Language) -> str:
    """Every step in words, and the budget."""
    steps = [
        STEP.say(language, money=money(point.budget_fen), level=mean(point.water_level)) for point in points
    ]
    steps.append(YOURS.say(language, money=money(budget_fen)))
    return JOIN.in_language(language).join(steps) + STOP.in_language(language)


def _corners(points: Sequence[FrontierPoint], most: float) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for point in points:
        if found:
            found.append((point.budget_fen, found[-1][1]))
        found.append((point.budget_fen, point.water_level))
    return [*found, (most, points[-1].water_level)]


def _rules(low: int, high: int, y: Scale, width: int) -> list[str]:
    marks = []
    step = RULE if high - low <= 60 else 2 * RULE
    for value in range(low, high + 1, step):
        marks.append(line([(LEFT, y(value)), (width - RIGHT, y(value))], "f-rule"))
        marks.append(words(str(value), LEFT - 6, y(value) + 4, "b-t2", 12, text_anchor="end"))
    return marks


def _ticks(most: float, x: Scale, height: int, language: Language) -> list[str]:
    """About five round sums on the axis, in yuan, in 万 (Chinese) or in thousands (English) where they are large."""
    yuan = most / 100
    unit, text = (10_000 if language == "zh" else 1_000, WAN) if yuan >= 20_000 else (1, YUAN)
    rough = yuan / unit / 5
    scale = 10.0 ** floor_log(rough)
    step = next(nice * scale for nice in NICE if nice * scale >= rough)
    places = 0 if step >= 1 else 1
    marks = []
    count = int(yuan / unit / step)
    for n in range(count + 1):
        value = n * step
        marks.append(
            words(
                number(value, places),
                x(value * unit * 100),
                height - BOTTOM + 18,
                "b-t2",
                12,
                text_anchor="middle",
            )
        )
    middle = (LEFT + x(most)) / 2
    axis = AXIS.say(language, unit=text.in_language(language))
    return [*marks, words(axis, middle, height - 6, "b-t2", 12, text_anchor="middle")]


def floor_log(value: float) -> int:
    """The power of ten below ``value``."""
    power = 0
    while value >= 10:
        value, power = value / 10, power + 1
    while value < 1:
        value, power = value * 10, power - 1
    return power


def _steps(points: Sequence[FrontierPoint], x: Scale, y: Scale, width: int) -> list[str]:
    """A ring at each step; its level above the plateau that follows, where that is long enough."""
    marks = []
    radius = 4 if len(points) <= MANY else 2.5
    ends = [*(x(point.budget_fen) for point in points[1:]), float(width - RIGHT)]
    for point, end in zip(points, ends, strict=True):
        at, top = x(point.budget_fen), y(point.water_level)
        marks.append(element("circle", class_="f-dot", cx=at, cy=top, r=radius))
        if end - at >= APART:
            marks.append(words(mean(point.water_level), at + 8, top - 7, "b-tw", 13, bold=True))
    return marks


def _budget(
    budget_fen: int, x: Scale, y: Scale, span: tuple[int, int], width: int, language: Language
) -> list[str]:
    at = x(budget_fen)
    anchor = "start" if at < width * 0.3 else "end" if at > width * 0.7 else "middle"
    return [
        line([(at, TOP - 8), (at, y(span[0]))], "f-budget"),
        element("circle", class_="f-knob", cx=at, cy=y(span[0]), r=6),
        words(
            YOURS.say(language, money=money(budget_fen)),
            at,
            TOP - 12,
            "b-t",
            12.5,
            bold=True,
            text_anchor=anchor,
        ),
    ]
