"""The part of the earth that a map shows, and where a point of it lies on the paper. Flat, true to scale in the middle. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from staveworks.cluster.barrel.atlas.types import Spot

KM_PER_DEGREE = 111.2
LEAST_KM = 70.0
ROOM = 0.22
"""Free at each side, in parts of the span, so that labels find room."""

SHAPE = 690 / 430
STEPS_KM = (5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True)
class Frame:
    """Edges in degrees; ``shape`` is width by height on the paper."""

    west: float
    south: float
    east: float
    north: float

    @property
    def squeeze(self) -> float:
        """How much shorter a degree of longitude is than one of latitude, in the middle."""
        return cos(radians((self.south + self.north) / 2))

    def at(self, latitude: float, longitude: float, width: float, height: float) -> tuple[float, float]:
        """Where a point lies on a paper of ``width`` × ``height``; north is up."""
        x = (longitude - self.west) / (self.east - self.west) * width
        y = (self.north - latitude) / (self.north - self.south) * height
        return x, y

    def scale(self, width: float) -> tuple[int, float]:
        """A round number of kilometres, and how long they are on the paper: about a sixth of it."""
        kilometre = width / ((self.east - self.west) * self.squeeze * KM_PER_DEGREE)
        best = min(STEPS_KM, key=lambda km: abs(km * kilometre - width / 6))
        return best, best * kilometre


def frame_of(spots: Sequence[Spot]) -> Frame | None:
    """Around all spots that have coordinates, in the paper's shape; None where there are none."""
    known = [(s.latitude, s.longitude) for s in spots if s.latitude is not None and s.longitude is not None]
    if not known:
        return None
    south, north = min(lat for lat, _ in known), max(lat for lat, _ in known)
    west, east = min(lon for _, lon in known), max(lon for _, lon in known)
    squeeze = cos(radians((south + north) / 2))
    high = max(north - south, LEAST_KM / KM_PER_DEGREE) * (1 + 2 * ROOM)
    wide = max((east - west) * squeeze, LEAST_KM * SHAPE / KM_PER_DEGREE) * (1 + 2 * ROOM)
    high, wide = max(high, wide / SHAPE), max(wide, high * SHAPE)
    middle, centre = (south + north) / 2, (west + east) / 2
    return Frame(
        west=centre - wide / squeeze / 2,
        south=middle - high / 2,
        east=centre + wide / squeeze / 2,
        north=middle + high / 2,
    )
