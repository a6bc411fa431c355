"""So many units a week behind the catalogue's port: which week an order gets, and what is held for it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from staveworks.foundation.reservation.queries import busy, list_held, resources
from staveworks.foundation.reservation.types import Ask
from staveworks.kit.errors import Invalid
from staveworks.kit.spans import Span
from staveworks.mechanisms.tasks.models import Weekly
from staveworks.mechanisms.tasks.terms import NO_WEEKLY
from staveworks.mechanisms.tasks.types.weekly import MoreThanAWeek, WeekFull, WeekInvalid
from staveworks.mechanisms.tasks.weeks import HORIZON, Week, earliest, first_with_room
from staveworks.trade.catalogue.mechanisms import Buyer

WEEK_FIELD = {
    "type": "string",
    "maxLength": 8,
    "x-zh": "哪一周",
    "x-en": "Which week",
    "x-help-zh": "写成 2026-W50；空着就是最早有空的一周。",
    "x-help-en": "Written 2026-W50; left empty it is the first week with room.",
}


def check_weekly(weekly_id: UUID, *, provider: UUID) -> None:
    """Its provider's own. Raises ``Invalid`` at ``weekly``."""
    if not Weekly.objects.filter(resource_id=weekly_id, org_id=provider).exists():
        raise Invalid(NO_WEEKLY, field="weekly")


def week_asked(
    weekly_id: UUID, units: int, said: str, *, lead_time_days: int, buyer: Buyer, at: datetime
) -> Ask:
    """Of the week that she asks for, or the first with room.

    Raises ``WeekInvalid``, ``MoreThanAWeek``, ``WeekFull`` with the next week that has room.
    """
    zone = str(settings.TIME_ZONE)
    start = earliest(at, lead_time_days, zone)
    asked = Week.read(said) if said else start
    if asked is None:
        raise WeekInvalid(field="week")
    if not start <= asked < start.later(HORIZON):
        raise WeekInvalid.outside(start)
    (seen,) = resources(buyer.actor, [weekly_id])
    if units > seen.capacity:
        raise MoreThanAWeek(seen.capacity)
    free = free_weeks(
        weekly_id, Span(start.span(zone).starts_at, start.later(HORIZON).span(zone).ends_at), buyer
    )
    found = first_with_room(free, units, asked, capacity=seen.capacity)
    if found is None or (said and found != asked):
        raise WeekFull(asked, found)
    return Ask(weekly_id, units, found.span(zone))


def free_weeks(weekly_id: UUID, within: Span, buyer: Buyer) -> dict[Week, int]:
    """What is left of the weeks of which something is taken; what the buyer's own line holds counts as free."""
    left = {
        _week(each.during): each.capacity - each.amount
        for each in busy(buyer.actor, [weekly_id], within=within)
        if each.during
    }
    for during, quantity in _own(weekly_id, buyer):
        left[_week(during)] = left.get(_week(during), 0) + quantity
    return left


def _own(weekly_id: UUID, buyer: Buyer) -> Iterable[tuple[Span, int]]:
    held = list_held(buyer.actor, subject_id=buyer.line_id) if buyer.line_id else []
    for each in held:
        if each.during and each.resource_id == weekly_id:
            yield each.during, each.quantity


def _week(during: Span) -> Week:
    return Week.of(during.starts_at.astimezone(ZoneInfo(str(settings.TIME_ZONE))).date())
