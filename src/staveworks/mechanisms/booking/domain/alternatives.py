"""What comes nearest to a time that can't be had: the same thing first, then in time, then in space."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import asin, cos, inf, radians, sin, sqrt
from uuid import UUID

from staveworks.kit.spans import Span

EARTH_KM = 6371.0
type Spot = tuple[float, float]
"""Latitude and longitude in degrees (WGS 84)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A free time of what an offer lends. ``km``: as the crow flies from what was wanted; None: nobody knows."""

    offer_id: UUID
    resource_id: UUID
    span: Span
    km: float | None


def kilometres(one: Spot, other: Spot) -> float:
    """By the haversine formula, on a sphere: off by half a percent at most."""
    (north, east), (north2, east2) = ((radians(lat), radians(lon)) for lat, lon in (one, other))
    half = sin((north2 - north) / 2) ** 2 + cos(north) * cos(north2) * sin((east2 - east) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def in_order(found: Iterable[Candidate], wanted: datetime, resource_id: UUID) -> list[Candidate]:
    """Other times of the same thing first, then other things; of both nearest in time, of two as near the later one, then
    the one that is nearer in space. Of other things one time of each before a second of any; each free time of a thing once."""
    ordered = sorted(
        found,
        key=lambda each: (
            each.resource_id != resource_id,
            abs(each.span.starts_at - wanted),
            each.span.starts_at < wanted,
            inf if each.km is None else each.km,
        ),
    )
    once: dict[tuple[UUID, Span], Candidate] = {}
    for each in ordered:
        once.setdefault((each.resource_id, each.span), each)
    seen: Counter[UUID] = Counter()
    rounds: list[tuple[int, Candidate]] = []
    for each in once.values():
        rounds.append((0 if each.resource_id == resource_id else seen[each.resource_id], each))
        seen[each.resource_id] += 1
    return [each for _, each in sorted(rounds, key=lambda one: one[0])]


def apart(slots: Iterable[Span], *, most: int) -> list[Span]:
    """The first ones that don't overlap: half an hour later is hardly another time."""
    chosen: list[Span] = []
    for slot in slots:
        if len(chosen) == most:
            break
        if not any(slot.overlaps(each) for each in chosen):
            chosen.append(slot)
    return chosen
