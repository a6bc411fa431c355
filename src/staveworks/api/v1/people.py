"""People of the organisation one acts for: members, invitations."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import PERSON, Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.sending import send_link
from staveworks.api.shapes import In, Nothing, Out
from staveworks.foundation.parties.domain import contact_of
from staveworks.foundation.parties.queries import card, list_invitations, list_members
from staveworks.foundation.parties.types import Role
from staveworks.foundation.parties.usecases.accept_invitation import accept_invitation
from staveworks.foundation.parties.usecases.change_member import change_role, remove_member
from staveworks.foundation.parties.usecases.invite_person import invite_person, withdraw_invitation
from staveworks.kit.text import Text

router = Resource("people")
invitations_router = Resource("people")
INVITATION = Text(
    zh="【Staveworks】邀请您加入{organisation}：", en="[Staveworks] You are invited to join {organisation}:"
)
READ, MANAGE = right("people.read"), right("people.manage")


class MemberOut(Out):
    """One role of one person."""

    id: UUID
    person_id: UUID
    name: str
    contact: str
    role: Role
    since: datetime


class RoleIn(In):
    role: Role


class InvitationOut(Out):
    id: UUID
    role: Role
    contact: str
    expires_at: datetime


class Invite(In):
    """``contact``: a phone number or an e-mail address."""

    role: Role
    contact: Annotated[str, Field(min_length=3, max_length=254)]


class Invited(Out):
    """The link itself is sent to the one invited and told to nobody else."""

    id: UUID
    expires_at: datetime


class AcceptInvitation(In):
    token: Annotated[str, Field(min_length=1, max_length=200)]


class Joined(Out):
    organisation: UUID


@router.read("", says=Text(zh="列出成员", en="List members"), door=READ, answer=Page[MemberOut])
def list_people(request: Call, paging: Query[Paging]) -> Page[MemberOut]:
    """Somebody with two roles stands here twice."""
    return page_of_all(
        list_members(request.auth),
        paging=paging,
        listing="people",
        key=lambda member: (member.since.isoformat(), str(member.id)),
        show=MemberOut.model_validate,
    )


@router.effect(
    "PATCH", "/{uuid:member}", says=Text(zh="改角色", en="Change a role"), door=MANAGE, answer=Nothing
)
def change_member_role(request: Call, member: UUID, body: RoleIn) -> Nothing:
    """Another role for a member."""
    change_role(request.auth, membership_id=member, role=body.role)
    return Nothing()


@router.effect(
    "DELETE",
    "/{uuid:member}",
    says=Text(zh="移除成员", en="Remove a member"),
    door=MANAGE,
    answer=Nothing,
    takes=None,
)
def remove_one_member(request: Call, member: UUID) -> Nothing:
    """The last owner stays."""
    remove_member(request.auth, membership_id=member)
    return Nothing()


@invitations_router.read(
    "", says=Text(zh="列出邀请", en="List invitations"), door=READ, answer=Page[InvitationOut]
)
def list_open_invitations(request: Call, paging: Query[Paging]) -> Page[InvitationOut]:
    """Those that can still be accepted, the newest first."""
    return page_of_all(
        list_invitations(request.auth),
        paging=paging,
        listing="invitations",
        key=lambda invitation: (invitation.expires_at.isoformat(), str(invitation.id)),
        show=InvitationOut.model_validate,
        newest_first=True,
    )


@invitations_router.effect(
    "POST", "", says=Text(zh="邀请成员", en="Invite a person"), door=MANAGE, answer=Invited, status=201
)
def invite_one_person(request: Call, body: Invite) -> Invited:
    """Sends her the link, by SMS or e-mail."""
    contact = contact_of(body.contact)
    issued = invite_person(request.auth, role=body.role, contact=contact)
    words = INVITATION.format(organisation=card(request.auth).name)
    send_link(request, contact.address, words, page="invitation", token=issued.token)
    return Invited.model_validate(issued)


@invitations_router.effect(
    "DELETE",
    "/{uuid:invitation}",
    says=Text(zh="撤回邀请", en="Withdraw an invitation"),
    door=MANAGE,
    answer=Nothing,
    takes=None,
)
def withdraw_one_invitation(request: Call, invitation: UUID) -> Nothing:
    """The link stops working."""
    withdraw_invitation(request.auth, invitation_id=invitation)
    return Nothing()


@invitations_router.effect(
    "POST", "/accept", says=Text(zh="接受邀请", en="Accept an invitation"), door=PERSON, answer=Joined
)
def accept_one_invitation(request: Call, body: AcceptInvitation) -> Joined:
    """Takes the role that the link promises."""
    return Joined(organisation=accept_invitation(request.auth, token=body.token))
