"""Pure: when the periods of a subscription begin. Counted from 0; the first day stays, or is the last of a shorter month."""

from calendar import monthrange
from datetime import date


def start_of(first: date, months: int, number: int) -> date:
    """The first day of period ``number``, of ``months`` each; always counted from ``first``, so that the 31st comes back."""
    year, month = divmod(first.month - 1 + months * number, 12)
    year, month = first.year + year, month + 1
    return date(year, month, min(first.day, monthrange(year, month)[1]))


def number_on(first: date, months: int, day: date) -> int:
    """The period in which ``day`` lies."""
    number = ((day.year - first.year) * 12 + day.month - first.month) // months
    return number if start_of(first, months, number) <= day else number - 1


def first_after(first: date, months: int, day: date) -> int:
    """The first period that begins on ``day`` or later."""
    number = number_on(first, months, day)
    return number if start_of(first, months, number) == day else number + 1
