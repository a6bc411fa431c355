"""Withdraw a published plan: its hours are free again and its firms are told why. The plan stays in the history."""

from uuid import UUID

from django.db.models.functions import Now

from staveworks.db.clock import database_today
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.dispatch.documents import unpack_result
from staveworks.mechanisms.dispatch.domain.taken import WEEK
from staveworks.mechanisms.dispatch.models import Answer, Run
from staveworks.mechanisms.dispatch.run_queries import week_label
from staveworks.mechanisms.dispatch.taken import keep_hours, stands
from staveworks.mechanisms.dispatch.types.runs import (
    NotPublished,
    PlanReplaced,
    PlanWithdrawn,
    RunNotFound,
    ShareEnd,
    WhyMissing,
    WorkHasBegun,
)
from staveworks.mechanisms.dispatch.usecases.publish_run import end_shares

LONGEST = 400


@use_case
def withdraw_run(actor: Actor, /, *, run: UUID, reason: str) -> int:
    """How many firms are told. Only before the first week with work begins; what the plan had replaced doesn't come back.

    Raises ``RightMissing``, ``RunNotFound``, ``WhyMissing``, ``NotPublished``, ``PlanWithdrawn``, ``PlanReplaced``, ``WorkHasBegun``.
    """
    actor.require("dispatch.run")
    keep_hours(actor, publishing=True)
    row = Run.objects.select_for_update().filter(id=run).first()
    if row is None:
        raise RunNotFound
    why = " ".join(reason.replace("\0", "").split())[:LONGEST]
    if not why:
        raise WhyMissing(field="reason")
    if row.published_at is None:
        raise NotPublished
    if row.withdrawn_at:
        raise PlanWithdrawn
    if not stands(actor, run):
        raise PlanReplaced
    _refuse_begun(row)
    Run.objects.filter(id=run).update(withdrawn_at=Now(), withdrawn_why=why)
    told = end_shares(actor, [run], end=ShareEnd.WITHDRAWN, why=why)
    append_event(actor, "dispatch.withdrawn", subject=run, firms=told)
    return told


def _refuse_begun(row: Run) -> None:
    buckets = unpack_result(Answer.objects.get(run_id=row.id).arrays).allocations.bucket
    if not len(buckets):
        return
    first = int(buckets.min())
    if database_today() >= row.first_date + first * WEEK:
        raise WorkHasBegun(week_label(row.first_date, first))
