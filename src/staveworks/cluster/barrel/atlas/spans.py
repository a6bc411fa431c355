"""An estimate in a table's row: the middle half as a bar, the median as a dot, 0 to 100."""

from html import escape

from staveworks.cluster.barrel.atlas.types import Line
from staveworks.cluster.barrel.picture.marks import element
from staveworks.cluster.barrel.published.coding import coded, coded_range
from staveworks.kit.figures import level
from staveworks.kit.text import Language, Text

SPAN = Text(zh="中位数 {median}，中间一半 {band}", en="median {median}, middle half {band}")


def draw_span(line: Line, language: Language, *, exact: bool) -> str:
    """The SVG text; empty where nothing is known."""
    if line.median is None or line.low is None or line.high is None:
        return ""
    said = SPAN.say(language, median=_written(line.median, exact=exact), band=band_of(line, exact=exact))
    marks = [
        element("title", escape(said)),
        element("path", class_="sp-line", d="M0 10H200"),
        element(
            "rect", class_="sp-half", x=round(2 * line.low, 1), y=6, width=max(2.0, round(2 * (line.high - line.low), 1)), height=8
        ),
        element("circle", class_="sp-dot", cx=round(2 * line.median, 1), cy=10, r=5),
    ]  # fmt: skip
    return element("svg", "".join(marks), class_="span", role="img", viewBox="-6 0 212 20")


def band_of(line: Line, *, exact: bool) -> str:
    """The middle half in figures."""
    if line.low is None or line.high is None:
        return "–"
    if not exact:
        return coded_range(line.low, line.high)
    low, high = level(line.low), level(line.high)
    return low if low == high else f"{low}–{high}"


def _written(value: float, *, exact: bool) -> str:
    return level(value) if exact else coded(value)
