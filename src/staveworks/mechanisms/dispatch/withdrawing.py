"""Until when a published plan may be withdrawn: before its first work begins, and while nothing has replaced it."""

from uuid import UUID

from staveworks.db.clock import database_today
from staveworks.db.transaction import query
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import Refused
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.documents import unpack_result
from staveworks.mechanisms.dispatch.domain.taken import WEEK
from staveworks.mechanisms.dispatch.models import Answer, Run
from staveworks.mechanisms.dispatch.run_queries import week_label
from staveworks.mechanisms.dispatch.taken import stands
from staveworks.mechanisms.dispatch.types.runs import (
    NotPublished,
    PlanReplaced,
    PlanWithdrawn,
    RunNotFound,
    WorkHasBegun,
)


@query
def why_not_withdrawn(actor: Actor, run: UUID) -> Text | None:
    """What would refuse a withdrawal today. Raises ``RightMissing``, ``RunNotFound``."""
    actor.require("dispatch.read")
    row = Run.objects.filter(id=run).first()
    if row is None:
        raise RunNotFound
    refused = refusal(actor, row)
    return refused.text if refused else None


def refusal(actor: Actor, row: Run) -> Refused | None:
    """None where it may be withdrawn."""
    if row.published_at is None:
        return NotPublished()
    if row.withdrawn_at:
        return PlanWithdrawn()
    if not stands(actor, row.id):
        return PlanReplaced()
    begins = _first_week(row)
    if begins is not None and database_today() >= row.first_date + begins * WEEK:
        return WorkHasBegun(week_label(row.first_date, begins))
    return None


def _first_week(row: Run) -> int | None:
    """The bucket in which the plan's first work begins."""
    buckets = unpack_result(Answer.objects.get(run_id=row.id).arrays).allocations.bucket
    return int(buckets.min()) if len(buckets) else None
