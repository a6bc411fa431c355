"""The one door to the picture: a barrel as accessible SVG, drawn on the server, classes only."""

from collections.abc import Mapping
from functools import lru_cache
from html import escape

from staveworks.cluster.barrel.picture.geometry import FRAMES, slots
from staveworks.cluster.barrel.picture.iron import hoops
from staveworks.cluster.barrel.picture.labels import Page, below, extra_height
from staveworks.cluster.barrel.picture.marks import element
from staveworks.cluster.barrel.picture.sides import beside
from staveworks.cluster.barrel.picture.view import Barrel
from staveworks.cluster.barrel.picture.water import behind, bottom, in_front, over_wood
from staveworks.cluster.barrel.picture.wood import stave
from staveworks.cluster.barrel.picture.words import description, title
from staveworks.kit.text import Language

KEPT = 200
"""Drawings that a process keeps, of 20 to 45 kB each."""


def draw(
    barrel: Barrel,
    language: Language,
    *,
    size: str = "wide",
    prefix: str = "b",
    icons: Mapping[str, str] | None = None,
) -> str:
    """The barrel as SVG text.

    ``size`` is ``wide`` (690 × 486), ``plain`` (360 × 410, to compare) or ``narrow`` (320 × 300). ``prefix`` begins
    every id, so that several pictures stand on one page. ``icons`` gives the inner SVG of the planks' icons by name
    (24 × 24, stroked); a plank without one writes its name. Raises ``KeyError`` for another size.
    """
    return _drawn(barrel, language, size, prefix, tuple((icons or {}).items()))


@lru_cache(maxsize=KEPT)
def _drawn(
    barrel: Barrel, language: Language, size: str, prefix: str, icons: tuple[tuple[str, str], ...]
) -> str:
    """Thousands of points, and the same as long as the barrel is."""
    frame = FRAMES[size]
    page = Page(frame, barrel, language, dict(icons))
    places = slots(frame, len(barrel.standing))
    hatch = f"{prefix}-hatch"
    wood = [stave(slot, height, hatch) for slot, height in zip(places, barrel.standing, strict=True)]
    layers = [
        *_spoken(barrel, language, prefix),
        _hatch(hatch),
        *behind(frame, barrel),
        *wood,
        *over_wood(frame, barrel),
        *hoops(frame, barrel, places),
        bottom(frame),
        *in_front(frame, barrel, places),
        *below(page, places),
        *beside(page),
    ]
    return element(
        "svg",
        "".join(layers),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {frame.width} {frame.height + extra_height(page)}",
        role="img",
        aria_labelledby=f"{prefix}-t {prefix}-d",
        class_=f"barrel barrel-{frame.name}",
    )


def _spoken(barrel: Barrel, language: Language, prefix: str) -> list[str]:
    return [
        element("title", escape(title(barrel, language)), id=f"{prefix}-t"),
        element("desc", escape(description(barrel, language)), id=f"{prefix}-d"),
    ]


def _hatch(name: str) -> str:
    """45° lines for what is unknown."""
    stroke = element("line", class_="b-hl", x1=0, y1=0, x2=0, y2=6)
    pattern = element(
        "pattern",
        stroke,
        id=name,
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    return element("defs", pattern)
