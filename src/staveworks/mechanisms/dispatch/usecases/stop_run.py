"""Stop a run: the best plan so far is kept."""

from uuid import UUID

from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.dispatch.models import Run
from staveworks.mechanisms.dispatch.types.runs import OPEN, RunIsOver, RunNotFound, RunState


@use_case
def stop_run(actor: Actor, /, *, run: UUID) -> None:
    """A queued one is over at once; a running one within seconds. Raises ``RightMissing``, ``RunNotFound``, ``RunIsOver``."""
    actor.require("dispatch.run")
    row = Run.objects.select_for_update().filter(id=run).first()
    if row is None:
        raise RunNotFound
    if row.state not in OPEN:
        raise RunIsOver
    if row.state == RunState.QUEUED:
        Run.objects.filter(id=run).update(state=RunState.CANCELLED, stop_asked_at=Now(), finished_at=Now())
        append_event(actor, "dispatch.cancelled", subject=run)
    elif row.stop_asked_at is None:
        Run.objects.filter(id=run).update(stop_asked_at=Now())
        append_event(actor, "dispatch.stop_asked", subject=run)
