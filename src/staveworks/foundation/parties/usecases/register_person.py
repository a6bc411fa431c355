"""A person registers herself; whoever holds the phone or mailbox proves it by a code afterwards."""

from django.db import IntegrityError, transaction

from staveworks.foundation.parties.domain import Contact
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import NameMissing


def register_person(*, name: str, contact: Contact) -> Person:
    """The person who has ``contact``, made if nobody has it; she can't sign in before a code reached her there.

    Returns the row itself, since signing in needs it. Raises ``NameMissing``.
    """
    if not name.strip():
        raise NameMissing(field="name")
    known = _who_has(contact)
    if known:
        return known
    try:
        with transaction.atomic():
            return make_person(name.strip()[:80], contact)
    except IntegrityError:  # the same contact, registered at this very moment
        return _who_has(contact) or make_person(name.strip()[:80], contact)


def _who_has(contact: Contact) -> Person | None:
    return Person.objects.filter(**{contact.channel: contact.address}, service=False).first()


def make_person(name: str, contact: Contact) -> Person:
    """A new person with ``contact``; the caller knows that nobody has it."""
    person = Person(name=name, phone=contact.phone, email=contact.email)
    person.set_unusable_password()
    person.save(force_insert=True)
    return person
