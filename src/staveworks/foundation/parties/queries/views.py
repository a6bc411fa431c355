"""Saved views of tables."""

from dataclasses import dataclass
from uuid import UUID

from staveworks.db.transaction import query
from staveworks.foundation.parties.models import SavedView
from staveworks.foundation.parties.types import Actor


@dataclass(frozen=True, slots=True)
class View:
    """A table's filters under a name."""

    id: UUID
    name: str
    query: str


@query
def list_views(actor: Actor, *, page: str) -> list[View]:
    """The person's own saved views of a table, by name."""
    assert actor.person_id, "views belong to a person"
    found = SavedView.objects.filter(person_id=actor.person_id, page=page).order_by("name")
    return [View(view.id, view.name, view.query) for view in found]
