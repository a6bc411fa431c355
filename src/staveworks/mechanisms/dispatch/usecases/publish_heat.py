"""Publish the week's free hours over groups of at least five firms, once a week: what changes within it shows nobody's change."""

from datetime import datetime, time

from django.utils import timezone

from staveworks.db.clock import database_now
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.models import Event
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.dispatch.domain.windows import monday_of
from staveworks.mechanisms.dispatch.heat_queries import free_heat
from staveworks.mechanisms.dispatch.models import HeatCell

PUBLISHED = "heat.published"


@use_case
def publish_heat(actor: Actor) -> int:
    """How many figures; 0 where this week's stand already. As the platform's operator. Raises ``RightMissing``."""
    actor.require("capacity.heat")
    monday = monday_of(timezone.localdate(database_now()))
    since = timezone.make_aware(datetime.combine(monday, time()))
    if Event.objects.filter(org_id=actor.org, type=PUBLISHED, at__gte=since).exists():
        return 0
    heat = free_heat(actor)
    cells = []
    for row in heat.rows:
        for day, value in zip(heat.mondays, row.values, strict=True):
            enough = value.firms is not None and value.firms >= heat.fewest
            cells.append(
                HeatCell(
                    on_date=monday,
                    operation=row.operation,
                    city_id=row.city,
                    monday=day,
                    firms=value.firms if enough else None,
                    hours=value.hours if enough else None,
                )
            )
    HeatCell.objects.bulk_create(cells)
    append_event(actor, PUBLISHED, subject=actor.org, cells=len(cells))
    return len(cells)
