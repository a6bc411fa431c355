"""Which times can be booked: on the grid, long enough, in time, while it is open; and of those, which are free."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from staveworks.kit.spans import Span
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.types import BookingRules, SlotRefused

TOO_SHORT = Text(zh="至少 {least} 分钟。", en="At least {least} minutes.")
TOO_LONG = Text(zh="最多 {most} 分钟。", en="At most {most} minutes.")
OFF_GRID = Text(
    zh="从整 {grid} 分开始，时长是它的倍数。",
    en="Begin on a step of {grid} minutes and last a multiple of it.",
)
TOO_SOON = Text(zh="这个时间太早，最早可约 {at}。", en="Too early: the earliest is {at}.")
TOO_FAR = Text(zh="太远了，最晚可约到 {at}。", en="Too far ahead: the latest is {at}.")
CLOSED = Text(zh="这段时间不开放。", en="It is not open then.")

type Units = Sequence[Sequence[Span]]
"""Of each unit, what is taken of it."""


def check_slot(
    rules: BookingRules, wanted: Span, open_then: Iterable[Span], *, zone: str, now: datetime
) -> None:
    """Whether ``wanted`` (without buffers) could be booked if nobody else had. Raises ``SlotRefused`` at the field to change."""
    check_length(rules, wanted.length // timedelta(minutes=1))
    if not on_grid(rules, wanted.starts_at, zone):
        raise SlotRefused(OFF_GRID.format(grid=rules.grid), field="starts_at")
    if wanted.starts_at < now + rules.notice:
        raise SlotRefused(TOO_SOON.format(at=_said(now + rules.notice, zone)), field="starts_at")
    if wanted.starts_at > now + rules.horizon:
        raise SlotRefused(TOO_FAR.format(at=_said(now + rules.horizon, zone)), field="starts_at")
    if not any(each.holds(wanted) for each in open_then):
        raise SlotRefused(CLOSED, field="starts_at")


def check_length(rules: BookingRules, minutes: int) -> None:
    """Raises ``SlotRefused``."""
    if minutes < rules.shortest:
        raise SlotRefused(TOO_SHORT.format(least=rules.shortest), field="minutes")
    if minutes > rules.longest:
        raise SlotRefused(TOO_LONG.format(most=rules.longest), field="minutes")
    if minutes % rules.grid:
        raise SlotRefused(OFF_GRID.format(grid=rules.grid), field="minutes")


def on_grid(rules: BookingRules, moment: datetime, zone: str) -> bool:
    local = moment.astimezone(ZoneInfo(zone))
    seconds = (local.hour * 60 + local.minute) * 60 + local.second
    return seconds % (rules.grid * 60) == 0 and local.microsecond == 0


def held_for(rules: BookingRules, wanted: Span) -> Span:
    """What is taken by a booking: with the time to set up before it and to clean after it."""
    return Span(
        wanted.starts_at - timedelta(minutes=rules.before), wanted.ends_at + timedelta(minutes=rules.after)
    )


def by_unit(taken: Iterable[tuple[int, Span]], units: int) -> Units:
    """Taken spans by unit 1…``units``, each in order; a unit that is gone since is left out."""
    found: Mapping[int, list[Span]] = {unit: [] for unit in range(1, units + 1)}
    for unit, span in sorted(taken):
        if unit in found:
            found[unit].append(span)
    return list(found.values())


def count_free(units: Units, span: Span) -> int:
    """Units of which nothing is taken in ``span``."""
    return sum(not is_taken(unit, span) for unit in units)


def is_taken(taken: Sequence[Span], span: Span) -> bool:
    """Of one unit. ``taken`` is in order and without overlaps: only the neighbours of ``span``'s start matter."""
    place = bisect_left(taken, span)
    return any(each.overlaps(span) for each in taken[max(0, place - 1) : place + 1])


def bookable(
    rules: BookingRules, open_then: Iterable[Span], *, minutes: int, zone: str, now: datetime
) -> Iterator[Span]:
    """Every span of ``minutes`` that could be booked if nobody else had, in order."""
    length, step = timedelta(minutes=minutes), timedelta(minutes=rules.grid)
    soonest, latest = now + rules.notice, now + rules.horizon
    for span in open_then:
        start = _next_on_grid(rules, max(span.starts_at, soonest), zone)
        while start + length <= span.ends_at and start <= latest:
            yield Span(start, start + length)
            start = _next_on_grid(rules, start + step, zone)


def free_slots(
    rules: BookingRules,
    open_then: Iterable[Span],
    units: Units,
    *,
    minutes: int,
    zone: str,
    now: datetime,
    wanted: int = 1,
) -> Iterator[Span]:
    """Of those, where ``wanted`` units are free, their buffers included."""
    for slot in bookable(rules, open_then, minutes=minutes, zone=zone, now=now):
        if count_free(units, held_for(rules, slot)) >= wanted:
            yield slot


def nearest(slots: Iterable[Span], to: datetime, *, most: int = 3) -> tuple[Span, ...]:
    """Those that begin nearest to a moment; of two as near, the later first."""
    ordered = sorted(slots, key=lambda each: (abs(each.starts_at - to), each.starts_at < to))
    return tuple(ordered[:most])


def _next_on_grid(rules: BookingRules, moment: datetime, zone: str) -> datetime:
    """The first moment from ``moment`` on that lies on the grid of its local day."""
    local = moment.astimezone(ZoneInfo(zone))
    midnight = datetime.combine(local.date(), time(), tzinfo=local.tzinfo)
    grid = timedelta(minutes=rules.grid)
    since = local.replace(tzinfo=None) - midnight.replace(tzinfo=None)
    late = -since % grid
    return moment + late


def _said(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
