"""Rows to what the room speaks of."""

import logging
from collections.abc import Iterable
from datetime import timedelta

from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.queries import resources
from staveworks.foundation.reservation.types import ResourceSeen
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.domain.opening import opening_of
from staveworks.mechanisms.booking.models import Bookable
from staveworks.mechanisms.booking.types import (
    BookableKind,
    BookingRules,
    Opening,
    OpeningInvalid,
    Quota,
    QuotaPeriod,
    Resource,
    Training,
)

log = logging.getLogger("staveworks.booking")
ANYBODY = Actor(None, None)
"""How many units there are is nobody's secret: the kernel tells whoever asks."""


def resources_of(rows: Iterable[Bookable]) -> list[Resource]:
    """In the same order; one question to the kernel for all."""
    found = list(rows)
    seen = {each.id: each for each in resources(ANYBODY, [row.resource_id for row in found])}
    return [_resource(row, seen[row.resource_id]) for row in found if row.resource_id in seen]


def _resource(row: Bookable, seen: ResourceSeen) -> Resource:
    return Resource(
        id=row.resource_id,
        org_id=row.org_id,
        kind=BookableKind(row.kind),
        name=Text(zh=row.name_zh, en=row.name_en),
        place=row.place,
        city=row.city_id,
        opening=_opening(row),
        rules=BookingRules(
            grid=row.grid,
            shortest=row.shortest,
            longest=row.longest,
            before=row.before,
            after=row.after,
            notice=timedelta(minutes=row.notice_minutes),
            horizon=timedelta(days=row.horizon_days),
        ),
        grace=timedelta(minutes=row.grace),
        units=seen.capacity,
        withdrawn=seen.withdrawn,
        quota=_quota(row),
        keep=timedelta(minutes=row.keep_minutes),
        training=Training(row.training_offer_id) if row.needs_training else None,
    )


def _opening(row: Bookable) -> Opening:
    """Hours that can't be read any more (written before they were checked as now) are none: one resource is closed until its
    owner mends them, and the pages that show others beside it still open."""
    try:
        return opening_of(row.opening, zone=row.zone)
    except OpeningInvalid as error:
        log.error("opening hours of %s can't be read: %s", row.resource_id, error.field)
        return Opening(zone=Bookable._meta.get_field("zone").default, rules=())


def _quota(row: Bookable) -> Quota | None:
    if not row.quota_period:
        return None
    return Quota(QuotaPeriod(row.quota_period), row.firm_minutes, row.person_minutes)
