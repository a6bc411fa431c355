"""Intervals of levels: what is known for sure, and the likely value inside."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """``low ≤ likely ≤ high``, all in points 0–100. A known value is a point."""

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.likely <= self.high:
            raise ValueError(f"not an interval: {self.low} ≤ {self.likely} ≤ {self.high}")

    @classmethod
    def point(cls, value: float) -> "Interval":
        return cls(value, value, value)

    @property
    def width(self) -> float:
        return self.high - self.low
