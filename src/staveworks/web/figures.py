"""Figures as pages print them: true minus, thousands, whole levels, money in fen, dates in two forms."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

from staveworks.kit.intervals import Interval
from staveworks.kit.text import Language, Text

NONE = "–"
MINUS = "−"
FEWEST = 5  # firms: below this a figure could be traced to one of them
FEWER = Text(zh="不足 5", en="fewer than 5")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

Figure = float | int | Decimal


def number(value: Figure, places: int = 0) -> str:
    """Thousands, a true minus, halves rounded up: ``−1,234.5``."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{abs(rounded):,.{places}f}"
    return MINUS + text if rounded < 0 else text


def level(value: Figure | Interval) -> str:
    """A level is whole: ``34``, or ``34–41`` where it is not known better."""
    if not isinstance(value, Interval):
        return number(value)
    low, high = number(value.low), number(value.high)
    return low if low == high else f"{low}–{high}"


def mean(value: Figure | Interval) -> str:
    """Means have one decimal."""
    if not isinstance(value, Interval):
        return number(value, 1)
    low, high = number(value.low, 1), number(value.high, 1)
    return low if low == high else f"{low}–{high}"


def lift(value: Figure) -> str:
    """Lifts have one decimal and a sign: ``+5.2``."""
    text = number(value, 1)
    return text if text.startswith(MINUS) or text == "0.0" else "+" + text


def amount(fen: int) -> str:
    """Money for a column whose header says ¥: ``27,200.00``."""
    return number(Decimal(fen) / 100, 2)


def money(fen: int) -> str:
    """Money in a sentence: ``¥27,200.00``, ``−¥57.60``."""
    text = amount(fen)
    return f"{MINUS}¥{text[1:]}" if text.startswith(MINUS) else f"¥{text}"


def money_short(fen: int, language: Language) -> str:
    """Money in a headline: ``¥571.50 万`` in Chinese, ``¥5.72 m`` in English; exact below ten thousand yuan."""
    yuan = Decimal(fen) / 100
    if abs(yuan) < 10_000 or (language == "en" and abs(yuan) < 1_000_000):
        return money(fen)
    scaled, unit = (yuan / 10_000, "万") if language == "zh" else (yuan / 1_000_000, "m")
    text = number(abs(scaled), 2)
    return f"{MINUS if yuan < 0 else ''}¥{text}\N{NO-BREAK SPACE}{unit}"


def percent(share: Figure, language: Language, places: int = 0) -> str:
    """A share of one: ``27%`` in Chinese, ``27 %`` in English."""
    text = number(Decimal(str(share)) * 100, places)
    return f"{text}%" if language == "zh" else f"{text}\N{NO-BREAK SPACE}%"


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


def moment(value: datetime) -> str:
    """``2026-11-23 09:41``."""
    return f"{day(value)} {clock(value)}"
