"""What a time costs: steps begun, dearer or cheaper by the hour of the week. Exact: integers and decimals only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from staveworks.kit.spans import Span
from staveworks.mechanisms.booking.types import Window

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Steps:
    """So many steps of the price at ``ratio`` of it."""

    count: int
    ratio: Decimal


def steps_by_window(
    span: Span, *, step_minutes: int, minimum_minutes: int, windows: Sequence[Window], zone: str
) -> tuple[Steps, ...]:
    """Each step that is begun costs what holds when it begins; what is missing to the minimum costs what the last step costs.

    In the order in which the ratios first occur.
    """
    minutes = -(-span.length // timedelta(minutes=1))
    begun = -(-max(minutes, 1) // step_minutes)
    billed = max(begun, -(-minimum_minutes // step_minutes))
    ratios = [
        ratio_at(span.starts_at + timedelta(minutes=step * step_minutes), windows, zone)
        for step in range(begun)
    ]
    ratios += ratios[-1:] * (billed - begun)
    return tuple(Steps(ratios.count(ratio), ratio) for ratio in dict.fromkeys(ratios))


def ratio_at(moment: datetime, windows: Sequence[Window], zone: str) -> Decimal:
    """Of the first window that holds at a moment; 1 outside of all."""
    local = moment.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    for window in windows:
        if local.weekday() in window.days and window.hours.opens <= minute < window.hours.closes:
            return window.ratio
    return ONE
