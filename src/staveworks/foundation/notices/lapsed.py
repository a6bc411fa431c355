"""Deadlines that passed in organisations whose operator is to hear of it."""

from uuid import UUID

from staveworks.foundation.notices.kinds import KINDS
from staveworks.foundation.notices.models import Escalation, Todo
from staveworks.foundation.notices.todo_types import Step, TodoState
from staveworks.foundation.parties.queries import operator_of
from staveworks.foundation.parties.types import NoOrganisation
from staveworks.kit.waiting import Waiting


def lapsed_todos(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """Open to-dos that have gone as far as the operator: they wait there. Read under the cross role, also for one operator:
    they stand in other organisations, and what is told of them is whose and of which kind, nothing else."""
    raised = Escalation.objects.using("cross").filter(step=Step.OPERATOR, todo__state=TodoState.OPEN)
    raised = raised.filter(todo_id=subject) if subject else raised
    found = [_waiting(each.todo) for each in raised.select_related("todo")]
    return [each for each in found if each and org in (None, each.org_id)]


def _waiting(todo: Todo) -> Waiting | None:
    try:
        operator = operator_of(todo.org_id)
    except NoOrganisation:
        return None
    if operator == todo.org_id:
        return None
    kind = KINDS[todo.kind]
    return Waiting(
        org_id=operator,
        subject=todo.id,
        since=todo.due_at,
        params={"firm": str(todo.org_id), "name_zh": kind.name.zh, "name_en": kind.name.en.lower()},
    )
