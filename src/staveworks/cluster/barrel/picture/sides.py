"""The labels beside the barrel: bearing, water level and the level without lending at the left, hoops at the right."""

from html import escape

from staveworks.cluster.barrel.picture.geometry import Point
from staveworks.cluster.barrel.picture.iron import hoop_height
from staveworks.cluster.barrel.picture.labels import Page
from staveworks.cluster.barrel.picture.marks import element, line, words
from staveworks.cluster.barrel.picture.spread import Wish, spread, text_width
from staveworks.cluster.barrel.picture.view import Height
from staveworks.cluster.barrel.picture.words import short_range, whole
from staveworks.kit.text import Text

BEARING = Text(zh="承载", en="bearing")
WATER = Text(zh="水位", en="water level")
WITHOUT = Text(zh="借板前", en="alone")
LINE = 18.0  # px between neighbouring labels' baselines, at least 16
RIGHT = 548.0
LEFT = 118.0
APART = "\N{NO-BREAK SPACE}" * 2  # not dx: not every renderer counts it where the text's end is anchored


def beside(page: Page) -> list[str]:
    """All labels at both sides that this frame has room for."""
    if page.frame.name == "wide":
        return [*_hoops(page), *_levels(page), *_scale(page)]
    if page.frame.name == "narrow":
        return [*_hoop_icons(page), *_short_levels(page)]
    return []


def _hoop_places(page: Page) -> list[tuple[Height, float, float]]:
    """Each hoop from the top with the y where it sits and the y of its label."""
    bands = page.barrel.bands
    sits = [page.frame.level(hoop_height(j, len(bands))) for j in range(len(bands))][::-1]
    places = spread([Wish(y, LINE / 2, LINE / 2) for y in sits], 8, page.frame.y0 + 16)
    return list(zip(reversed(bands), sits, places, strict=True))


def _hoops(page: Page) -> list[str]:
    marks: list[str] = []
    for hoop, sits, y in _hoop_places(page):
        edge = page.frame.cx + page.frame.radius_at(_height_at(page, sits)) + 3
        marks.append(line([(edge, sits), (RIGHT - 8, y)], "b-lead"))
        marks.append(_pair(page, hoop, RIGHT, y + 4.5))
    return marks


def _pair(page: Page, hoop: Height, x: float, y: float) -> str:
    """A hoop's name and its level, red where it binds."""
    binds = hoop.code == page.barrel.binding
    level = element(
        "tspan", short_range(hoop.holds), class_="b-ts" if binds else "b-t", font_weight=600, dx=8
    )
    name = escape(hoop.name.in_language(page.language))
    return element("text", name + level, class_="b-ts" if binds else "b-t2", x=x, y=y, font_size=13.5)


def _height_at(page: Page, y: float) -> float:
    return (page.frame.y0 - y) / page.frame.tall * 100


def _hoop_icons(page: Page) -> list[str]:
    """Icon and number; a number of more than two figures is written smaller, and both move in."""
    marks: list[str] = []
    for hoop, _, y in _hoop_places(page):
        text = page.number(hoop.holds)
        size = 12.5 if len(text) <= 2 else 11
        x = min(300.0, page.frame.width - text_width(text, size))
        marks.append(page.icon(hoop, x - 11, y, 16 if len(text) <= 3 else 13))
        marks.append(words(text, x, y + 4.5, "b-ts" if hoop.code == page.barrel.binding else "b-t2", size))
    return marks


def _levels(page: Page) -> list[str]:
    """Bearing, water level, level without lending: one above the other, never closer than a line."""
    barrel, frame = page.barrel, page.frame
    wishes = [("water", barrel.water.low, Wish(frame.level(barrel.water.low), 44, 20, weight=20))]
    if barrel.bands:
        wishes.insert(
            0, ("bearing", barrel.bearing.low, Wish(frame.level(barrel.bearing.low), LINE / 2, LINE / 2))
        )
    if _shows_without(page):
        without = barrel.without_lending or 0.0
        wishes.append(("without", without, Wish(frame.level(without), LINE / 2, LINE / 2)))
    places = spread([wish for _, _, wish in wishes], 0, frame.height - 30)
    marks: list[str] = []
    for (kind, h, _), y in zip(wishes, places, strict=True):
        marks += _level(page, kind, h, y)
    return marks


def _level(page: Page, kind: str, h: float, y: float) -> list[str]:
    edge = page.frame.cx - page.frame.radius_at(h) - 3
    pointer: list[Point] = [(LEFT + 6, y), (edge, page.frame.level(h))]
    if kind == "water":
        return [line(pointer, "b-leadw"), *_water(page, y)]
    label, value, class_ = (
        (BEARING, short_range(page.barrel.bearing), "b-t")
        if kind == "bearing"
        else (WITHOUT, whole(h), "b-t2")
    )
    number = element("tspan", value, class_=class_, font_weight=600)
    text = escape(label.in_language(page.language)) + APART + number
    place = {"x": LEFT, "y": round(y + 4.5, 1), "font_size": 13.5, "text_anchor": "end"}
    return [line(pointer, "b-lead"), element("text", text, class_="b-t2", **place)]


def _water(page: Page, y: float) -> list[str]:
    low, dash, high = short_range(page.barrel.water).partition("–")
    more = element("tspan", dash + high, font_size=24, letter_spacing=0) if high else ""
    place = {"x": LEFT, "y": round(y + 14, 1), "font_size": 44, "font_weight": 600, "text_anchor": "end"}
    number = element("text", low + more, class_="b-tw", letter_spacing=-1, **place)
    caption = words(
        WATER.in_language(page.language),
        LEFT - 2,
        round(y - 28, 1),
        "b-tw",
        13.5,
        bold=True,
        text_anchor="end",
    )
    return [number, caption]


def _shows_without(page: Page) -> bool:
    without, low = page.barrel.without_lending, page.barrel.water.low
    return without is not None and whole(without) != whole(low)


def _scale(page: Page) -> list[str]:
    """100 and 0 at the left edge, unless a leader runs there."""
    frame, barrel = page.frame, page.barrel
    levels = [barrel.water.low, *([barrel.bearing.low] if barrel.bands else [])]
    x = frame.cx - frame.radius - 8
    return [
        words(str(h), x, frame.level(h) + 4, "b-t3", 11.5, text_anchor="end")
        for h in (100, 0)
        if all(abs(level - h) > 4 for level in levels)
    ]


def _short_levels(page: Page) -> list[str]:
    """In the narrow frame only the water level, pointed at where its number lies, and the level without lending."""
    barrel, frame = page.barrel, page.frame
    water = page.number(barrel.water).partition("–")[0]
    at = barrel.water.likely if water.startswith("≈") else barrel.water.low
    items = [(at, 42.0, 25.0 if len(water) <= 2 else 21.0, 8.5, "b-tw", "b-leadw", water)]
    wishes = [Wish(frame.level(at), 13, 11, weight=20)]
    if _shows_without(page):
        without = barrel.without_lending or 0.0
        items.append((without, 45.5, 12.5, 4.5, "b-t3", "b-lead", whole(without)))
        wishes.append(Wish(frame.level(without), 8, 8))
    marks: list[str] = []
    for (h, x, size, dy, class_, leader, text), y in zip(items, spread(wishes, 0, frame.height), strict=True):
        edge = frame.cx - frame.radius_at(h) - 3
        marks.append(line([(x + 4.5, y), (edge, frame.level(h))], leader))
        marks.append(words(text, x, round(y + dy, 1), class_, size, bold=size > 20, text_anchor="end"))
    return marks
