"""The windows of an offer's terms: hours of some weekdays that are dearer or cheaper."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.domain.opening import clock, hours_said
from staveworks.mechanisms.booking.types import Window

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NAMES = tuple(
    Text(zh=f"周{zh}", en=en)
    for zh, en in zip("一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True)
)
NO_DAYS = Text(zh="写成 MO-FR 或 SA,SU。", en="Written MO-FR or SA,SU.")
NO_RATIO = Text(zh="倍数在 0.01 到 10 之间。", en="A ratio between 0.01 and 10.")
MOST = 20


def windows_of(terms: Mapping[str, Any]) -> tuple[Window, ...]:
    """Raises ``Invalid`` at ``windows.0.days``, ``windows.0.from``, ``windows.0.ratio``."""
    said = terms.get("windows") or []
    if not isinstance(said, list) or len(said) > MOST or not all(isinstance(each, Mapping) for each in said):
        raise Invalid(NO_DAYS, field="windows")
    return tuple(_window(each, f"windows.{place}") for place, each in enumerate(said))


def said_of(window: Window) -> Text:
    """``周一至周五 18:00–21:00``."""
    days = [_day_names(first, last) for first, last in _runs(sorted(window.days))]
    hours = f"{clock(window.hours.opens)}–{clock(window.hours.closes)}"
    return Text(
        zh=f"{'、'.join(each.zh for each in days)} {hours}",
        en=f"{', '.join(each.en for each in days)} {hours}",
    )


def _runs(days: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of days that follow each other."""
    runs: list[tuple[int, int]] = []
    for day in days:
        if runs and runs[-1][1] == day - 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _day_names(first: int, last: int) -> Text:
    if first == last:
        return NAMES[first]
    a, b = NAMES[first], NAMES[last]
    return Text(zh=f"{a.zh}至{b.zh}", en=f"{a.en}–{b.en}")


def _window(said: Mapping[str, Any], field: str) -> Window:
    days = _days(str(said.get("days", "")).upper(), f"{field}.days")
    hours = hours_said(said.get("from"), said.get("to"), f"{field}.from")
    try:
        ratio = Decimal(str(said.get("ratio")))
    except InvalidOperation:
        ratio = Decimal(0)
    if not ratio.is_finite() or not Decimal("0.01") <= ratio <= 10:
        raise Invalid(NO_RATIO, field=f"{field}.ratio")
    return Window(days, hours, ratio)


def _days(said: str, field: str) -> frozenset[int]:
    """``MO-FR,SU``; a range may pass Sunday: ``SA-MO``."""
    found: set[int] = set()
    for part in said.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise Invalid(NO_DAYS, field=field)
        start, end = DAYS.index(first), DAYS.index(last or first)
        found |= {day % 7 for day in range(start, end + 1 if start <= end else end + 8)}
    return frozenset(found)
