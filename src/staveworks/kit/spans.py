"""Spans of time: from a moment up to, not including, another."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

YEARS = range(2000, 2200)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """``starts_at ≤ t < ends_at``; both know their time zone. Raises ``ValueError`` for an empty or a naive one."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("a span needs moments with a time zone")
        if self.starts_at >= self.ends_at:
            raise ValueError(f"not a span: {self.starts_at} – {self.ends_at}")

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at

    def overlaps(self, other: "Span") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def holds(self, other: "Span") -> bool:
        """Whether ``other`` lies in it whole."""
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at

    def moved_to(self, starts_at: datetime) -> "Span":
        """A span as long, from ``starts_at`` on."""
        return Span(starts_at, starts_at + self.length)


def on_calendar(day: date) -> bool:
    """Whether a day or a moment lies in years that anything here is about. Far outside of them (0001, 9999) the step to the next
    day or to another time zone overflows, and the database's moments aren't Python's any more."""
    return day.year in YEARS
