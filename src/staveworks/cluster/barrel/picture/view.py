"""What the picture of a barrel shows: plain values, computed elsewhere. Heights are relative points, 0–100."""

from dataclasses import dataclass

from staveworks.kit.intervals import Interval
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class Height:
    """One plank as it stands.

    ``own`` is the firm's own wood that is known for sure, ``low ≤ likely ≤ high`` what stands with what is lent
    (``low − own`` is lent, ``high − low`` unknown). ``hole`` is the height of the lowest hole; it leaks above.
    A plank that the firm's profile does not need (target 0) is left out of the barrel and named below it.
    """

    code: str
    name: Text
    icon: str
    own: float
    low: float
    likely: float
    high: float
    hole: float | None = None
    needed: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.own <= self.low <= self.likely <= self.high <= 100:
            raise ValueError(
                f"{self.code}: heights out of order: {self.own}, {self.low}, {self.likely}, {self.high}"
            )
        if self.hole is not None and not 0 <= self.hole <= 100:
            raise ValueError(f"{self.code}: hole at {self.hole} is outside 0–100")

    @classmethod
    def known(cls, code: str, name: Text, icon: str, height: float, hole: float | None = None) -> "Height":
        """A plank of the firm's own wood with nothing unknown."""
        return cls(code, name, icon, own=height, low=height, likely=height, high=height, hole=hole)

    @property
    def lent(self) -> float:
        return self.low - self.own

    @property
    def holds(self) -> Interval:
        """What counts for the water: the height, cut at the hole."""
        top = 100.0 if self.hole is None else self.hole
        return Interval(min(self.low, top), min(self.likely, top), min(self.high, top))

    @property
    def leaks(self) -> bool:
        """Whether the hole lies in wood that stands or may stand, so that it is drawn."""
        return self.hole is not None and self.hole < self.high


@dataclass(frozen=True, slots=True)
class Barrel:
    """A firm's barrel at one time: staves left to right, hoops bottom to top, as the register orders them.

    ``binding`` is the code of the plank that holds the water down; ``without_lending`` the likely water level if
    every contract ended today, ``None`` where nothing is lent.
    """

    firm: str
    staves: tuple[Height, ...]
    hoops: tuple[Height, ...]
    water: Interval
    bearing: Interval
    binding: str | None = None
    without_lending: float | None = None

    @property
    def standing(self) -> tuple[Height, ...]:
        return tuple(stave for stave in self.staves if stave.needed)

    @property
    def bands(self) -> tuple[Height, ...]:
        return tuple(hoop for hoop in self.hoops if hoop.needed)

    @property
    def left_out(self) -> tuple[Height, ...]:
        return tuple(plank for plank in (*self.staves, *self.hoops) if not plank.needed)

    @property
    def binding_plank(self) -> Height | None:
        return next((plank for plank in (*self.standing, *self.bands) if plank.code == self.binding), None)
