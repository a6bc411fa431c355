"""Which to-dos need a step now, by the database's clock: a read of all organisations, under the cross role."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from staveworks.foundation.notices.deadlines import REMIND, WARN_LEADERS
from staveworks.foundation.notices.kinds import KINDS
from staveworks.foundation.notices.models import Escalation, Todo
from staveworks.foundation.notices.todo_types import Step, TodoState


@dataclass(frozen=True, slots=True)
class DueStep:
    """A step that nobody has taken yet."""

    org_id: UUID
    todo_id: UUID
    step: Step


def time_has_come(step: Step) -> Q:
    """The moment for ``step``: a day before, hours before, once the deadline has passed; not the first when it is time for the next."""
    if step is Step.REMINDER:
        return Q(due_at__lte=Now() + REMIND, due_at__gt=Now() + WARN_LEADERS)
    if step is Step.LEADERS:
        return Q(due_at__lte=Now() + WARN_LEADERS)
    return Q(due_at__lte=Now(), kind__in=[kind.code for kind in KINDS.values() if kind.raises])


def due_steps(*, limit: int = 500) -> list[DueStep]:
    """Steps of open to-dos whose time has come, the most urgent first."""
    return [
        DueStep(org_id, todo_id, step)
        for step in Step
        for org_id, todo_id in _due(step).order_by("due_at", "id").values_list("org_id", "id")[:limit]
    ]


def _due(step: Step) -> QuerySet[Todo]:
    taken = Escalation.objects.filter(todo=OuterRef("id"), step=step)
    return Todo.objects.using("cross").filter(~Exists(taken), time_has_come(step), state=TodoState.OPEN)
