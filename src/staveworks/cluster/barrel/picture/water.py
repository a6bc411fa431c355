"""The water, the barrel's ghost and bottom, and where it runs out."""

from staveworks.cluster.barrel.picture.geometry import Frame, Point, Slot, belly, side, turn
from staveworks.cluster.barrel.picture.marks import element, line, shape
from staveworks.cluster.barrel.picture.view import Barrel, Height

NEAR = 0.5  # levels: water this close to an edge runs over it


def behind(frame: Frame, barrel: Barrel) -> list[str]:
    """The full barrel's ghost and the water's surface, seen over the short stave."""
    w = barrel.water.low
    left, right = side(frame, -1, 0, 100), side(frame, 1, 0, 100)[::-1]
    ghost = [*left, *turn(frame, 100, back=True), *right, *turn(frame, 0)[::-1]]
    surface = [*turn(frame, w), *turn(frame, w, back=True)[::-1]]
    return [shape(ghost, "b-ghost"), shape(surface, "b-surface"), line(turn(frame, w, back=True), "b-wback")]


def over_wood(frame: Frame, barrel: Barrel) -> list[str]:
    """Wet wood up to the sure level, pale up to the possible one, and the level without lending."""
    low, high = barrel.water.low, barrel.water.high
    marks = [shape(belly(frame, 0, low), "b-water")]
    if high > low:
        marks += [shape(belly(frame, low, high), "b-wunk"), line(turn(frame, high), "b-whigh")]
    if barrel.without_lending is not None and barrel.without_lending < low - NEAR:
        marks.append(line(turn(frame, barrel.without_lending), "b-before"))
    return marks


def bottom(frame: Frame) -> str:
    edge = turn(frame, 0)
    return shape([*edge, *((x, y + frame.base) for x, y in reversed(edge))], "b-bottom")


def in_front(frame: Frame, barrel: Barrel, slots: list[Slot]) -> list[str]:
    """Waterline, the binding stave's red edge, spills and holes."""
    marks = [line(turn(frame, barrel.water.low), "b-wline")]
    pairs = list(zip(slots, barrel.standing, strict=True))
    marks += [
        line(slot.full(stave.holds.low), "b-bind") for slot, stave in pairs if stave.code == barrel.binding
    ]
    for slot, stave in pairs:
        if stave.leaks:
            marks += _hole(slot, stave, streaming=_reaches(barrel, stave.hole))
        if stave.code == barrel.binding and stave.holds.low == stave.low and _reaches(barrel, stave.low):
            marks.append(_spill(slot, stave))
    return marks


def _reaches(barrel: Barrel, h: float | None) -> bool:
    return h is not None and barrel.water.low >= h - NEAR


def _centre(slot: Slot, h: float) -> Point:
    return slot.frame.at(slot.middle, h)


def _spill(slot: Slot, stave: Height) -> str:
    """Water over the edge: wide at the lip, a round end, and a drop below where the ground is far enough."""
    k = slot.frame.scale
    x, y = _centre(slot, stave.low)
    y -= 1
    ground = slot.frame.at(slot.middle, 0)[1] + slot.frame.base
    end = y + max(min(45 * k, ground - y - 4.5 * k), 16 * k)
    neck = min(y + 27 * k, end)
    curve = (
        f"M{x - 11 * k:.1f} {y:.1f}"
        f"C{x - 9 * k:.1f} {y + 10 * k:.1f} {x - 4.5 * k:.1f} {y + 14 * k:.1f} {x - 4.5 * k:.1f} {neck:.1f}"
        f"L{x - 4.5 * k:.1f} {end:.1f}A{4.5 * k:.1f} {4.5 * k:.1f} 0 0 0 {x + 4.5 * k:.1f} {end:.1f}"
        f"L{x + 4.5 * k:.1f} {neck:.1f}"
        f"C{x + 4.5 * k:.1f} {y + 14 * k:.1f} {x + 9 * k:.1f} {y + 10 * k:.1f} {x + 11 * k:.1f} {y:.1f}Z"
    )
    stream = element("path", class_="b-spill", d=curve)
    if y + 64 * k > ground:
        return stream
    return stream + element(
        "circle", class_="b-spill", cx=round(x, 1), cy=round(y + 60 * k, 1), r=round(3.4 * k, 1)
    )


def _hole(slot: Slot, stave: Height, *, streaming: bool) -> list[str]:
    k = slot.frame.scale if slot.frame.scale == 1 else 0.72
    assert stave.hole is not None
    x, y = _centre(slot, stave.hole)
    place = {"cx": round(x, 1), "cy": round(y, 1)}
    marks = [
        element("ellipse", class_="b-hole", **place, rx=round(8 * k, 1), ry=round(9 * k, 1)),
        element("ellipse", class_="b-holering", **place, rx=round(12 * k, 1), ry=round(13 * k, 1)),
    ]
    return [*marks, _stream(x, y + 3 * k, k, slot.frame.y0 + slot.frame.base)] if streaming else marks


def _stream(x: float, y: float, k: float, ground: float) -> str:
    """Water out of a hole: straight down, ending in a round tip above the ground."""
    tube = 4.6 * k
    end = max(min(y + 52 * k, ground), y + 14 * k)
    curve = (
        f"M{x - tube:.1f} {y:.1f}L{x - tube:.1f} {end:.1f}A{tube:.1f} {tube:.1f} 0 0 0 {x + tube:.1f} {end:.1f}"
        f"L{x + tube:.1f} {y:.1f}Z"
    )
    return element("path", class_="b-spill", d=curve)
