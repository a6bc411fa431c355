"""Reads of weekly capacity: how many units a week, and how full the weeks to come are."""

from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from staveworks.db.clock import database_today
from staveworks.db.transaction import query
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.queries import busy, resources
from staveworks.kit.spans import Span
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.models import Weekly
from staveworks.mechanisms.tasks.types.weekly import WeekLoad, WeeklyNotFound
from staveworks.mechanisms.tasks.types.weekly import Weekly as WeeklySeen
from staveworks.mechanisms.tasks.weeks import Week

SHOWN = 8


@query
def list_weekly(actor: Actor) -> list[WeeklySeen]:
    """The organisation's, by name, each with the eight weeks from this one on. Raises ``RightMissing``."""
    actor.require("line.serve")
    return _seen(actor, Weekly.objects.filter(org_id=actor.org).order_by("name"))


@query
def access_weekly(actor: Actor, *, weekly_id: UUID) -> WeeklySeen:
    """To change it. Raises ``RightMissing``, ``WeeklyNotFound``."""
    actor.require("offer.manage")
    found = _seen(actor, Weekly.objects.filter(resource_id=weekly_id, org_id=actor.org))
    if not found:
        raise WeeklyNotFound
    return found[0]


def _seen(actor: Actor, kept: QuerySet[Weekly]) -> list[WeeklySeen]:
    zone = str(settings.TIME_ZONE)
    this = Week.of(database_today())
    weeks = [this.later(number) for number in range(SHOWN)]
    rows = list(kept)
    ids = [row.resource_id for row in rows]
    units = {each.id: each.capacity for each in resources(actor, ids)}
    within = Span(weeks[0].span(zone).starts_at, weeks[-1].span(zone).ends_at)
    taken = {
        (each.resource_id, each.during.starts_at): each
        for each in busy(actor, ids, within=within)
        if each.during
    }
    found = []
    for row in rows:
        loads = []
        for week in weeks:
            its = taken.get((row.resource_id, week.span(zone).starts_at))
            amount, capacity = (its.amount, its.capacity) if its else (0, units[row.resource_id])
            loads.append(WeekLoad(str(week), week.monday, capacity, amount))
        name = Text(zh=row.name, en=row.name_en)
        found.append(WeeklySeen(row.resource_id, name, units[row.resource_id], tuple(loads)))
    return found
