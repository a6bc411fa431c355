"""Pure: ISO 8601 weeks of the cluster's calendar, and which of them has room."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from staveworks.kit.spans import Span

HORIZON = 53
"""So many weeks ahead somebody may order."""
WRITTEN = re.compile(r"(\d{4})-W(\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """From Monday to Sunday. ``str`` is as ISO 8601 writes it: 2026-W53."""

    monday: date

    def __str__(self) -> str:
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02d}"

    @classmethod
    def of(cls, day: date) -> "Week":
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def read(cls, written: str) -> "Week | None":
        """None: there is no such week."""
        found = WRITTEN.fullmatch(written.strip().upper())
        if found is None:
            return None
        try:
            return cls(date.fromisocalendar(int(found[1]), int(found[2]), 1))
        except ValueError:
            return None

    def later(self, weeks: int) -> "Week":
        return Week(self.monday + timedelta(weeks=weeks))

    def span(self, zone: str) -> Span:
        """In the cluster's time zone; UTC, as the kernel counts."""
        first, last = (
            datetime.combine(day, time(), ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
            for day in (self.monday, self.later(1).monday)
        )
        return Span(first, last)


def earliest(at: datetime, lead_time_days: int, zone: str) -> Week:
    """The week in which what is ordered now can be done."""
    return Week.of((at.astimezone(ZoneInfo(zone)) + timedelta(days=lead_time_days)).date())


def first_with_room(free: Mapping[Week, int], units: int, start: Week, *, capacity: int) -> Week | None:
    """From ``start`` on; ``free`` names the weeks of which something is taken, all others have ``capacity``."""
    weeks = (start.later(number) for number in range(HORIZON))
    return next((week for week in weeks if free.get(week, capacity) >= units), None)
