"""The one task of the queue: a reaction to an event."""

from importlib import import_module
from uuid import UUID

from django.db import close_old_connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from staveworks.jobs.reactions import REACTIONS, Reaction
from staveworks.jobs.work import actor_of_job


def reaction_to(event_type: str) -> Reaction:
    """The use case that follows an event type. Raises ``KeyError`` if none does."""
    module, _, name = REACTIONS[event_type].rpartition(".")
    reaction: Reaction = getattr(import_module(module), name)
    return reaction


@app.task(name="react", retry=RetryStrategy(max_attempts=5, exponential_wait=2))
def react(*, event_type: str, org_id: str, subject_id: str) -> None:
    """Run the reaction as the service actor of the event's organisation."""
    close_old_connections()
    try:
        reaction_to(event_type)(actor_of_job(org_id), subject=UUID(subject_id))
    finally:
        close_old_connections()
