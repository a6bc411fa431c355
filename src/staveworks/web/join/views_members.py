"""Members, invitations, mandates."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from staveworks.foundation.parties.queries import (
    access_invitation,
    access_own_invitation,
    actor_for,
    card,
    find_agent,
    list_invitations,
    list_mandates,
    list_members,
)
from staveworks.foundation.parties.rights import RIGHTS, roles_for
from staveworks.foundation.parties.types import MemberNotFound, OrganisationNotFound, Role, RoleUnknown
from staveworks.foundation.parties.usecases.accept_invitation import accept_invitation, accept_own_invitation
from staveworks.foundation.parties.usecases.change_member import (
    change_role,
    leave_organisation,
    remove_member,
)
from staveworks.foundation.parties.usecases.give_mandate import give_mandate, withdraw_mandate
from staveworks.foundation.parties.usecases.invite_person import invite_person, withdraw_invitation
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.web.asking import actor_of, person_of
from staveworks.web.doors import door, door_person, door_public
from staveworks.web.join.forms import InvitationForm, MandateForm
from staveworks.web.join.messenger import send
from staveworks.web.language import say
from staveworks.web.middleware import ACTIVE, activate, status_of
from staveworks.web.words import error_words, put_error, tell

INVITATION = Text(
    zh="【Staveworks】{who} 邀请您加入“{organisation}”，角色：{role}。14 天内有效：",
    en="[Staveworks] {who} invites you to “{organisation}” as {role}. Valid for 14 days:",
)


@door("people.read")
def members(request: HttpRequest) -> HttpResponse:
    """Who belongs here and who is invited."""
    actor = actor_of(request)
    return render(
        request,
        "join/members.html",
        {
            "members": list_members(actor),
            "invitations": list_invitations(actor),
            "may": actor.may("people.manage"),
            "may_leave": bool(actor.roles),
            "me": person_of(request).id,
        },
    )


@door("people.manage")
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a person by phone or e-mail."""
    actor = actor_of(request)
    actor.require("people.manage")
    form = InvitationForm(actor, request.POST or None)
    if form.is_valid():
        contact, role = form.cleaned_data["contact"], Role(form.cleaned_data["role"])
        issued = invite_person(actor, role=role, contact=contact)
        link = request.build_absolute_uri(reverse("invitation", args=[issued.token]))
        who, title = person_of(request).name, card(actor).title
        text = Text(
            zh=INVITATION.zh.format(who=who, organisation=title.zh, role=role.text.zh),
            en=INVITATION.en.format(who=who, organisation=title.en, role=role.text.en),
        )
        send(
            contact.address,
            text,
            subject=Text(zh="Staveworks 邀请", en="Invitation to Staveworks"),
            link=link,
        )
        messages.success(
            request, tell("邀请已发到 {to}。", "The invitation went to {to}.", to=contact.address)
        )
        return redirect("members")
    return render(request, "join/invite.html", {"form": form}, status=422 if request.POST else 200)


@door("people.manage")
def change(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """One member: another role, or the end of the membership."""
    actor = actor_of(request)
    actor.require("people.manage")
    problem = ""
    if request.method == "POST":
        try:
            _change(request, membership_id)
        except StaveworksError as error:
            problem = error_words(error)
        else:
            messages.success(request, tell("已改好。", "Changed."))
            return redirect("members" if actor_still_may(request) else "home")
    member = next((member for member in list_members(actor) if member.id == membership_id), None)
    if member is None:
        raise MemberNotFound
    context = {"member": member, "roles": roles_for(actor.kinds), "problem": problem}
    return render(request, "join/member.html", context, status=422 if problem else 200)


def _change(request: HttpRequest, membership_id: UUID) -> None:
    if request.POST.get("do") == "remove":
        remove_member(actor_of(request), membership_id=membership_id)
    else:
        change_role(actor_of(request), membership_id=membership_id, role=_role(request))


def actor_still_may(request: HttpRequest) -> bool:
    """Whether she still sees the members, now that she may have changed her own role."""
    actor = actor_of(request)
    try:
        return actor_for(actor.person, actor.org, via_org_id=actor.via_org_id).may("people.read")
    except OrganisationNotFound:
        return False


def _role(request: HttpRequest) -> Role:
    try:
        return Role(request.POST.get("role", ""))
    except ValueError:
        raise RoleUnknown(field="role") from None


@door_person
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Leave the active organisation."""
    try:
        leave_organisation(actor_of(request))
    except StaveworksError as error:
        messages.error(request, error_words(error))
        return redirect("members")
    request.session.pop(ACTIVE, None)
    messages.success(request, tell("您已离开。", "You have left."))
    return redirect("home")


@door("people.manage")
@require_POST
def withdraw(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """The link stops working."""
    withdraw_invitation(actor_of(request), invitation_id=invitation_id)
    messages.success(request, tell("邀请已撤回。", "The invitation was withdrawn."))
    return redirect("members")


@door_public
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the holder of a link is promised; she signs in or up first."""
    promised = access_invitation(token)
    if request.method == "POST" and request.user.is_authenticated:
        org_id = accept_invitation(actor_of(request), token=token)
        activate(request, org_id)
        messages.success(
            request, tell("您已加入“{name}”。", "You have joined “{name}”.", name=say(promised.title))
        )
        return redirect("home")
    onwards = urlencode({"next": request.path})
    return render(request, "join/invitation.html", {"promised": promised, "onwards": onwards})


@door_person
def own_invitation(request: HttpRequest, org_id: UUID, invitation_id: UUID) -> HttpResponse:
    """The same for whoever signs in with the address it went to: her to-do leads here, without the link's secret."""
    promised = access_own_invitation(person_of(request).id, org_id=org_id, invitation_id=invitation_id)
    if request.method == "POST":
        accept_own_invitation(actor_of(request), org_id=org_id, invitation_id=invitation_id)
        activate(request, org_id)
        messages.success(
            request, tell("您已加入“{name}”。", "You have joined “{name}”.", name=say(promised.title))
        )
        return redirect("home")
    return render(request, "join/invitation.html", {"promised": promised})


@door("people.read")
def mandates(request: HttpRequest) -> HttpResponse:
    """Who acts for this organisation, in what, until when."""
    actor = actor_of(request)
    records = [
        (record, [RIGHTS[code].text for code in record.rights if code in RIGHTS])
        for record in list_mandates(actor)
    ]
    live = sum(record.live for record, _ in records)
    return render(
        request, "join/mandates.html", {"mandates": records, "live": live, "may": actor.may("mandate.give")}
    )


@door("mandate.give")
def mandate(request: HttpRequest) -> HttpResponse:
    """Give a mandate."""
    actor = actor_of(request)
    actor.require("mandate.give")
    form = MandateForm(actor, request.POST or None)
    status = 422 if request.POST else 200
    if form.is_valid():
        try:
            agent = find_agent(form.cleaned_data["agent"])
            give_mandate(
                actor, agent=agent, rights=form.cleaned_data["rights"], until=form.cleaned_data["until"]
            )
        except StaveworksError as error:
            error.field = error.field if error.field in form.fields else "agent"
            put_error(form, error)
            status = status_of(error)
        else:
            messages.success(
                request, tell("已委托 {name}。", "{name} may act for you now.", name=say(agent.title))
            )
            return redirect("mandates")
    return render(request, "join/mandate.html", {"form": form}, status=status)


@door("mandate.give")
@require_POST
def end_mandate(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """End a mandate at once."""
    withdraw_mandate(actor_of(request), mandate_id=mandate_id)
    messages.success(request, tell("委托已结束。", "The mandate has ended."))
    return redirect("mandates")
