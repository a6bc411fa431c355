"""What waits for somebody in this room, for to-dos to be made of it. ``org`` None: everywhere, under the cross role."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, QuerySet

from staveworks.db.clock import database_now
from staveworks.kit.waiting import Waiting
from staveworks.mechanisms.tasks.domain import WORKABLE, kept_until
from staveworks.mechanisms.tasks.models import Custody, Result, Sample, Task, Test
from staveworks.mechanisms.tasks.types.samples import HERE
from staveworks.trade.orders.types import FELL_AWAY

RECEIVED = Exists(Custody.objects.filter(sample=OuterRef("id")))


def samples_to_send(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At the buyer: the laboratory has taken the order and waits for samples."""
    found = _tasks(org, subject, "buyer_org_id").filter(line__state__in=WORKABLE)
    missing = Sample.objects.using(_using(org)).filter(~RECEIVED, task=OuterRef("line_id"))
    return [
        Waiting(each.buyer_org_id, each.line_id, each.opened_at, params={"firm": str(each.provider_org_id)})
        for each in found.filter(Exists(missing))
    ]


def samples_to_test(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At the laboratory: samples have arrived and have tests without a result."""
    found = _tasks(org, subject, "provider_org_id").filter(line__state__in=WORKABLE)
    using = _using(org)
    untested = Test.objects.using(using).filter(
        ~Exists(Result.objects.filter(test=OuterRef("id"))),
        Exists(Custody.objects.filter(sample=OuterRef("sample_id"))),
        sample__task=OuterRef("line_id"),
    )
    found = found.filter(Exists(untested))
    return [
        Waiting(
            each.provider_org_id,
            each.line_id,
            each.opened_at,
            due_at=each.due_at,
            params={"firm": str(each.buyer_org_id)},
        )
        for each in found
    ]


def samples_to_clear(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At the laboratory: samples that nobody needs any more, once the days of retention are over."""
    found = _tasks(org, subject, "provider_org_id").exclude(line__state__in=WORKABLE)
    using = _using(org)
    last = Custody.objects.using(using).filter(sample=OuterRef("id")).order_by("-number").values("step")[:1]
    here = Sample.objects.using(using).filter(task=OuterRef("line_id")).annotate(last=last)
    found = found.filter(Exists(here.filter(last__in=HERE))).select_related("line")
    waiting, now = [], database_now(using)
    for each in found.annotate(reported=Max("reports__issued_at")):
        until = _until(each)
        if until is not None and until <= now:
            waiting.append(
                Waiting(each.provider_org_id, each.line_id, until, params={"firm": str(each.buyer_org_id)})
            )
    return waiting


def _until(row: Task) -> datetime | None:
    fell_away = row.line.state in FELL_AWAY
    reported: datetime | None = getattr(row, "reported", None)
    return kept_until(reported, row.retention_days, since=row.line.moved_at, fell_away=fell_away)


def _tasks(org: UUID | None, subject: UUID | None, column: str) -> QuerySet[Task]:
    found = Task.objects.using(_using(org))
    found = found.filter(**{column: org}) if org else found
    return found.filter(line_id=subject) if subject else found


def _using(org: UUID | None) -> str:
    return "default" if org else "cross"
