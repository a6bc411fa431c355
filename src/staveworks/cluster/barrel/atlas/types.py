"""What a map of the cluster shows: lines of places and of trades, their course over time, and the ground they stand on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from staveworks.engine.disclosure import FEWEST
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What is asked for; empty is all. ``place``: a city (prefecture) or a district (county) of GB/T 2260."""

    place: str = ""
    business_type: str = ""
    size: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with its coordinates (degrees); ``level`` 2 city, 3 district, 1 for a city that is a province itself."""

    code: str
    level: int
    name: Text
    latitude: float | None
    longitude: float | None
    above: str = ""
    """The city of a district."""


@dataclass(frozen=True, slots=True)
class Line:
    """One place or trade. Quartiles of the likely water level; ``cells`` by plank: firms that it holds down (exact), or the
    median height (published). ``few``: too few assessed firms for publication."""

    key: str
    name: Text
    firms: int
    diagnosed: int
    low: float | None
    median: float | None
    high: float | None
    shortest: tuple[str, ...]
    cells: Mapping[str, float]
    spot: Spot | None = None
    few: bool = False


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The quartiles at the end of a quarter, or of a published month."""

    label: str
    firms: int
    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a filter, with the firms that it would leave."""

    key: str
    name: Text
    firms: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies around: county seats as pale points, some names to find one's way by. No boundary is drawn."""

    seats: tuple[tuple[float, float], ...] = ()
    names: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class Atlas:
    """Everything on the page. ``exact``: from what the operator may see; else from the published table of ``period``."""

    exact: bool
    narrowed: Narrowed
    trail: tuple[Spot, ...]
    total: Line | None
    places: tuple[Line, ...]
    trades: tuple[Line, ...]
    planks: tuple[str, ...]
    trend: tuple[TrendPoint, ...]
    trade_choices: tuple[Choice, ...]
    size_choices: tuple[Choice, ...]
    ground: Ground = field(default_factory=Ground)
    period: str = ""
    fewest: int = FEWEST
    """Firms that a figure needs to be published: by the rule in force now (exact), or when it was published."""

    @property
    def found(self) -> bool:
        return self.total is not None

    @property
    def nowhere(self) -> bool:
        """Whether the place that is asked for is none: no city or district has its code."""
        return bool(self.narrowed.place) and not self.trail
