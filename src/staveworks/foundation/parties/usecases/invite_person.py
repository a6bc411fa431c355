"""Promise a role to whoever is reached at an address, by a link that is sent there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.domain import Contact, digest_of, new_token
from staveworks.foundation.parties.models import Invitation
from staveworks.foundation.parties.rights import roles_for
from staveworks.foundation.parties.types import Actor, InvitationNotFound, Role, RoleUnknown
from staveworks.kit.ids import new_id

VALID = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Issued:
    """A link's secret, told once: only its digest is kept."""

    id: UUID
    token: str
    expires_at: datetime


@use_case
def invite_person(actor: Actor, *, role: Role, contact: Contact) -> Issued:
    """Raises ``RightMissing``, ``RoleUnknown`` (a role that this kind of organisation doesn't have)."""
    actor.require("people.manage")
    if role not in roles_for(actor.kinds):
        raise RoleUnknown(field="role")
    issued = Issued(new_id(), new_token(), timezone.now() + VALID)
    Invitation.objects.create(
        id=issued.id,
        org_id=actor.org,
        role=role,
        contact=contact.address,
        token_digest=digest_of(issued.token),
        invited_by_id=actor.person_id,
        expires_at=issued.expires_at,
    )
    append_event(actor, "invitation.sent", subject=issued.id, role=role)
    return issued


@use_case
def withdraw_invitation(actor: Actor, *, invitation_id: UUID) -> None:
    """The link stops working. Raises ``RightMissing``, ``InvitationNotFound`` (also when it was accepted meanwhile)."""
    actor.require("people.manage")
    found = Invitation.objects.filter(id=invitation_id, org_id=actor.org, accepted_at=None, withdrawn_at=None)
    if not found.update(withdrawn_at=timezone.now()):
        raise InvitationNotFound
    append_event(actor, "invitation.withdrawn", subject=invitation_id)
