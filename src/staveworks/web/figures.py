"""Figures as pages print them: true minus, thousands, whole levels, money in fen, dates in two forms."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from staveworks.kit.figures import (
    MINUS,
    NONE,
    Figure,
    amount,
    level,
    lift,
    mean,
    money,
    number,
    percent,
    points,
)
from staveworks.kit.text import Language, Text

__all__ = [
    "FEWEST",
    "MINUS",
    "NONE",
    "Figure",
    "amount",
    "clock",
    "day",
    "day_prose",
    "few",
    "level",
    "lift",
    "local",
    "mean",
    "moment",
    "money",
    "money_short",
    "number",
    "percent",
    "points",
    "quantity",
]

FEWEST = 5  # firms: below this a figure could be traced to one of them
FEWER = Text(zh="不足 5", en="fewer than 5")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def money_short(fen: int, language: Language) -> str:
    """Money in a headline: ``¥571.50 万`` in Chinese, ``¥5.72 m`` in English; exact below ten thousand yuan."""
    yuan = Decimal(fen) / 100
    if abs(yuan) < 10_000 or (language == "en" and abs(yuan) < 1_000_000):
        return money(fen)
    scaled, unit = (yuan / 10_000, "万") if language == "zh" else (yuan / 1_000_000, "m")
    text = number(abs(scaled), 2)
    return f"{MINUS if yuan < 0 else ''}¥{text}\N{NO-BREAK SPACE}{unit}"


def quantity(value: Decimal) -> str:
    """Without zeros behind the point: ``1,000``, ``0.5``."""
    text = number(value, 3)
    return text.rstrip("0").rstrip(".") if "." in text else text


def few(count: int, language: Language) -> str:
    """A count of firms that must not point at one of them."""
    return FEWER.in_language(language) if count < FEWEST else number(count)


def local(moment: date | datetime) -> date | datetime:
    """An aware moment in the reader's zone."""
    aware = isinstance(moment, datetime) and timezone.is_aware(moment)
    return timezone.localtime(moment) if aware and isinstance(moment, datetime) else moment


def day(moment: date | datetime) -> str:
    """Tables: ``2026-11-23``."""
    return f"{local(moment):%Y-%m-%d}"


def day_prose(moment: date | datetime, language: Language) -> str:
    """Prose: ``11月23日`` / ``23 Nov``; with the year where it is not this one."""
    there = local(moment)
    other_year = there.year != timezone.localdate().year
    if language == "zh":
        return (f"{there.year}年" if other_year else "") + f"{there.month}月{there.day}日"
    return f"{there.day} {MONTHS[there.month - 1]}" + (f" {there.year}" if other_year else "")


def clock(moment: datetime) -> str:
    """``09:41``."""
    return f"{local(moment):%H:%M}"


def period(starts_at: datetime, ends_at: datetime) -> str:
    """``2026-11-23 09:00–10:00``; with both days where it ends on another."""
    same = day(starts_at) == day(ends_at)
    return f"{moment(starts_at)}–{clock(ends_at) if same else moment(ends_at)}"


def moment(value: datetime) -> str:
    """``2026-11-23 09:41``."""
    return f"{day(value)} {clock(value)}"
