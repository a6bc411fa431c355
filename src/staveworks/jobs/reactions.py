"""What must happen next: the one table from event type to use case.

A reaction is called ``reaction(actor, subject=…)`` by the worker, as the operator's service account for the event's
organisation. It may run again after a crash: it must resume, and do nothing twice.
"""

from typing import Protocol
from uuid import UUID

from staveworks.foundation.parties.types import Actor


class Reaction(Protocol):
    """A use case that can follow an event."""

    def __call__(self, actor: Actor, /, *, subject: UUID) -> object: ...


REACTIONS: dict[str, str] = {
    "roster.started": "staveworks.foundation.rosters.usecases.run_import.run_import",
}
"""Event type → dotted path of the use case (a path, so that the table can be read without loading every room)."""
