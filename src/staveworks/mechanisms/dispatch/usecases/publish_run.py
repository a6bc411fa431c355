"""Publish a plan: every firm in it that is a member learns its own part, and nothing of the others'."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.firm_queries import firms_known_by
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.mechanisms.dispatch.documents import problem_of, unpack, unpack_result
from staveworks.mechanisms.dispatch.domain.plan import Plan
from staveworks.mechanisms.dispatch.domain.sharing import reasons_of, work_of
from staveworks.mechanisms.dispatch.models import Answer, Run, Share
from staveworks.mechanisms.dispatch.taken import keep_hours, refuse_overlap, replaces
from staveworks.mechanisms.dispatch.types.runs import (
    AlreadyPublished,
    NoPlan,
    NotAWhatIf,
    PlanWithdrawn,
    RunKind,
    RunNotFound,
    ShareEnd,
)


@use_case
def publish_run(actor: Actor, /, *, run: UUID) -> int:
    """How many firms are told. Firms that the sheet names and the cluster doesn't know are told nothing. What they were told of plans
    that this one was made upon ends.

    Raises ``RightMissing``, ``RunNotFound``, ``NoPlan``, ``AlreadyPublished``, ``PlanWithdrawn``, ``NotAWhatIf`` for one that isn't
    accepted, ``HoursTaken``.
    """
    actor.require("dispatch.run")
    keep_hours(actor, publishing=True)
    row = Run.objects.select_for_update(of=("self",)).select_related("inputs").filter(id=run).first()
    if row is None:
        raise RunNotFound
    if row.published_at:
        raise PlanWithdrawn if row.withdrawn_at else AlreadyPublished
    if row.kind == RunKind.WHAT_IF and not row.accepted_at:
        raise NotAWhatIf
    found = Answer.objects.filter(run_id=run).first()
    if found is None:
        raise NoPlan
    plan = Plan(problem_of(unpack(row.inputs.tables)), unpack_result(found.arrays))
    refuse_overlap(actor, row, plan)
    shares = _shares(actor, row, plan)
    end_shares(actor, replaces(actor, run), end=ShareEnd.REPLACED)
    Share.objects.bulk_create(shares)
    Run.objects.filter(id=run).update(published_at=Now())
    append_event(actor, "dispatch.published", subject=run, firms=len(shares))
    for share in shares:
        append_event(actor, "dispatch.shared", subject=share.id, org=share.firm_id)
    return len(shares)


def end_shares(actor: Actor, runs: Sequence[UUID], *, end: ShareEnd, why: str = "") -> int:
    """Inside a use case: what firms were told of these plans holds no more; of how many firms."""
    told = list(Share.objects.filter(run_id__in=runs, ended_at=None).values_list("id", "firm_id"))
    Share.objects.filter(id__in=[share for share, _ in told]).update(
        ended_at=Now(), ended_by=end, ended_why=why
    )
    for share, firm in told:
        append_event(actor, "dispatch.share_ended", subject=share, org=firm, by=str(end))
    return len(told)


def _shares(actor: Actor, row: Run, plan: Plan) -> list[Share]:
    known: dict[str, UUID] = firms_known_by(plan.problem.firms)
    names = row.inputs.names
    return [
        Share(
            id=new_id(),
            org_id=actor.org,
            firm_id=known[code],
            run_id=row.id,
            name=row.name,
            first_date=row.first_date,
            work=[_named(each, names) for each in work_of(plan, firm)],
            reasons=[_named(each, names) for each in reasons_of(plan, firm)],
        )
        for firm, code in enumerate(plan.problem.firms)
        if code in known
    ]


def _named(row: dict[str, Any], names: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """With what its work centre is called, where that is said: the firm's own words."""
    called = names.get("centres", {}).get(row["work_centre"])
    return {**row, "work_centre": called or row["work_centre"]}
