"""How much of a resource a firm and its people have booked, by the same count as the guard in the database."""

from datetime import date
from uuid import UUID

from django.db import connection

from staveworks.foundation.parties.types import Actor
from staveworks.kit.spans import Span
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.domain.quota import QuotaExceeded, Used, over_quota, period_from
from staveworks.mechanisms.booking.types import Resource


def check_quota(
    actor: Actor, resource: Resource, wanted: Span, units: int, *, instead_of: UUID | None = None
) -> None:
    """Before anything is held. What drafts hold doesn't count yet: it may be this very booking; nor does the line ``instead_of``
    which it is. Raises ``QuotaExceeded``."""
    said = said_over(actor, resource, wanted, units, {}, instead_of=instead_of)
    if said is not None:
        raise QuotaExceeded(said, field="starts_at" if resource.rules.one_length else "minutes")


def said_over(
    actor: Actor,
    resource: Resource,
    wanted: Span,
    units: int,
    beside: dict[date, int],
    *,
    instead_of: UUID | None = None,
) -> Text | None:
    """What to say where the quota doesn't allow it. ``beside``: minutes by period that are wanted together with it; if it is
    allowed it is counted there."""
    quota = resource.quota
    if quota is None:
        return None
    since = period_from(quota, wanted.starts_at, resource.opening.zone)
    minutes, more = int(wanted.length.total_seconds()) // 60 * units, beside.get(since, 0)
    used = used_in(actor, resource.id, since, but=instead_of)
    said = over_quota(quota, Used(used.by_firm + more, used.by_person + more), minutes, since)
    if said is None:
        beside[since] = more + minutes
    return said


def used_in(actor: Actor, resource_id: UUID, since: date, *, but: UUID | None = None) -> Used:
    """What is placed, in use or used, ``but`` for one line; in the actor's transaction, which shows her own firm's lines."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT by_firm, by_person FROM booking_used(%s, %s, %s, %s, false, %s)",
            [resource_id, actor.org_id, actor.person_id, since, but],
        )
        firm, person = cursor.fetchone()
    return Used(firm, person)
