"""Small written things that every part of the report has."""

from typing import Any
from unicodedata import east_asian_width

from staveworks.kit.figures import lift, mean

Values = dict[str, Any]


def runs(*parts: tuple[str, str]) -> list[Values]:
    """A sentence in runs: (text, what it is: plain, water or short)."""
    return [{"text": text, "as": look} for text, look in parts if text]


def gain(value: float | None) -> str:
    """A gain in points, – for none."""
    return "–" if value is None else lift(value)


def narrowing(value: float) -> str:
    return mean(value) if value >= 0.05 else "–"


def shorten(text: str, columns: int) -> str:
    """As much of ``text`` as fits, a Chinese character taking two columns; cut with an ellipsis."""
    taken = 0
    for place, character in enumerate(text):
        taken += 2 if east_asian_width(character) in "WF" else 1
        if taken > columns:
            return text[:place].rstrip() + "…"
    return text
