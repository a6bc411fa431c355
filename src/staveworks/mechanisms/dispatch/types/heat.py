"""Free hours by operation, city and week."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class HeatValue:
    """``hours``: free, confirmed and in no published plan; ``stale``: would be free; both None where too few firms stand behind them."""

    firms: int | None
    hours: Decimal | None
    stale: Decimal | None = None


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One operation in one city, a value for each week."""

    operation: str
    city: str
    city_name: Text
    values: tuple[HeatValue, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """``exact``: an operator's own view; else as published on ``on_date``. ``fewest``: firms behind a figure that may be published."""

    mondays: tuple[date, ...]
    rows: tuple[HeatRow, ...]
    fewest: int
    exact: bool
    on_date: date | None = None
    firms: int = 0
