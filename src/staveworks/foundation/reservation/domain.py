"""Pure decisions: which asks may be taken in one statement, and which free spans are nearest."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from staveworks.foundation.reservation.types import Ask, TtlInvalid
from staveworks.kit.spans import Span

LONGEST_HOLD = timedelta(days=30)


def check_ttl(ttl: timedelta) -> timedelta:
    """Raises ``TtlInvalid``."""
    if not timedelta(0) < ttl <= LONGEST_HOLD:
        raise TtlInvalid(field="ttl")
    return ttl


def layers(asks: Sequence[Ask]) -> list[int]:
    """A layer for each ask, so that no two of one layer overlap on a resource; as few as possible.

    Each ask goes, in the order of its start, into the first layer that is over by then (interval-graph colouring).
    """
    ends: dict[UUID, list[datetime]] = {}
    found = [0] * len(asks)
    timed = [(ask.during, place) for place, ask in enumerate(asks) if ask.during]
    for during, place in sorted(timed):
        over = ends.setdefault(asks[place].resource_id, [])
        layer = next((number for number, end in enumerate(over) if end <= during.starts_at), len(over))
        over[layer : layer + 1] = [during.ends_at]
        found[place] = layer
    return found


def is_free(span: Span, taken: Iterable[tuple[int, Span]], *, units: int, wanted: int) -> bool:
    """Whether ``wanted`` of the units 1…``units`` have nothing in ``span``; ``taken``: (unit, span)."""
    return units - len({unit for unit, other in taken if unit <= units and other.overlaps(span)}) >= wanted


def nearest(
    span: Span,
    taken: Sequence[tuple[int, Span]],
    *,
    units: int,
    wanted: int = 1,
    within: Span,
    most: int = 3,
) -> tuple[Span, ...]:
    """The free spans as long as ``span``, ``within`` bounds, nearest to its start; of two as near, the later one first.

    A span that is free and can be moved no nearer begins where something ends, or ends where something begins: only those
    are looked at.
    """
    starts = {other.ends_at for _, other in taken} | {other.starts_at - span.length for _, other in taken}
    candidates = [
        span.moved_to(start)
        for start in starts | {within.starts_at, within.ends_at - span.length}
        if start != span.starts_at
    ]
    free = [
        each for each in candidates if within.holds(each) and is_free(each, taken, units=units, wanted=wanted)
    ]
    return tuple(nearest_slots(span, free, most=most))


def nearest_slots(span: Span, slots: Iterable[Span], *, most: int = 3) -> list[Span]:
    """Of the slots other than ``span``, those that begin nearest to it; of two as near, the later one first."""
    others = [slot for slot in slots if slot != span]
    others.sort(key=lambda each: (abs(each.starts_at - span.starts_at), each.starts_at < span.starts_at))
    return others[:most]
