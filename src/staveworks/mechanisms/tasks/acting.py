"""The laboratory's side of a test order, for the use cases of this room."""

from typing import Any
from uuid import UUID

from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.tasks.models import Task
from staveworks.mechanisms.tasks.types.tasks import TaskNotFound


def own_task(actor: Actor, line_id: UUID) -> Task:
    """Of the actor's laboratory. Raises ``RightMissing``, ``TaskNotFound``."""
    actor.require("line.serve")
    found = Task.objects.filter(line_id=line_id, provider_org_id=actor.org).select_related("line").first()
    if found is None:
        raise TaskNotFound
    return found


def parties_of(task: Task) -> dict[str, UUID]:
    return {"buyer_org_id": task.buyer_org_id, "provider_org_id": task.provider_org_id}


def note(actor: Actor, event: str, task: Task, **data: Any) -> None:
    append_event(
        actor, event, subject=task.line_id, buyer=task.buyer_org_id, provider=task.provider_org_id, **data
    )
