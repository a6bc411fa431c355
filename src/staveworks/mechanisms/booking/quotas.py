"""How much of a resource a firm and its people have booked, by the same count as the guard in the database."""

from datetime import date
from uuid import UUID

from django.db import connection

from staveworks.foundation.parties.types import Actor
from staveworks.kit.spans import Span
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.domain.quota import QuotaExceeded, Used, over_quota, period_from
from staveworks.mechanisms.booking.types import Resource


def check_quota(actor: Actor, resource: Resource, wanted: Span, units: int) -> None:
    """Before anything is held. What drafts hold doesn't count yet: it may be this very booking. Raises ``QuotaExceeded``."""
    said = said_over(actor, resource, wanted, units, {})
    if said is not None:
        raise QuotaExceeded(said, field="starts_at" if resource.rules.one_length else "minutes")


def said_over(
    actor: Actor, resource: Resource, wanted: Span, units: int, beside: dict[date, int]
) -> Text | None:
    """What to say where the quota doesn't allow it. ``beside``: minutes by period that are wanted together with it; if it is
    allowed it is counted there."""
    quota = resource.quota
    if quota is None:
        return None
    since = period_from(quota, wanted.starts_at, resource.opening.zone)
    minutes, more = int(wanted.length.total_seconds()) // 60 * units, beside.get(since, 0)
    used = used_in(actor, resource.id, since)
    said = over_quota(quota, Used(used.by_firm + more, used.by_person + more), minutes, since)
    if said is None:
        beside[since] = more + minutes
    return said


def used_in(actor: Actor, resource_id: UUID, since: date) -> Used:
    """What is placed, in use or used; in the actor's transaction, which shows her own firm's lines."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT by_firm, by_person FROM booking_used(%s, %s, %s, %s, false)",
            [resource_id, actor.org_id, actor.person_id, since],
        )
        firm, person = cursor.fetchone()
    return Used(firm, person)
