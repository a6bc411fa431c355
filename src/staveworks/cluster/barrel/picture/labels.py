"""The labels below the barrel: each stave's number and its name or icon, and what is not needed."""

from collections.abc import Mapping
from dataclasses import dataclass

from staveworks.cluster.barrel.picture.geometry import SQUASH, Frame, Slot
from staveworks.cluster.barrel.picture.marks import element, line, words
from staveworks.cluster.barrel.picture.spread import Wish, spread, text_width
from staveworks.cluster.barrel.picture.view import Barrel, Height
from staveworks.cluster.barrel.picture.words import left_out, short_range, whole
from staveworks.kit.intervals import Interval
from staveworks.kit.text import Language

WIDE_INTERVAL = 30  # levels: a wider interval says "≈likely" where there is little room
APART = 4.0  # px at each side of a label


@dataclass(frozen=True, slots=True)
class Style:
    """How one frame writes below the barrel, in px from its ground line: how far labels fan out, sizes, places."""

    fan: float
    number: float
    number_y: float
    name: float
    name_y: float
    icon: float


STYLES = {
    "wide": Style(fan=1.29, number=19, number_y=60.5, name=13.5, name_y=79.5, icon=20),
    "plain": Style(fan=1.13, number=21, number_y=79, name=0, name_y=44.5, icon=26),
    "narrow": Style(fan=1.61, number=13, number_y=56, name=0, name_y=33, icon=17),
}


@dataclass(frozen=True, slots=True)
class Page:
    """What a label needs to know: the frame, the barrel, the language and the icons by name (inner SVG of 24 × 24)."""

    frame: Frame
    barrel: Barrel
    language: Language
    icons: Mapping[str, str]

    def icon(self, plank: Height, x: float, y: float, size: float) -> str:
        """The plank's icon centred on (x, y); red where it binds. A plank without an icon writes its first letters."""
        short = " b-short" if plank.code == self.barrel.binding else ""
        inner = self.icons.get(plank.icon)
        if inner is None:
            return words(
                self._initials(plank), x, y + 4, "b-ts" if short else "b-t2", 9.5, text_anchor="middle"
            )
        place = f"translate({x - size / 2:.1f} {y - size / 2:.1f}) scale({size / 24:.3f})"
        return element("g", inner, class_="b-ic" + short, transform=place)

    def _initials(self, plank: Height) -> str:
        return plank.name.zh[:2] if self.language == "zh" else plank.name.en[:4]

    def number(self, value: Interval) -> str:
        """``34``, ``34–41``, or ``≈37`` where the frame is small and the interval wide."""
        if self.frame.name != "wide" and value.width > WIDE_INTERVAL:
            return f"≈{whole(value.likely)}"
        return short_range(value)


def below(page: Page, slots: list[Slot]) -> list[str]:
    """The staves' labels, spread so that none overlaps, and the sentence of what is not needed."""
    style, frame = STYLES[page.frame.name], page.frame
    staves = page.barrel.standing
    named = (
        style.name > 0 and sum(2 * _room(page, stave, style, named=True) for stave in staves) <= frame.width
    )
    rooms = [_room(page, stave, style, named=named) for stave in staves]
    wishes = [
        Wish(frame.cx + slot.middle * frame.radius * style.fan, room, room)
        for slot, room in zip(slots, rooms, strict=True)
    ]
    marks: list[str] = []
    for slot, stave, x in zip(slots, staves, spread(wishes, 2, frame.width - 2), strict=True):
        marks += _stave(page, slot, stave, x, named=named)
    return [*marks, *_not_needed(page)]


def extra_height(page: Page) -> int:
    """The room that the sentence of what is not needed takes, in px."""
    return 26 if page.barrel.left_out else 0


def _room(page: Page, stave: Height, style: Style, *, named: bool) -> float:
    number = text_width(page.number(stave.holds), style.number)
    name = text_width(stave.name.in_language(page.language), style.name) if named else style.icon
    return max(number, name) / 2 + APART


def _stave(page: Page, slot: Slot, stave: Height, x: float, *, named: bool) -> list[str]:
    style, frame = STYLES[page.frame.name], page.frame
    binds = stave.code == page.barrel.binding
    middle = {"text_anchor": "middle"}
    number_y = frame.y0 + style.number_y
    marks = [
        words(
            page.number(stave.holds),
            x,
            number_y,
            "b-ts" if binds else "b-t",
            style.number,
            bold=True,
            **middle,
        )
    ]
    if named:
        name, class_ = stave.name.in_language(page.language), "b-ts" if binds else "b-t2"
        marks.append(words(name, x, frame.y0 + style.name_y, class_, style.name, bold=binds, **middle))
    else:
        dy = style.name_y if style.name == 0 else style.name_y - 3
        marks.append(page.icon(stave, x, frame.y0 + dy, style.icon))
    return [_leg(frame, slot, x), *marks] if frame.name == "wide" else marks


def _leg(frame: Frame, slot: Slot, x: float) -> str:
    """The thin line from the foot of a stave to its label."""
    foot = frame.at(slot.middle, 0, dy=frame.base + 3)
    label = (x, frame.y0 + SQUASH * frame.radius + 25)
    return line([foot, label], "b-lead b-leg")


def _not_needed(page: Page) -> list[str]:
    sentence = left_out(page.barrel, page.language)
    if not sentence:
        return []
    size = {"wide": 13, "plain": 14, "narrow": 11}[page.frame.name]
    return [words(sentence, page.frame.cx, page.frame.height + 14, "b-t3", size, text_anchor="middle")]
