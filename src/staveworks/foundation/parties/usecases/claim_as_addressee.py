"""One tap from the message: whoever holds a link that went to her own phone or mailbox takes the firm over with it.

The link reached an address that nobody signs in with yet, so that it proves that address as a code would. Where somebody does
sign in with it, she signs in: a link that lies about must not open an account.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.parties.domain import Contact, contact_of, digest_of, mask
from staveworks.foundation.parties.models import ClaimLink, Person, Profile
from staveworks.foundation.parties.types import Actor, ClaimLinkInvalid, ContactTaken, NameMissing
from staveworks.foundation.parties.usecases.issue_claim_link import claim_by_link
from staveworks.foundation.parties.usecases.register_person import make_person
from staveworks.kit.errors import Invalid


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom a claim link went: the address, masked for show, and the name held beside it."""

    contact: Contact
    masked: str
    name: str


def find_addressee(token: str) -> Addressee | None:
    """None where the link was handed over in person, or somebody signs in with its address already."""
    digest = digest_of(token)
    with acting(token=digest):
        link = ClaimLink.objects.filter(
            token_digest=digest, used_at=None, expires_at__gt=timezone.now()
        ).first()
    if link is None or not link.contact:
        return None
    try:
        contact = contact_of(link.contact)
    except Invalid:
        return None
    if Person.objects.filter(**{contact.channel: contact.address}).exists():
        return None
    with acting(org=link.steward_id):
        name = Profile.objects.filter(org_id=link.org_id).values_list("contact", flat=True).first() or ""
    return Addressee(contact, mask(contact.address), name)


def claim_as_addressee(*, token: str, name: str) -> tuple[Person, UUID]:
    """The person, made now, and the firm that is hers; the link dies.

    Raises ``ClaimLinkInvalid``, ``ContactTaken``, ``NameMissing``, ``ClaimedAlready``. Returns the row, since signing in needs it.
    """
    if not name.strip():
        raise NameMissing(field="name")
    with transaction.atomic():
        addressee = find_addressee(token)
        if addressee is None:
            raise ClaimLinkInvalid
        person = _register(name, addressee.contact)
        return person, claim_by_link(Actor(person.id, None), token=token)


def _register(name: str, contact: Contact) -> Person:
    """A person of her own: never one who has the address already, nor one who registers with it at this very moment."""
    try:
        with transaction.atomic():
            person = make_person(name.strip()[:80], contact)
    except IntegrityError:
        raise ContactTaken from None
    if contact.phone:
        Person.objects.filter(id=person.id).update(phone_verified=True)
    return person
