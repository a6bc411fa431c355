"""Change a member's role, end a membership, leave. The database refuses to part with the last owner."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from staveworks.db.transaction import sqlstate, use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.models import Membership
from staveworks.foundation.parties.rights import roles_for
from staveworks.foundation.parties.types import (
    Actor,
    LastOwner,
    MemberNotFound,
    NoOrganisation,
    Role,
    RoleUnknown,
)

CHECK_VIOLATION = "23514"


@use_case
def change_role(actor: Actor, *, membership_id: UUID, role: Role) -> None:
    """Raises ``RightMissing``, ``MemberNotFound``, ``RoleUnknown``, ``LastOwner``."""
    actor.require("people.manage")
    if role not in roles_for(actor.kinds):
        raise RoleUnknown(field="role")
    member = _member(actor, membership_id)
    with last_owner_stays():
        if _has(actor, member.person_id, role):
            member.delete()
        else:
            Membership.objects.filter(id=member.id).update(role=role)
    append_event(actor, "member.role_changed", subject=member.person_id, role=role)


@use_case
def remove_member(actor: Actor, *, membership_id: UUID) -> None:
    """Raises ``RightMissing``, ``MemberNotFound``, ``LastOwner``."""
    actor.require("people.manage")
    member = _member(actor, membership_id)
    with last_owner_stays():
        Membership.objects.filter(id=member.id).delete()
    append_event(actor, "member.removed", subject=member.person_id)


@use_case
def leave_organisation(actor: Actor) -> None:
    """End all of one's own roles in the active organisation. Raises ``NoOrganisation``, ``MemberNotFound``, ``LastOwner``."""
    if actor.person_id is None:
        raise NoOrganisation
    append_event(actor, "member.left", subject=actor.person_id, org=actor.org)
    with last_owner_stays():
        ended, _ = Membership.objects.filter(org_id=actor.org, person_id=actor.person_id).delete()
    if not ended:
        raise MemberNotFound


@contextmanager
def last_owner_stays() -> Iterator[None]:
    """Ask the database now rather than at the end, so that its refusal has words (trigger ``parties_last_owner``)."""
    try:
        with transaction.atomic():
            yield
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS parties_last_owner IMMEDIATE")
                cursor.execute("SET CONSTRAINTS parties_last_owner DEFERRED")
    except IntegrityError as error:
        if sqlstate(error) == CHECK_VIOLATION:
            raise LastOwner from None
        raise


def _member(actor: Actor, membership_id: UUID) -> Membership:
    found = Membership.objects.filter(id=membership_id, org_id=actor.org, person__service=False).first()
    if found is None:
        raise MemberNotFound
    return found


def _has(actor: Actor, person_id: UUID, role: Role) -> bool:
    return Membership.objects.filter(org_id=actor.org, person_id=person_id, role=role).exists()
