"""What a firm sees of its own capacity."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.types.centres import Centre
from staveworks.mechanisms.dispatch.types.standing import Standing
from staveworks.mechanisms.dispatch.types.windows import Window


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody saw the firm's capacity; with ``prices`` also those."""

    by: Text
    prices: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class MyCapacity:
    """``confirmed_at``: when the oldest standing statement was last said to be right; None where none stands. ``stale_at``: when that
    goes stale."""

    centres: tuple[Centre, ...]
    closed: tuple[Centre, ...]
    windows: tuple[Window, ...]
    confirmed_at: datetime | None
    stale_at: datetime | None
    stale_days: int
    asks: bool
    standing: Standing
    looks: tuple[Look, ...]

    @property
    def stale(self) -> int:
        return sum(window.stale for window in self.windows)

    @property
    def week_hours(self) -> Decimal:
        """Free and confirmed in what is left of this week, over all work centres, and in no published plan."""
        return sum((centre.weeks[0].to_plan for centre in self.centres if centre.weeks), Decimal(0))
