"""Who belongs to an organisation, and who is invited."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from staveworks.db.transaction import acting, query
from staveworks.foundation.parties.domain import digest_of
from staveworks.foundation.parties.models import Invitation, Membership, Organisation, Person
from staveworks.foundation.parties.types import Actor, InvitationNotFound, Role, title_of
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class Member:
    """One role of one person; somebody with two roles stands here twice."""

    id: UUID
    person_id: UUID
    name: str
    contact: str
    role: Role
    since: datetime


@dataclass(frozen=True, slots=True)
class InvitationRecord:
    """A promise that still stands; ``title`` is the organisation's name in both languages."""

    id: UUID
    org_id: UUID
    organisation: str
    role: Role
    contact: str
    expires_at: datetime
    title: Text


@query
def list_members(actor: Actor) -> list[Member]:
    """People of the actor's organisation, owners first; the service account is not one. Raises ``RightMissing``."""
    actor.require("people.read")
    found = Membership.objects.filter(org_id=actor.org, person__service=False).select_related("person")
    order = list(Role)
    members = [
        Member(
            m.id, m.person_id, m.person.name, m.person.phone or m.person.email or "", Role(m.role), m.since
        )
        for m in found
    ]
    return sorted(members, key=lambda member: (order.index(member.role), member.since))


@query
def list_invitations(actor: Actor) -> list[InvitationRecord]:
    """Invitations of the actor's organisation that can still be accepted, newest first. Raises ``RightMissing``."""
    actor.require("people.read")
    found = Invitation.objects.filter(_live(), org_id=actor.org).select_related("org").order_by("-created_at")
    return [_record(invitation) for invitation in found]


def access_invitation(token: str) -> InvitationRecord:
    """What the holder of a link is promised. Raises ``InvitationNotFound``."""
    digest = digest_of(token)
    with acting(token=digest):
        found = Invitation.objects.filter(_live(), token_digest=digest).select_related("org").first()
    if found is None:
        raise InvitationNotFound
    return _record(found)


def access_own_invitation(person_id: UUID, *, org_id: UUID, invitation_id: UUID) -> InvitationRecord:
    """What was promised to an address with which she signs in. Raises ``InvitationNotFound``."""
    with acting(org=org_id, person=person_id):
        person = Person.objects.get(id=person_id)
        addresses = [address for address in (person.phone, person.email) if address]
        mine = Invitation.objects.filter(_live(), id=invitation_id, contact__in=addresses)
        found = mine.select_related("org").first()
    if found is None:
        raise InvitationNotFound
    return _record(found)


def _live() -> Q:
    return Q(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())


def _record(invitation: Invitation) -> InvitationRecord:
    return InvitationRecord(
        invitation.id,
        invitation.org_id,
        invitation.org.name,
        Role(invitation.role),
        invitation.contact,
        invitation.expires_at,
        title_of(invitation.org.name, invitation.org.name_en),
    )


def names_of(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of people and organisations, for lists that hold only ids (the audit trail)."""
    wanted = {id_ for id_ in ids if id_}
    people = Person.objects.filter(id__in=wanted).values_list("id", "name")
    organisations = Organisation.objects.filter(id__in=wanted).values_list("id", "name")
    return dict(people) | dict(organisations)


TITLES = """
SELECT id, name, '' FROM parties_person WHERE id = ANY (%(ids)s)
UNION ALL SELECT id, name, name_en FROM parties_organisation WHERE id = ANY (%(ids)s)
"""


def titles_of(ids: Iterable[UUID | None]) -> dict[UUID, Text]:
    """``names_of`` as each language shows them; people have one name."""
    wanted = {id_ for id_ in ids if id_}
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(TITLES, {"ids": list(wanted)})
        return {id_: title_of(name, name_en) for id_, name, name_en in cursor.fetchall()}
