"""The organisation's own affairs: its data, tokens for programs, the table of rights, the audit trail."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from staveworks.foundation.eventlog.queries import list_events
from staveworks.foundation.parties.queries import (
    access_profile,
    card,
    list_tokens,
    titles_of,
)
from staveworks.foundation.parties.rights import RIGHTS, roles_for
from staveworks.foundation.parties.types import OPERATOR_KINDS, FirmUnclaimed, Kind
from staveworks.foundation.parties.usecases.edit_organisation import ProfileFields, edit_organisation
from staveworks.foundation.parties.usecases.issue_token import issue_token, withdraw_token
from staveworks.kit.errors import StaveworksError
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.govern.events import Happening, firm_of, happening
from staveworks.web.join.forms import SettingsForm, TokenForm
from staveworks.web.middleware import status_of
from staveworks.web.words import put_error, tell

PAGE = 50
SHOWN_ONCE = "token_shown_once"


@door("organisation.read")
def settings(request: HttpRequest) -> HttpResponse:
    """What is held about the organisation; whoever may, changes it here."""
    actor = actor_of(request)
    operator = bool(actor.kinds & OPERATOR_KINDS)
    status = 200
    if request.method == "POST":
        form = SettingsForm(request.POST, operator=operator)
        status = 422
        if form.is_valid():
            try:
                _save(request, form)
            except StaveworksError as error:
                put_error(form, error)
                status = status_of(error)
            else:
                messages.success(request, tell("已保存。", "Saved."))
                return redirect("settings")
    else:
        form = SettingsForm(initial=_initial(request), operator=operator)
    if not actor.may("organisation.edit"):
        for field in form.fields.values():
            field.disabled = True
    context = {"form": form, "may": actor.may("organisation.edit"), "card": card(actor)}
    return render(request, "govern/settings.html", context, status=status)


def _save(request: HttpRequest, form: SettingsForm) -> None:
    given = form.cleaned_data
    profile = ProfileFields(
        contact=given["contact"],
        phone=given["phone"],
        email=given["email"],
        address=given["address"],
        website=given["website"],
        products=given["products"],
        staff=given["staff"],
    )
    try:
        edit_organisation(
            actor_of(request),
            name=given["name"],
            kinds=form.chosen_kinds(),
            uscc=given["uscc"],
            city=given["city"],
            name_en=given["name_en"],
            profile=profile,
        )
    except FirmUnclaimed as error:
        error.field = "uscc"
        raise


def _initial(request: HttpRequest) -> dict[str, object]:
    organisation, profile = card(actor_of(request)), access_profile(actor_of(request))
    return {
        "name": organisation.name,
        "name_en": organisation.name_en,
        "kinds": [kind.value for kind in organisation.kinds],
        "uscc": organisation.uscc or "",
        "city": organisation.city_code or "",
        "contact": profile.contact,
        "phone": profile.phones[0] if profile.phones else "",
        "email": profile.email,
        "address": profile.address,
        "website": profile.website,
        "products": profile.products,
        "staff": profile.staff,
    }


@door("token.manage")
def tokens(request: HttpRequest) -> HttpResponse:
    """Keys for programs."""
    actor = actor_of(request)
    form = TokenForm(actor, request.POST or None)
    status = 422 if request.POST else 200
    if form.is_valid():
        days = form.cleaned_data["days"]
        ends = timezone.now() + timedelta(days=days) if days else None
        try:
            issued = issue_token(actor, name=form.cleaned_data["name"], scopes=form.chosen, expires_at=ends)
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
        else:
            request.session[SHOWN_ONCE] = issued.token
            return redirect("tokens")
    found = [
        (token, [RIGHTS[scope].text for scope in token.scopes if scope in RIGHTS])
        for token in list_tokens(actor)
    ]
    fresh = request.session.pop(SHOWN_ONCE, None) if request.method == "GET" else None
    return render(
        request, "govern/tokens.html", {"form": form, "tokens": found, "fresh": fresh}, status=status
    )


@door("token.manage")
@require_POST
def end_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Stops working at once."""
    withdraw_token(actor_of(request), token_id=token_id)
    messages.success(request, tell("令牌已停用。", "The token was withdrawn."))
    return redirect("tokens")


@door("organisation.read")
def rights(request: HttpRequest) -> HttpResponse:
    """Who may do what in this kind of organisation: the table itself."""
    actor = actor_of(request)
    actor.require("organisation.read")
    roles = roles_for(actor.kinds)
    rows = [
        (right, [role in right.roles for role in roles])
        for right in RIGHTS.values()
        if right.kinds & (actor.kinds or frozenset(Kind))
    ]
    return render(request, "govern/rights.html", {"roles": roles, "rows": rows})


@door("audit.read")
def audit(request: HttpRequest) -> HttpResponse:
    """Who did what, for whom, when: in words, newest first."""
    actor = actor_of(request)
    actor.require("audit.read")
    events = list_events(actor, before=_moment(request.GET.get("before", "")), limit=PAGE + 1)
    shown = events[:PAGE]
    names = titles_of(
        [
            id_
            for event in shown
            for id_ in (event.person_id, event.via_org_id, event.subject_id, event.org_id, firm_of(event))
        ]
    )
    happenings: list[Happening] = [happening(event, names, actor.org_id) for event in shown]
    older = shown[-1].at.isoformat() if len(events) > PAGE else ""
    return render(request, "govern/audit.html", {"happenings": happenings, "older": older})


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=timezone.get_current_timezone())
