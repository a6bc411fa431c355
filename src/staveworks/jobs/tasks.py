"""The one task of the queue: a reaction to an event."""

import time
from importlib import import_module
from uuid import UUID

from django.db import close_old_connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from staveworks.jobs.reactions import REACTIONS, Reaction
from staveworks.jobs.work import actor_of_job
from staveworks.kit.metrics import JOB_SECONDS, JOBS
from staveworks.kit.reference import new_reference, referring


def reaction_at(path: str) -> Reaction:
    """The use case at a dotted path of the table."""
    module, _, name = path.rpartition(".")
    reaction: Reaction = getattr(import_module(module), name)
    return reaction


@app.task(name="react", retry=RetryStrategy(max_attempts=5, exponential_wait=2))
def react(*, event_type: str, org_id: str, subject_id: str, reaction: str = "") -> None:
    """Run one reaction as the service actor of the event's organisation.

    Jobs that were deferred before there could be several name none: then it is the only one of that time, the first.
    """
    close_old_connections()
    outcome, started = "failed", time.perf_counter()
    try:
        path = reaction or REACTIONS[event_type][0]
        with referring(new_reference()):
            reaction_at(path)(actor_of_job(org_id), subject=UUID(subject_id))
        outcome = "done"
    finally:
        JOBS.labels(event_type, outcome).inc()
        JOB_SECONDS.labels(event_type).observe(time.perf_counter() - started)
        close_old_connections()
