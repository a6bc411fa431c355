"""Who asks, for views behind a door: a person, and for whom she acts."""

from django.http import HttpRequest

from staveworks.foundation.notices.todo_queries import list_yours
from staveworks.foundation.notices.todo_types import TodoCard
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.queries import card
from staveworks.foundation.parties.types import Actor, Choice, NoOrganisation, OrganisationCard


def actor_of(request: HttpRequest) -> Actor:
    """Raises ``NoOrganisation`` where nobody is signed in."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise NoOrganisation
    return actor


def person_of(request: HttpRequest) -> Person:
    """Raises ``NoOrganisation`` where nobody is signed in."""
    person: Person | None = getattr(request, "person", None)
    if person is None:
        raise NoOrganisation
    return person


def organisation_of(request: HttpRequest) -> OrganisationCard:
    """For whom the actor acts: mostly among those she may choose from; an unclaimed firm that she acts for is not. Raises
    ``NoOrganisation``."""
    actor, choices = actor_of(request), getattr(request, "choices", [])
    known: list[Choice] = [choice for choice in choices if choice.card.id == actor.org_id]
    return known[0].card if known else card(actor)


def waiting_for(request: HttpRequest) -> list[TodoCard]:
    """What waits for the actor, what lapses first comes first; a home page's heading, button and section ask once."""
    found: list[TodoCard] | None = getattr(request, "waiting", None)
    if found is None:
        found = request.waiting = list_yours(actor_of(request))  # type: ignore[attr-defined]
    return found
