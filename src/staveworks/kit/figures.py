"""Figures as pages and papers print them: a true minus, thousands, whole levels, one decimal for means and lifts."""

from decimal import ROUND_HALF_UP, Decimal

from staveworks.kit.intervals import Interval
from staveworks.kit.text import Language

NONE = "–"
MINUS = "−"
Figure = float | int | Decimal
UNITS = [Decimal(1).scaleb(-places) for places in range(7)]
"""What a figure with so many places is rounded to."""


def number(value: Figure, places: int = 0) -> str:
    """Thousands, a true minus, halves rounded up: ``−1,234.5``."""
    if isinstance(value, int):
        return f"{MINUS if value < 0 else ''}{abs(value):,}{'.' + '0' * places if places else ''}"
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    rounded = exact.quantize(UNITS[places], ROUND_HALF_UP)
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


def between(low: Figure, high: Figure) -> str:
    """How far two levels are apart, as a reader subtracts them where both are shown whole."""
    return number(_whole(high) - _whole(low))


def _whole(value: Figure) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1), ROUND_HALF_UP)


def points(value: Figure | Interval) -> str:
    """Points of a published standard, exact to the hundredth and no longer than needed: ``18``, ``23.75``, ``18–61``."""
    if not isinstance(value, Interval):
        return number(value, 2).rstrip("0").rstrip(".")
    low, high = points(value.low), points(value.high)
    return low if low == high else f"{low}–{high}"


def lift(value: Figure) -> str:
    """Lifts have one decimal and a sign: ``+5.2``."""
    text = number(value, 1)
    return text if text.startswith(MINUS) or text == "0.0" else "+" + text


def percent(share: Figure, language: Language, places: int = 0) -> str:
    """A share of one: ``27%`` in Chinese, ``27 %`` in English."""
    text = number(Decimal(str(share)) * 100, places)
    return f"{text}%" if language == "zh" else f"{text}\N{NO-BREAK SPACE}%"


def amount(fen: int) -> str:
    """Money for a column whose header says ¥: ``27,200.00``."""
    return number(Decimal(fen) / 100, 2)


def money(fen: int) -> str:
    """Money in a sentence: ``¥27,200.00``, ``−¥57.60``."""
    text = amount(fen)
    return f"{MINUS}¥{text[1:]}" if text.startswith(MINUS) else f"¥{text}"
