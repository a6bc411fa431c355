"""What waits for somebody in this room: firms to say that what they declared is still right. ``org`` None: everywhere, under the cross role."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, QuerySet

from staveworks.db.clock import database_now, database_today
from staveworks.foundation.rules.queries import rule_in_force
from staveworks.kit.waiting import Waiting
from staveworks.mechanisms.dispatch.models import Confirmation, Share, WindowStatement
from staveworks.mechanisms.dispatch.rows import confirmed_at
from staveworks.mechanisms.dispatch.types.runs import ShareEnd


def capacity_to_confirm(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At a firm whose oldest standing window was last confirmed as many days ago as the rule says; due when it goes stale."""
    using = "default" if org else "cross"
    now, rule = database_now(using), rule_in_force("dispatch.freshness").value
    rows = WindowStatement.objects.using(using).filter(
        withdrawn_at=None, centre__closed_at=None, last_date__gte=database_today(using)
    )
    confirmed = dict(Confirmation.objects.using(using).values_list("org_id").annotate(last=Max("at")))
    oldest: dict[UUID, list[WindowStatement]] = {}
    for row in rows.filter(org_id=org) if org else rows:
        oldest.setdefault(row.org_id, []).append(row)
    waiting = []
    for firm, its in oldest.items():
        last = min(confirmed_at(row.declared_at, confirmed.get(firm)) for row in its)
        asked_at = last + timedelta(days=rule["ask_days"])
        if asked_at <= now and subject in (None, firm):
            due_at = last + timedelta(days=rule["stale_days"])
            waiting.append(Waiting(firm, firm, asked_at, due_at=due_at, params={"n": len(its)}))
    return waiting


TOLD_DAYS = 14


def work_to_see(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At a firm with work in a plan that was published lately. Who got none has nothing to do and is told so (``tell_no_work``)."""
    using = "default" if org else "cross"
    found = Share.objects.using(using).filter(
        published_at__gt=database_now(using) - timedelta(days=TOLD_DAYS), ended_at=None
    )
    return [_told(row, row.published_at) for row in _of(found, org, subject) if row.work]


def work_withdrawn(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At a firm: work that it was told of lately holds no more, for the plan was withdrawn."""
    using = "default" if org else "cross"
    found = Share.objects.using(using).filter(
        ended_at__gt=database_now(using) - timedelta(days=TOLD_DAYS), ended_by=ShareEnd.WITHDRAWN
    )
    return [_told(row, row.ended_at) for row in _of(found, org, subject) if row.work and row.ended_at]


def _of(shares: QuerySet[Share], org: UUID | None, subject: UUID | None) -> QuerySet[Share]:
    shares = shares.filter(firm_id=org) if org else shares
    return shares.filter(id=subject) if subject else shares


def _told(row: Share, at: datetime) -> Waiting:
    return Waiting(row.firm_id, row.id, at, params={"name": row.name, "n": len(row.work)})
