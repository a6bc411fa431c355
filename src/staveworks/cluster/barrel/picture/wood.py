"""The staves: own wood, what is lent, what is unknown."""

from math import sqrt

from staveworks.cluster.barrel.picture.geometry import GAP, Point, Slot, angles, steps
from staveworks.cluster.barrel.picture.marks import element, line, shape
from staveworks.cluster.barrel.picture.view import Height

TEETH = 7
TOOTH = 5.0  # px above and below the joint


def stave(slot: Slot, height: Height, hatch: str) -> str:
    """One stave from the ground to its top; ``hatch`` is the id of the pattern for what is unknown."""
    marks = [shape(slot.piece(0, height.own), "b-own"), *_grain(slot, height.own)] if height.own > 0 else []
    if height.lent > 0:
        marks += _lent(slot, height)
    if height.high > height.low:
        marks += _unknown(slot, height, hatch)
    if height.low > 0:
        top = "b-lent-end" if height.lent > 0 else "b-end"
        marks.append(line(slot.top(height.low, gap=GAP + 0.3, dy=1.4), top))
    shade = 0.3 * (1 - sqrt(1 - slot.middle**2))
    if height.low > 0 and shade >= 0.001:
        marks.append(shape(slot.piece(0, height.low), "b-shade", fill_opacity=shade))
    return element("g", "".join(marks), data_plank=height.code)


def _grain(slot: Slot, own: float) -> list[str]:
    ends = ((0.30, own - 4), (0.68, own - 9))
    return [_grain_line(slot, slot.between(share), top) for share, top in ends if top > 4]


def _grain_line(slot: Slot, u: float, top: float) -> str:
    return line([slot.frame.at(u, h) for h in steps(2, top)], "b-grain")


def _lent(slot: Slot, height: Height) -> list[str]:
    """Indigo from own to effective height, held to the oak by a seven-tooth joint."""
    marks = [shape(slot.piece(height.own, height.low), "b-lent")]
    if height.own <= 0:
        return marks
    joints = _joints(slot, height.own)
    for i in range(TEETH):
        deeper = i % 2 == 0
        marks.append(
            shape(
                _tooth(joints[i], joints[i + 1], TOOTH if deeper else -TOOTH), "b-lent" if deeper else "b-own"
            )
        )
    return [*marks, line(_zigzag(joints), "b-joint")]


def _joints(slot: Slot, h: float) -> list[Point]:
    """The eight ends of the teeth, equally wide on the paper, the outer two inside the stave's gaps."""
    r = slot.frame.radius_at(h)
    us = [slot.between(i / TEETH) for i in range(TEETH + 1)]
    nudge = [GAP / r, *[0.0] * (TEETH - 1), -GAP / r]
    return [slot.frame.at(u + du, h) for u, du in zip(us, nudge, strict=True)]


def _tooth(a: Point, b: Point, depth: float) -> list[Point]:
    return [a, b, (b[0], b[1] + depth), (a[0], a[1] + depth)]


def _zigzag(joints: list[Point]) -> list[Point]:
    points: list[Point] = []
    for i in range(TEETH):
        depth = TOOTH if i % 2 == 0 else -TOOTH
        points += [(x, y + depth) for x, y in joints[i : i + 2]]
    return points


def _unknown(slot: Slot, height: Height, hatch: str) -> list[str]:
    piece = slot.piece(height.low, height.high, gap=GAP + 0.6)
    likely = [slot.frame.at(u, height.likely) for u in angles(slot.between(0.3), slot.between(0.7), 6)]
    return [shape(piece, "b-unk", fill=f"url(#{hatch})"), line(likely, "b-likely")]
