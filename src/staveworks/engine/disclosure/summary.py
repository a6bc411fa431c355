"""What is said of a group, or of several groups together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor

from staveworks.engine.disclosure.problem import FEWEST, Group

LEAST, MOST = 10, 90
"""Coded: ``LEAST`` stands for "so much or less", ``MOST`` for "so much or more", so that all-alike firms at an end aren't told apart."""


@dataclass(frozen=True, slots=True)
class Summary:
    """``firms``: at least so many, in fives. Quartiles are whole points between ``LEAST`` and ``MOST``."""

    firms: int
    low: int
    median: int
    high: int


def summarise(groups: Iterable[Group]) -> Summary:
    """Of all firms of ``groups`` together. Raises ``ValueError`` for fewer than five."""
    values = sorted(value for group in groups for _, value in group.members)
    if len(values) < FEWEST:
        raise ValueError("fewer than five firms")
    low, median, high = (_coded(_quantile(values, share)) for share in (0.25, 0.5, 0.75))
    return Summary(len(values) // FEWEST * FEWEST, low, median, high)


def _quantile(values: Sequence[float], share: float) -> float:
    """Between the two nearest values, in proportion."""
    place = share * (len(values) - 1)
    below = floor(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (place - below) * (values[above] - values[below])


def _coded(value: float) -> int:
    return min(MOST, max(LEAST, floor(value + 0.5)))
