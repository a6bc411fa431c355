"""Withdraw a published plan: its hours are free again and its firms are told why. The plan stays in the history."""

from uuid import UUID

from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.dispatch.models import Run
from staveworks.mechanisms.dispatch.taken import keep_hours
from staveworks.mechanisms.dispatch.types.runs import RunNotFound, ShareEnd, WhyMissing
from staveworks.mechanisms.dispatch.usecases.publish_run import end_shares
from staveworks.mechanisms.dispatch.withdrawing import refusal

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
    if refused := refusal(actor, row):
        raise refused
    Run.objects.filter(id=run).update(withdrawn_at=Now(), withdrawn_why=why)
    told = end_shares(actor, [run], end=ShareEnd.WITHDRAWN, why=why)
    append_event(actor, "dispatch.withdrawn", subject=run, firms=told)
    return told
