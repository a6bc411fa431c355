"""What is free: the opening hours, less what the kernel says is taken."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from staveworks.foundation.reservation.queries import busy
from staveworks.kit.holidays import load_holidays
from staveworks.kit.spans import Span
from staveworks.mechanisms.booking.domain.opening import open_spans
from staveworks.mechanisms.booking.domain.slots import Units, by_unit, free_slots, held_for, nearest
from staveworks.mechanisms.booking.rows import ANYBODY
from staveworks.mechanisms.booking.types import Resource

A_DAY, A_YEAR = timedelta(days=1), timedelta(days=366)
AT_ONCE = timedelta(days=14)
"""How much of the calendar is unrolled before it is looked whether something is free."""


def opened(resource: Resource, first: date, last: date, *, now: datetime) -> tuple[Span, ...]:
    """Its open spans on local days, each span whole: one that began the day before begins there.

    None beyond the horizon of its bookings, or beyond a year if that is more: a rule of each day takes minutes to reach the year 9000.
    """
    reach = max(resource.rules.horizon, A_YEAR) + timedelta(minutes=resource.rules.longest)
    last = min(last, local_day(resource, now + reach))
    return open_spans(resource.opening, load_holidays(), first - A_DAY, last + A_DAY)


def local_day(resource: Resource, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(resource.opening.zone)).date()


def taken(resources: Sequence[Resource], within: Span) -> Mapping[UUID, Units]:
    """Of each resource, what is taken of each unit; one question for all."""
    spans: dict[UUID, list[tuple[int, Span]]] = {each.id: [] for each in resources}
    for each in busy(ANYBODY, list(spans), within=within):
        if each.unit is not None and each.during is not None:
            spans[each.resource_id].append((each.unit, each.during))
    return {each.id: by_unit(spans[each.id], each.units) for each in resources}


def free_between(
    resource: Resource,
    first: date,
    last: date,
    *,
    minutes: int,
    now: datetime,
    wanted: int = 1,
    blocked: Span | None = None,
) -> Iterator[Span]:
    """Free slots that begin on these local days, in order. ``blocked``: as if that span were taken too."""
    spans = opened(resource, first, last, now=now)
    if not spans:
        return
    margin = timedelta(minutes=resource.rules.before + resource.rules.after)
    units = taken([resource], Span(spans[0].starts_at - margin, spans[-1].ends_at + margin))[resource.id]
    for slot in free_slots(
        resource.rules, spans, units, minutes=minutes, zone=resource.opening.zone, now=now, wanted=wanted
    ):
        if blocked is not None and held_for(resource.rules, slot).overlaps(blocked):
            continue
        if first <= local_day(resource, slot.starts_at) <= last:
            yield slot


def first_free(resource: Resource, *, now: datetime) -> datetime | None:
    """When the next booking can begin; None: not within the horizon."""
    day, end = local_day(resource, now), local_day(resource, now + resource.rules.horizon)
    while day <= end:
        last = min(end, day + AT_ONCE)
        for slot in free_between(resource, day, last, minutes=resource.rules.shortest, now=now):
            return slot.starts_at
        day = last + A_DAY
    return None


def nearest_free(
    resource: Resource, wanted: Span, *, units: int, now: datetime, blocked: Span | None = None, most: int = 3
) -> tuple[Span, ...]:
    """Free slots as long as ``wanted``, nearest to it, up to a fortnight away."""
    minutes = wanted.length // timedelta(minutes=1)
    first, last = (local_day(resource, wanted.starts_at + shift) for shift in (-AT_ONCE, AT_ONCE))
    found: Iterable[Span] = free_between(
        resource, first, last, minutes=minutes, now=now, wanted=units, blocked=blocked
    )
    return nearest((slot for slot in found if slot != wanted), wanted.starts_at, most=most)
