"""Working hours of a work centre by day: its weekdays, and public holidays where it keeps them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from staveworks.kit.holidays import Holidays

NONE = Decimal(0)
MOST = Decimal(24)


@dataclass(frozen=True, slots=True)
class Calendar:
    """``weekday_hours``: from Monday on. Days are days: hours are counted, not placed, so a change of clocks moves nothing."""

    weekday_hours: tuple[Decimal, ...]
    holidays: bool

    @property
    def day_hours(self) -> Decimal:
        """The longest day of a week: what its owner means by "a day"."""
        return max(self.weekday_hours)

    def hours_on(self, day: date, public: Holidays) -> Decimal:
        """A weekend day that is worked in exchange for a holiday is worked as long as the longest of Monday to Friday."""
        if self.holidays and day in public.off:
            return NONE
        usual = self.weekday_hours[day.weekday()]
        if self.holidays and day in public.worked:
            return max(usual, *self.weekday_hours[:5])
        return usual
