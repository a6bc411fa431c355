"""The one-time link by which the first person of a fresh installation becomes its operator's owner."""

from django.db import transaction
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.domain import Contact, digest_of, new_token
from staveworks.foundation.parties.models import Membership, OperatorLink, Organisation, Person
from staveworks.foundation.parties.naming import sort_key
from staveworks.foundation.parties.queries import operator_service
from staveworks.foundation.parties.types import Actor, ContactTaken, NameMissing, OperatorLinkUsed, Role


def make_operator_link() -> str | None:
    """The link's token, fresh each time, or None once a person of flesh and blood owns the operator (the demo's don't count)."""
    service = operator_service()
    with acting(org=service.org_id, person=service.person_id):
        if has_operator(service):
            return None
        token = new_token()
        OperatorLink.objects.update_or_create(
            id=1, defaults={"token_digest": digest_of(token), "created_at": timezone.now(), "used_at": None}
        )
    return token


def has_operator(service: Actor) -> bool:
    """Whether the operator has an owner who is neither the service account nor of the demo (inside ``acting`` for it)."""
    owners = Membership.objects.filter(org_id=service.org, role=Role.OWNER)
    return owners.filter(person__service=False, person__demo=False).exists()


def operator_link_is_live(token: str) -> bool:
    """Whether ``token`` is the one link that still works."""
    return OperatorLink.objects.filter(id=1, token_digest=digest_of(token), used_at=None).exists()


def use_operator_link(
    *, token: str, name: str, contact: Contact, password: str, organisation: str = ""
) -> Person:
    """The first person, now owner of the operator; ``organisation`` names it. The link dies.

    Raises ``OperatorLinkUsed``, ``NameMissing``, ``ContactTaken``. Returns the row itself, since signing in needs it.
    """
    if not name.strip():
        raise NameMissing(field="name")
    service = operator_service()
    with acting(org=service.org_id, person=service.person_id):
        live = OperatorLink.objects.filter(id=1, token_digest=digest_of(token), used_at=None)
        if has_operator(service) or not live.update(used_at=timezone.now()):
            raise OperatorLinkUsed
        person = _person(name, contact, password)
        Membership.objects.create(org_id=service.org, person=person, role=Role.OWNER)
        if organisation.strip():
            _rename(service, organisation)
        append_event(Actor(person.id, service.org), "operator.taken", subject=person.id)
    return person


def _person(name: str, contact: Contact, password: str) -> Person:
    if Person.objects.filter(**{contact.channel: contact.address}).exists():
        raise ContactTaken(field="contact")
    person = Person(name=name.strip()[:80], phone=contact.phone, email=contact.email)
    person.set_password(password)
    with transaction.atomic():
        person.save(force_insert=True)
    return person


def _rename(service: Actor, name: str) -> None:
    wording = " ".join(name.split())[:200]
    Organisation.objects.filter(id=service.org).update(name=wording, sort_key=sort_key(wording))
