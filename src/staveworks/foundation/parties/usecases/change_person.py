"""A person changes her own name, or what she signs in with (proven by a code before this is called)."""

from uuid import UUID

from django.db import IntegrityError, transaction

from staveworks.foundation.parties.domain import Contact
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import ContactTaken, NameMissing


def rename_person(person_id: UUID, *, name: str) -> None:
    """Raises ``NameMissing``."""
    if not name.strip():
        raise NameMissing(field="name")
    Person.objects.filter(id=person_id).update(name=name.strip()[:80])


def change_contact(person_id: UUID, *, contact: Contact) -> None:
    """Raises ``ContactTaken`` if somebody else signs in with it."""
    values: dict[str, str | bool] = {contact.channel: contact.address}
    if contact.channel == "phone":
        values["phone_verified"] = True
    try:
        with transaction.atomic():
            Person.objects.filter(id=person_id).update(**values)
    except IntegrityError:
        raise ContactTaken(field="contact") from None
