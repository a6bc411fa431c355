"""Whether a firm is on trial, and within which limits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """``on_trial``: at most ``week_hours`` a week until ``jobs`` are accepted, of which ``accepted`` are. ``reason``: the operator's, where
    it decided."""

    on_trial: bool
    week_hours: int
    jobs: int
    accepted: int
    reason: str = ""
