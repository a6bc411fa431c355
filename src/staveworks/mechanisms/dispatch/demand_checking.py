"""What can be said of lines before anybody knows the capacity: ids, numbers, days. Every fault by row and column; nothing is dropped."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.demand_columns import NEEDED
from staveworks.mechanisms.dispatch.types.runs import FIRST_ROW, MOST_BUCKETS, Fault

MOST_FAULTS = 1_000
HUGE = 1e15
BLANK = Text(zh="没有填。", en="Nothing is filled in.")
TWICE = Text(zh="和另一行重复。", en="The same as another one.")
NOT_NUMBER = Text(zh="“{value}”不是数。", en="“{value}” is no number.")
TOO_LARGE = Text(zh="“{value}”太大了。", en="“{value}” is too large.")
TOO_SMALL = Text(zh="要大于 0。", en="It has to be more than 0.")
NEGATIVE = Text(zh="不能是负数。", en="It can’t be negative.")
NOT_WHOLE = Text(zh="要填整数。", en="It has to be a whole number.")
NOT_WEEK = Text(
    zh="“{value}”读不懂：请填日期（2026-12-14），或从 0 数起的周次。",
    en="Can’t read “{value}”: a day (2026-12-14), or the week counted from 0.",
)
ABOVE_ZERO, AT_LEAST_ZERO = ("quantity",), ("late_cost", "reject_cost", "min_lot")
WHOLE, WEEKS = ("grade", "max_lots"), ("release", "due")


def check_lines(rows: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """At most ``MOST_FAULTS``."""
    found: list[Fault] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, FIRST_ROW):
        found += _faults(number, row, seen)
        if len(found) >= MOST_FAULTS:
            break
    return found[:MOST_FAULTS]


def _faults(number: int, row: Mapping[str, Any], seen: dict[str, int]) -> Iterator[Fault]:
    def fault(column: str, text: Text) -> Fault:
        value = row.get(column)
        return Fault("lines", number, column, text, "" if value is None else str(value)[:80])

    for column in NEEDED:
        if row.get(column) in ("", None):
            yield fault(column, BLANK)
    key = str(row.get("id", "")).strip()
    if key and key in seen:
        yield replace(fault("id", TWICE), twin=seen[key])
    seen.setdefault(key, number)
    for column in (*ABOVE_ZERO, *AT_LEAST_ZERO, *WHOLE):
        text = _number_fault(row.get(column), column)
        if text:
            yield fault(column, text)
    for column in WEEKS:
        value = row.get(column)
        if value not in ("", None) and week_of(value, date(2026, 1, 5)) is None:
            yield fault(column, NOT_WEEK.format(value=str(value)[:40]))


def _number_fault(value: Any, column: str) -> Text | None:
    if value in ("", None):
        return None
    number = number_of(value)
    if number is None:
        return (TOO_LARGE if _is_huge(value) else NOT_NUMBER).format(value=str(value)[:40])
    if column in ABOVE_ZERO and number <= 0:
        return TOO_SMALL
    if number < 0:
        return NEGATIVE
    return NOT_WHOLE if column in WHOLE and number != int(number) else None


def number_of(value: Any) -> float | None:
    """A finite number, as a number or as people type it."""
    number = _parsed(value)
    return number if number is not None and abs(number) <= HUGE else None


def _is_huge(value: Any) -> bool:
    number = _parsed(value)
    return number is not None and abs(number) > HUGE


def _parsed(value: Any) -> float | None:
    try:
        number = float(str(value).replace(",", "").replace("，", "").strip())
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def week_of(value: Any, first: date) -> int | None:
    """The bucket of a day, or a week counted from 0; a day before the first week is −1."""
    if isinstance(value, str) and "-" in value[1:]:
        try:
            days = (date.fromisoformat(value.strip()[:10]) - first).days
        except ValueError:
            return None
        return max(-1, days // 7)
    number = number_of(value)
    if number is None or number != int(number) or not 0 <= number < 10 * MOST_BUCKETS:
        return None
    return int(number)
