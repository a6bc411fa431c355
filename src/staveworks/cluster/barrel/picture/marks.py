"""SVG elements as strings. Values are escaped here and nowhere else."""

from collections.abc import Iterable, Mapping
from functools import cache
from html import escape

from staveworks.cluster.barrel.picture.geometry import Point, path


def element(name: str, content: str = "", /, **attributes: object) -> str:
    """One element; ``class_`` and ``font_size`` become ``class`` and ``font-size``, ``None`` is left out."""
    pairs = "".join(_pairs(attributes))
    return f"<{name}{pairs}>{content}</{name}>" if content else f"<{name}{pairs}/>"


def shape(points: Iterable[Point], class_: str, /, **attributes: object) -> str:
    return _path(class_, path(points, close=True), "".join(_pairs(attributes)))


def line(points: Iterable[Point], class_: str) -> str:
    return _path(class_, path(points), "")


def _path(class_: str, data: str, more: str) -> str:
    """A class of ours and figures: nothing to escape, in most of what a picture is."""
    return f'<path class="{class_}" d="{data}"{more}/>'


def words(
    text: str, x: float, y: float, class_: str, size: float, *, bold: bool = False, **attributes: object
) -> str:
    weight = 600 if bold else None
    return element(
        "text", escape(text), class_=class_, x=x, y=y, font_size=size, font_weight=weight, **attributes
    )


def _pairs(attributes: Mapping[str, object]) -> list[str]:
    return [f' {_name(key)}="{_value(value)}"' for key, value in attributes.items() if value is not None]


@cache
def _name(key: str) -> str:
    """A page of firms has thousands of elements and a dozen names."""
    return key.rstrip("_").replace("_", "-")


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return str(value) if isinstance(value, int) else escape(str(value))
