"""Who asks, for views behind a door: a person, and for whom she acts."""

from django.http import HttpRequest

from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor, NoOrganisation


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
