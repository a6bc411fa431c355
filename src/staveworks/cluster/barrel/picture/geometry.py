"""The barrel's shape: a point for every height h (0–100) and position u (−1 left … 1 right) on its front or back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, pi, sin, sqrt

Point = tuple[float, float]

SQUASH = 0.115  # how much of a circle's radius its height shows: the angle from which one looks at the barrel
GAP = 1.3  # px left free at each side of a stave
ROUND = 36  # angles in half a turn


@dataclass(frozen=True, slots=True)
class Frame:
    """The measures of one drawing, in px: centre, ground line, height, radius at the ends, bulge, iron per level."""

    name: str
    width: int
    height: int
    cx: float
    y0: float
    tall: float
    radius: float
    bulge: float
    iron: float
    base: float
    scale: float

    def radius_at(self, h: float) -> float:
        return self.radius + self.bulge * (1 - ((h - 50) / 50) ** 2)

    def level(self, h: float) -> float:
        """The y of height h at the barrel's sides."""
        return self.y0 - self.tall * h / 100

    def at(self, u: float, h: float, *, back: bool = False, dx: float = 0, dy: float = 0) -> Point:
        r = self.radius + self.bulge * (
            1 - ((h - 50) / 50) ** 2
        )  # as radius_at and level, without two calls a point
        depth = SQUASH * r * sqrt(max(0.0, 1 - u * u))
        return self.cx + u * r + dx, self.y0 - self.tall * h / 100 + (-depth if back else depth) + dy

    def thickness(self, level: float) -> float:
        return 1.5 + self.iron * level


WIDE = Frame("wide", 690, 486, cx=336, y0=402, tall=352, radius=152, bulge=26, iron=0.16, base=12, scale=1)
PLAIN = Frame(
    "plain", 360, 410, cx=180, y0=322, tall=286, radius=138, bulge=23, iron=0.105, base=9, scale=0.68
)
NARROW = Frame(
    "narrow", 320, 300, cx=164, y0=236, tall=200, radius=92, bulge=16, iron=0.105, base=8.5, scale=0.64
)
FRAMES = {frame.name: frame for frame in (WIDE, PLAIN, NARROW)}


def edges(n: int) -> list[float]:
    """The n + 1 positions u between which n staves stand: wider in the middle, as one sees a round barrel."""
    return [0.75 * (2 * k / n - 1) + 0.25 * sin(pi * (k / n - 0.5)) for k in range(n + 1)] if n else []


def steps(low: float, high: float) -> list[float]:
    """Heights from low to high, one at least every 4 levels."""
    count = int((high - low) / 4) + 1
    return [low + (high - low) * i / count for i in range(count + 1)]


@lru_cache(maxsize=500)
def angles(u0: float, u1: float, count: int) -> tuple[float, ...]:
    """``count`` equal angles from u0 to u1; the same few for every barrel with as many staves."""
    a, b = asin(u0), asin(u1)
    return tuple(sin(a + (b - a) * i / count) for i in range(count + 1))


HALF_TURN = tuple(-cos(pi * i / ROUND) for i in range(ROUND + 1))


def turn(frame: Frame, h: float, *, back: bool = False, dy: float = 0) -> list[Point]:
    """The half circle at height h, from left to right."""
    return [frame.at(u, h, back=back, dy=dy) for u in HALF_TURN]


def side(frame: Frame, u: float, low: float, high: float, dx: float = 0) -> list[Point]:
    """One edge upwards from low to high."""
    return [frame.at(u, h, dx=dx) for h in steps(low, high)]


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one stave on the front: between u0 and u1, a gap at each side."""

    frame: Frame
    u0: float
    u1: float

    @property
    def middle(self) -> float:
        return (self.u0 + self.u1) / 2

    def between(self, share: float) -> float:
        return self.u0 + (self.u1 - self.u0) * share

    def top(self, h: float, gap: float = GAP, dy: float = 0) -> list[Point]:
        """The stave's edge at height h, from left to right, inside its gaps."""
        inner = [self.frame.at(u, h, dy=dy) for u in angles(self.u0, self.u1, 12)[1:-1]]
        return [self.frame.at(self.u0, h, dx=gap, dy=dy), *inner, self.frame.at(self.u1, h, dx=-gap, dy=dy)]

    def full(self, h: float, dy: float = 0) -> list[Point]:
        """The same edge without gaps, for what runs across the staves."""
        return [self.frame.at(u, h, dy=dy) for u in angles(self.u0, self.u1, 12)]

    def piece(self, low: float, high: float, gap: float = GAP) -> list[Point]:
        """The outline of the stave's wood from low to high."""
        up = side(self.frame, self.u0, low, high, gap)
        down = side(self.frame, self.u1, low, high, -gap)[::-1]
        return [*up, *self.top(high, gap)[1:], *down[1:], *self.top(low, gap)[-2:0:-1]]


def slots(frame: Frame, n: int) -> list[Slot]:
    us = edges(n)
    return [Slot(frame, us[k], us[k + 1]) for k in range(n)]


def belly(frame: Frame, low: float, high: float) -> list[Point]:
    """The outline of the barrel's whole front from low to high."""
    left, right = side(frame, -1, low, high), side(frame, 1, low, high)[::-1]
    return [*left, *turn(frame, high)[1:], *right[1:], *turn(frame, low)[-2:0:-1]]


def band(edge: Sequence[Point], thickness: float) -> list[Point]:
    """A strip along an edge, half its thickness above and half below."""
    half = thickness / 2
    return [*((x, y - half) for x, y in edge), *((x, y + half) for x, y in reversed(edge))]


def path(points: Iterable[Point], *, close: bool = False) -> str:
    """SVG path data, one decimal."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + ("Z" if close else "")
