"""Public holidays as dated data: days off, weekend days that are worked, and up to when they are announced."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import yaml

from staveworks.kit.data import data_file

COUNTRY = "cn"


@dataclass(frozen=True, slots=True)
class Holidays:
    """``announced``: the years whose exchange of days is known; of ``years`` beyond them only what the law fixes."""

    off: frozenset[date]
    worked: frozenset[date]
    years: frozenset[int]
    announced: frozenset[int]

    def is_provisional(self, day: date) -> bool:
        """Whether the calendar of ``day``'s year may still change."""
        return day.year not in self.announced


NONE = Holidays(frozenset(), frozenset(), frozenset(), frozenset())


@cache
def load_holidays(country: str = COUNTRY) -> Holidays:
    """From ``data/holidays``. Raises ``ValueError`` for days that contradict each other or stand under another year."""
    with data_file(f"holidays/{country}.yaml").open(encoding="utf-8") as file:
        return holidays_of(yaml.safe_load(file))


def holidays_of(years: Iterable[dict[str, Any]]) -> Holidays:
    """Raises ``ValueError``."""
    off: set[date] = set()
    worked: set[date] = set()
    known, announced = set(), set()
    for entry in years:
        year = entry["year"]
        free, busy = (set(_days(entry[name])) for name in ("days_off", "days_worked"))
        if free & busy or {day.year for day in free | busy} - {year} or any(d.weekday() < 5 for d in busy):
            raise ValueError(
                f"holidays of {year}: a day is twice, of another year, or a weekday that is worked anyway"
            )
        off |= free
        worked |= busy
        known.add(year)
        if entry["announced"]:
            announced.add(year)
    return Holidays(frozenset(off), frozenset(worked), frozenset(known), frozenset(announced))


def _days(said: Iterable[date | str]) -> Iterator[date]:
    for each in said:
        first, _, last = str(each).partition("..")
        day, end = date.fromisoformat(first), date.fromisoformat(last or first)
        while day <= end:
            yield day
            day += timedelta(days=1)
