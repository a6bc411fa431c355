"""The hoops: iron where a stave reaches, a pale band across gaps; what is lent lies around an own core."""

from staveworks.cluster.barrel.picture.geometry import Frame, Slot, band, turn
from staveworks.cluster.barrel.picture.marks import line, shape
from staveworks.cluster.barrel.picture.view import Barrel, Height

SHINE_FROM = 4.0  # px: a thinner hoop has no room for the line of light


def hoops(frame: Frame, barrel: Barrel, slots: list[Slot]) -> list[str]:
    marks: list[str] = []
    for j, hoop in enumerate(barrel.bands):
        h = hoop_height(j, len(barrel.bands))
        binds = hoop.code == barrel.binding
        marks.append(_bridge(frame, hoop, h, binds=binds))
        for slot, stave in zip(slots, barrel.standing, strict=True):
            if stave.low >= h:
                marks += _iron(frame, slot, hoop, h, binds=binds)
    return marks


def hoop_height(j: int, m: int) -> float:
    """The height at which hoop j of m sits."""
    return 100 * (j + 0.5) / m


def _bridge(frame: Frame, hoop: Height, h: float, *, binds: bool) -> str:
    return shape(
        band(turn(frame, h), frame.thickness(hoop.low)), "b-bridge b-bridge-bind" if binds else "b-bridge"
    )


def _iron(frame: Frame, slot: Slot, hoop: Height, h: float, *, binds: bool) -> list[str]:
    edge = slot.full(h)
    whole = frame.thickness(hoop.low)
    marks = []
    if hoop.high > hoop.low:
        marks.append(shape(band(edge, frame.thickness(hoop.high)), "b-hoop-unk"))
    if binds:
        marks.append(shape(band(edge, whole), "b-hoop-bind"))
    elif hoop.lent > 0:
        marks.append(shape(band(edge, whole), "b-hoop-lent"))
        marks.append(shape(band(edge, frame.thickness(hoop.own)), "b-hoop"))
    else:
        marks.append(shape(band(edge, whole), "b-hoop"))
    if whole >= SHINE_FROM:
        marks.append(line([(x, y - whole / 2 + 1.5) for x, y in edge], "b-shine"))
    return marks
