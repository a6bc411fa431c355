"""One step for a to-do whose deadline comes near or has passed, exactly once."""

from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.notices.escalating import time_has_come
from staveworks.foundation.notices.kinds import KINDS
from staveworks.foundation.notices.models import Escalation, Todo
from staveworks.foundation.notices.todo_types import Step, TodoState
from staveworks.foundation.notices.usecases.announce_todo import announce, leaders_of, people_of
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id


@use_case
def escalate_todo(actor: Actor, *, todo_id: UUID, step: Step) -> bool:
    """Whether it was taken now: not if the to-do is closed, its time hasn't come, or somebody was faster.

    *reminder*: those whose turn it is are told; *leaders*: they, the owners and the managers; *operator*: the operator gets
    a to-do of its own, by the reaction to the event.
    """
    # The row's lock makes a close wait for us, or us for it: nobody is warned about what is done.
    still = Todo.objects.select_for_update().filter(time_has_come(step), state=TodoState.OPEN)
    todo = still.filter(id=todo_id, org_id=actor.org).first()
    if todo is None:
        return False
    told = _whom(actor, todo, step)
    made = Escalation(id=new_id(), org_id=todo.org_id, todo=todo, step=step, told=len(told))
    Escalation.objects.bulk_create([made], ignore_conflicts=True)
    if not Escalation.objects.filter(id=made.id).exists():
        return False
    announce(actor, todo, template=f"todo.{step}", to=told)
    append_event(actor, "todo.escalated", subject=todo.id, step=step, kind=todo.kind)
    return True


def _whom(actor: Actor, todo: Todo, step: Step) -> set[UUID]:
    if step is Step.OPERATOR:
        return set()
    people = set(people_of(actor, todo, KINDS[todo.kind]))
    return people | set(leaders_of(actor)) if step is Step.LEADERS and todo.person_id is None else people
