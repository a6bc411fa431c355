"""Take the role that a link promises, or that was promised to an address with which one signs in."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.domain import digest_of
from staveworks.foundation.parties.models import Invitation, Membership, Person
from staveworks.foundation.parties.types import Actor, InvitationNotFound


def accept_invitation(actor: Actor, *, token: str) -> UUID:
    """The organisation she now belongs to. A link works once. Raises ``InvitationNotFound``."""
    digest = digest_of(token)
    with transaction.atomic():
        with acting(person=actor.person_id, token=digest):
            invitation = Invitation.objects.filter(token_digest=digest).first()
        if invitation is None:
            raise InvitationNotFound
        with acting(org=invitation.org_id, person=actor.person_id):
            _accept(actor, invitation)
    return invitation.org_id


def accept_own_invitation(actor: Actor, *, org_id: UUID, invitation_id: UUID) -> UUID:
    """The same without the link, for whoever signs in with the address it went to. Raises ``InvitationNotFound``.

    An address proves itself by signing in: nobody signs in with one at which no code has reached her.
    """
    with acting(org=org_id, person=actor.person_id):
        person = Person.objects.get(id=actor.person)
        addresses = [address for address in (person.phone, person.email) if address]
        invitation = Invitation.objects.filter(id=invitation_id, contact__in=addresses).first()
        if invitation is None:
            raise InvitationNotFound
        _accept(actor, invitation)
    return org_id


def _accept(actor: Actor, invitation: Invitation) -> None:
    now = timezone.now()
    live = Invitation.objects.filter(
        id=invitation.id, accepted_at=None, withdrawn_at=None, expires_at__gt=now
    )
    if not live.update(accepted_at=now, accepted_by_id=actor.person_id):
        raise InvitationNotFound
    Membership.objects.get_or_create(org_id=invitation.org_id, person_id=actor.person, role=invitation.role)
    append_event(
        Actor(actor.person_id, invitation.org_id, link_id=actor.link_id),
        "invitation.accepted",
        subject=invitation.id,
        role=invitation.role,
    )
