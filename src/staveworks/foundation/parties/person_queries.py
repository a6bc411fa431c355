"""Reads of people."""

from uuid import UUID

from staveworks.foundation.parties.models import Person


def person_name(person_id: UUID) -> str:
    """The name a person goes by; empty for one that is gone."""
    return Person.objects.filter(id=person_id).values_list("name", flat=True).first() or ""
