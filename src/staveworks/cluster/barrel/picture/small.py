"""The barrel at the size of a table row: the glyph, and the bar of one plank."""

from html import escape

from staveworks.cluster.barrel.picture.marks import element
from staveworks.cluster.barrel.picture.view import Barrel, Height
from staveworks.cluster.barrel.picture.words import COLON, short_range, title
from staveworks.kit.text import Language, Text

GLYPHS = {24: 20, 36: 28, 48: 38}
BASE = 2.0
LEVEL = Text(zh="水位 {level}", en="water level {level}")
BINDS = Text(zh="，卡在{plank}", en=", held down by {plank}")


def glyph(barrel: Barrel, language: Language, width: int = 36) -> str:
    """The barrel as bars: wet part blue, lent indigo, unknown pale, the binding stave capped red. 24, 36 or 48 px wide."""
    height = GLYPHS[width]
    ground, tall = height - BASE - 0.5, height - 3.5
    marks: list[str] = []
    staves = barrel.standing
    pitch = (width - 2 + 1.1) / max(1, len(staves))
    for k, stave in enumerate(staves):
        marks += _column(barrel, stave, 1 + k * pitch, pitch - 1.1, ground, tall)
    marks.append(_rect("b-bottom", 0, height - BASE, width, BASE))
    if any(hoop.code == barrel.binding for hoop in barrel.bands):
        marks.append(_rect("g-cap", 0, ground - tall * barrel.water.low / 100 - 1, width, 2))
    name = element("title", escape(spoken(barrel, language)))
    return element(
        "svg", name + "".join(marks), class_="glyph", role="img", width=width, height=height,
        viewBox=f"0 0 {width} {height}",
    )  # fmt: skip


def spoken(barrel: Barrel, language: Language) -> str:
    """The glyph in words: firm, water level, binding plank."""
    head = title(barrel, language) + COLON.in_language(language)
    level = LEVEL.say(language, level=short_range(barrel.water))
    plank = barrel.binding_plank
    return head + level + (BINDS.say(language, plank=plank.name.in_language(language)) if plank else "")


def _column(barrel: Barrel, stave: Height, x: float, w: float, ground: float, tall: float) -> list[str]:
    holds, own = stave.holds, min(stave.own, stave.holds.low)
    spans = [
        ("b-own", 0.0, own),
        ("b-lent", own, holds.low),
        ("g-unk", holds.low, holds.high),
        ("b-water", 0.0, min(barrel.water.low, holds.low)),
    ]
    marks = [
        _rect(class_, x, ground - tall * high / 100, w, tall * (high - low) / 100)
        for class_, low, high in spans
        if high > low
    ]
    if stave.code == barrel.binding:
        marks.append(_rect("g-cap", x, ground - tall * holds.low / 100 - 1, w, 2.4))
    return marks


def bar(plank: Height, language: Language, water: float | None = None, *, iron: bool = False) -> str:
    """One plank's bar, 100 × 14 units: own, lent, unknown hatched, and a tick at the water level."""
    own = "b-hoop" if iron else "b-own"
    marks = [_rect("bar-ground", 0, 4, 100, 7)]
    marks += [
        _rect(class_, low, 4, high - low, 7)
        for class_, low, high in ((own, 0.0, plank.own), ("b-lent", plank.own, plank.low))
        if high > low
    ]
    if plank.high > plank.low:
        marks.append(_hatched(plank.low, plank.high))
    if plank.leaks and plank.hole is not None:
        marks.append(_rect("b-hole", plank.hole - 0.8, 2.5, 1.6, 10))
    if water is not None:
        marks.append(_rect("bar-water", water - 0.7, 0.5, 1.4, 14))
    label = plank.name.in_language(language) + " " + short_range(plank.holds)
    return element(
        "svg", element("title", escape(label)) + "".join(marks), class_="level-bar", role="img", viewBox="0 0 100 15",
        preserveAspectRatio="none",
    )  # fmt: skip


def _hatched(low: float, high: float) -> str:
    """A framed span of slanted lines; drawn singly, since the bar is stretched and a pattern would stretch with it."""
    frame = f"M{low:.1f} 4.5H{high:.1f}V10.5H{low:.1f}Z"
    lines = "".join(f"M{low + x:.1f} 10.5l2 -6" for x in range(1, max(1, int(high - low) - 2), 3))
    return element("path", class_="bar-unk", d=frame + lines)


def _rect(class_: str, x: float, y: float, w: float, h: float) -> str:
    """Written out, to four figures: a table of firms has a thousand of them. Classes are ours, numbers need no escaping."""
    return f'<rect class="{class_}" x="{x:.4g}" y="{y:.4g}" width="{w:.4g}" height="{h:.4g}"/>'
