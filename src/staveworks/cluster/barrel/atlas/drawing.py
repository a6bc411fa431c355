"""The map as accessible SVG, drawn on the server, classes only: pale ground, a circle for each place, labels that don't overlap."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from math import sqrt

from staveworks.cluster.barrel.atlas import words
from staveworks.cluster.barrel.atlas.frame import Frame, frame_of
from staveworks.cluster.barrel.atlas.types import Atlas, Line, Spot
from staveworks.cluster.barrel.picture.marks import element
from staveworks.cluster.barrel.picture.spread import text_width
from staveworks.cluster.barrel.published.coding import coded
from staveworks.kit.figures import level
from staveworks.kit.planks import Register
from staveworks.kit.text import Language

SIZES = {"wide": (690, 430), "narrow": (340, 360)}
LARGEST, SMALLEST = 16.0, 4.5
LABELLED = {"wide": 12, "narrow": 8}
NAMED = {"wide": 14, "narrow": 5}
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What every mark needs: the frame, the paper's measures, the language, the planks' names, where a place leads."""

    frame: Frame
    size: str
    width: int
    height: int
    language: Language
    register: Register
    exact: bool
    leads_to: Callable[[Line], str] | None

    def at(self, spot: Spot) -> tuple[float, float]:
        assert spot.latitude is not None
        assert spot.longitude is not None
        return self.frame.at(spot.latitude, spot.longitude, self.width, self.height)

    def level(self, line: Line) -> str:
        if line.median is None:
            return "–"
        return level(line.median) if self.exact else coded(line.median)


def draw_map(
    atlas: Atlas,
    language: Language,
    register: Register,
    *,
    size: str = "wide",
    leads_to: Callable[[Line], str] | None = None,
) -> str:
    """The map's SVG text; empty where no place has coordinates. ``leads_to`` gives the address of a place, for pages."""
    lines = [line for line in atlas.places if line.spot and line.spot.latitude is not None]
    frame = frame_of([line.spot for line in lines if line.spot])
    if frame is None:
        return ""
    width, height = SIZES[size]
    sheet = Sheet(frame, size, width, height, language, register, atlas.exact, leads_to)
    taken: list[Box] = []
    circles = [_circle(sheet, line, _most(lines), taken) for line in reversed(lines)]
    labels = [_label(sheet, line, _most(lines), taken) for line in lines[: LABELLED[size]]]
    title = words.MAP.in_language(language)
    inner = [
        element("title", escape(title), id=f"m-{size}-t"),
        element("desc", escape(described(atlas, language, register)), id=f"m-{size}-d"),
        element("rect", class_="m-ground", width=width, height=height),
        _seats(frame, width, height, atlas.ground.seats),
        *_names(sheet, atlas.ground.names, taken),
        *circles,
        *labels,
        *_scale(sheet),
    ]
    return element(
        "svg",
        "".join(inner),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        role="group" if leads_to else "img",
        aria_labelledby=f"m-{size}-t m-{size}-d",
        class_=f"map map-{size}",
    )


def described(atlas: Atlas, language: Language, register: Register) -> str:
    """Every place of the map in words."""
    said = [spoken(line, language, register, exact=atlas.exact) for line in atlas.places]
    return words.SEMICOLON.in_language(language).join(said)


def spoken(line: Line, language: Language, register: Register, *, exact: bool) -> str:
    """One place: name, level, firms, what is short."""
    comma = "，" if language == "zh" else ", "
    parts = [line.name.in_language(language)]
    if line.median is None:
        parts.append(words.NOT_ASSESSED.in_language(language))
    else:
        shown = level(line.median) if exact else coded(line.median)
        parts.append(words.LEVEL.say(language, level=shown))
    return comma.join([*parts, note_of(line, language, register, exact=exact)])


def note_of(line: Line, language: Language, register: Register, *, exact: bool) -> str:
    """How many firms, and what is short there."""
    firms = words.FIRMS if exact else words.FIRMS_AT_LEAST
    parts = [firms.say(language, n=line.firms)]
    if short := short_of(line, language, register):
        parts.append(words.SHORT_IN.say(language, plank=short))
    return " · ".join(parts)


def short_of(line: Line, language: Language, register: Register) -> str:
    """The names of the planks that are short, two at most."""
    names = [register[code].name.in_language(language) for code in line.shortest if code in register]
    return words.AND.in_language(language).join(names[:2])


def _most(lines: Sequence[Line]) -> int:
    return max(line.firms for line in lines) or 1


def _radius(line: Line, most: int) -> float:
    return max(SMALLEST, LARGEST * sqrt(line.firms / most))


def _circle(sheet: Sheet, line: Line, most: int, taken: list[Box]) -> str:
    assert line.spot
    x, y = sheet.at(line.spot)
    r = _radius(line, most)
    taken.append((x - r, y - r, x + r, y + r))
    label = spoken(line, sheet.language, sheet.register, exact=sheet.exact)
    inner = element("title", escape(label))
    class_ = "m-dot" if line.median is not None else "m-dot m-dot-none"
    mark = element("circle", inner, class_=class_, cx=round(x, 1), cy=round(y, 1), r=round(r, 1))
    if sheet.leads_to is None:
        return mark
    ring = element("circle", class_="m-reach", cx=round(x, 1), cy=round(y, 1), r=round(max(r + 3, 22), 1))
    return element("a", ring + mark, href=sheet.leads_to(line), class_="m-link", aria_label=label)


def _label(sheet: Sheet, line: Line, most: int, taken: list[Box]) -> str:
    """Name and level, in wide maps with a note below, at the first side of the circle that is free; left out where none is."""
    assert line.spot
    x, y = sheet.at(line.spot)
    name, shown = line.name.in_language(sheet.language), sheet.level(line)
    note = note_of(line, sheet.language, sheet.register, exact=sheet.exact) if sheet.size == "wide" else ""
    head = text_width(name, 13.5) + 8 + text_width(shown, 15)
    wide, high = max(head, text_width(note, 11.5)) + 18, 42.0 if note else 25.0
    box = _free(sheet, x, y, _radius(line, most) + 4, wide, high, taken)
    if box is None:
        return ""
    taken.append(box)
    left, top = box[0], box[1]
    number = element("tspan", escape(shown), class_="m-level", font_size=15, font_weight=600, dx=7)
    marks = [
        element(
            "rect",
            class_="m-card",
            x=round(left, 1),
            y=round(top, 1),
            width=round(wide, 1),
            height=high,
            rx=3,
        ),
        element(
            "text",
            escape(name) + number,
            class_="m-name",
            x=round(left + 9, 1),
            y=round(top + 17, 1),
            font_size=13.5,
        ),
    ]
    if note:
        marks.append(
            element(
                "text",
                escape(note),
                class_="m-note",
                x=round(left + 9, 1),
                y=round(top + 33.5, 1),
                font_size=11.5,
            )
        )
    return element("g", "".join(marks), aria_hidden="true", class_="m-label")


def _free(
    sheet: Sheet, x: float, y: float, away: float, wide: float, high: float, taken: Sequence[Box]
) -> Box | None:
    """Right, left, below, above, then the corners."""
    right, left, middle, centre = x + away, x - away - wide, y - high / 2, x - wide / 2
    places = [
        (right, middle),
        (left, middle),
        (centre, y + away),
        (centre, y - away - high),
        (right, y + away / 2),
        (right, y - away / 2 - high),
        (left, y + away / 2),
        (left, y - away / 2 - high),
    ]
    for at, top in places:
        box = (at, top, at + wide, top + high)
        inside = at >= 4 and top >= 4 and box[2] <= sheet.width - 4 and box[3] <= sheet.height - 26
        if inside and not any(_meet(box, other) for other in taken):
            return box
    return None


def _meet(one: Box, two: Box) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


@lru_cache(maxsize=64)
def _seats(frame: Frame, width: int, height: int, seats: tuple[tuple[float, float], ...]) -> str:
    """All seats in one path of round points; thousands of them, and always the same."""
    points = {tuple(round(each) for each in frame.at(lat, lon, width, height)) for lat, lon in seats}
    drawn = "".join(f"M{x} {y}h0" for x, y in sorted(points))
    return element("path", class_="m-seats", d=drawn) if drawn else ""


def _names(sheet: Sheet, names: Sequence[Spot], taken: list[Box]) -> list[str]:
    """Places around, as far as they neither touch each other nor a circle."""
    marks: list[str] = []
    for spot in names:
        if len(marks) == NAMED[sheet.size]:
            break
        x, y = sheet.at(spot)
        name = spot.name.in_language(sheet.language)
        wide = text_width(name, 11)
        box = (x - wide / 2 - 6, y - 16, x + wide / 2 + 6, y + 4)
        inside = box[0] > 2 and box[1] > 2 and box[2] < sheet.width - 2 and box[3] < sheet.height - 26
        if inside and not any(_meet(box, other) for other in taken):
            taken.append(box)
            marks.append(
                element(
                    "text",
                    escape(name),
                    class_="m-around",
                    x=round(x, 1),
                    y=round(y - 4, 1),
                    font_size=11,
                    text_anchor="middle",
                )
            )
    return marks


def _scale(sheet: Sheet) -> list[str]:
    kilometres, long = sheet.frame.scale(sheet.width)
    x, y = 14.0, sheet.height - 12.0
    text = words.KILOMETRES.say(sheet.language, n=kilometres)
    return [
        element("path", class_="m-scale", d=f"M{x} {y - 4}v4h{long:.1f}v-4"),
        element("text", escape(text), class_="m-around", x=round(x + long + 6, 1), y=y, font_size=11),
    ]
