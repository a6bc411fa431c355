"""Take over a firm that stands in a roster: find it, prove it, get it. And the steward's side: decide, print, invite."""

from typing import Literal, cast
from uuid import UUID

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.foundation.parties.claimable import CLAIM_CODE, unclaimed_firm
from staveworks.foundation.parties.queries import (
    access_claim,
    access_claimable,
    access_own_claim,
    find_claimable,
    firm_of_claim_link,
    list_claims,
    list_own_claims,
)
from staveworks.foundation.parties.types import Actor, CodeWrong
from staveworks.foundation.parties.usecases.claim_as_addressee import claim_as_addressee, find_addressee
from staveworks.foundation.parties.usecases.decide_claim import decide_claim, print_letter
from staveworks.foundation.parties.usecases.issue_claim_link import claim_by_link
from staveworks.foundation.parties.usecases.prove_claim import prove_claim, withdraw_claim
from staveworks.foundation.parties.usecases.start_claim import start_claim
from staveworks.kit.errors import StaveworksError
from staveworks.web.asking import actor_of, person_of
from staveworks.web.doors import door, door_person, door_public
from staveworks.web.join.messenger import send
from staveworks.web.join.views_revocation import about_revoking
from staveworks.web.join.views_security import CodeForm
from staveworks.web.middleware import activate, status_of
from staveworks.web.words import error_words, put_error, tell, words


@door_public
def search(request: HttpRequest) -> HttpResponse:
    """Find one's firm among those that nobody has claimed, by code or name. Tells name and city, nothing else."""
    wanted = request.GET.get("q", "").strip()
    limited = ratelimit.consume_or_429(request, action="claim_search", limit_get=True) if wanted else None
    if isinstance(limited, HttpResponse):
        return limited
    context = {
        "q": wanted,
        "found": find_claimable(wanted),
        "claims": list_own_claims(person_of(request).id) if request.user.is_authenticated else [],
    }
    return render(request, "join/claim_search.html", context)


class LicenceForm(forms.Form):
    licence = forms.FileField(
        label=words("营业执照", "Licence"),
        help_text=words("照片或 PDF，最大 20 MB。", "A photograph or PDF, 20 MB at most."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )


@door_person
def claim(request: HttpRequest, org_id: UUID) -> HttpResponse:
    """Choose how to prove that the firm is hers, and begin."""
    firm = access_claimable(org_id)
    if firm.id != org_id:
        return redirect("claim", org_id=firm.id)
    form = (
        LicenceForm(request.POST or None, request.FILES or None)
        if _method(request) == "licence"
        else LicenceForm()
    )
    status = 200
    if request.method == "POST" and (_method(request) != "licence" or form.is_valid()):
        try:
            return _begin(request, org_id)
        except StaveworksError as error:
            status = status_of(error)
            if error.field in form.fields:
                put_error(form, error)
            else:
                messages.error(request, error_words(error))
    return render(request, "join/claim.html", {"firm": firm, "form": form}, status=status)


def _method(request: HttpRequest) -> Literal["phone", "letter", "licence"]:
    chosen = request.POST.get("method")
    return cast(
        "Literal['phone', 'letter', 'licence']", chosen if chosen in ("phone", "letter") else "licence"
    )


def _begin(request: HttpRequest, org_id: UUID) -> HttpResponse:
    method = _method(request)
    licence = _store_licence(request, org_id) if method == "licence" else None
    started = start_claim(actor_of(request), org_id=org_id, method=method, licence_id=licence)
    if started.code and started.phone:
        send(started.phone, CLAIM_CODE.format(code=started.code))
    return redirect("own_claim", claim_id=started.id)


def _store_licence(request: HttpRequest, org_id: UUID) -> UUID:
    """Kept by the steward, who has to look at it."""
    steward = Actor(person_of(request).id, unclaimed_firm(org_id).steward_id)
    upload = request.FILES["licence"]
    assert not isinstance(upload, list)
    return store_file(steward, name=upload.name or "licence", content=upload, field="licence").id


@door_person
def own_claim(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Where her claim stands; the code goes in here."""
    person = person_of(request)
    form = CodeForm(request.POST or None)
    status = 422 if request.POST else 200
    if form.is_valid():
        try:
            org_id = prove_claim(actor_of(request), claim_id=claim_id, code=form.cleaned_data["code"])
        except CodeWrong as error:
            put_error(form, error)
        except StaveworksError as error:
            form.add_error(None, error_words(error))
            status = status_of(error)
        else:
            return _taken_over(request, org_id)
    record = access_own_claim(person.id, claim_id)
    if record.state == "granted":
        return redirect("home")
    return render(request, "join/own_claim.html", {"claim": record, "form": form}, status=status)


def _taken_over(request: HttpRequest, org_id: UUID) -> HttpResponse:
    activate(request, org_id)
    messages.success(request, tell("这家企业现在归您管。", "The firm is yours now."))
    return redirect(f"{reverse('agreement')}?first=1")


@door_person
@require_POST
def end_own_claim(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Take the claim back."""
    withdraw_claim(actor_of(request), claim_id=claim_id)
    messages.success(request, tell("认领已撤回。", "The claim was withdrawn."))
    return redirect("claim_search")


@door_public
def claim_link(request: HttpRequest, token: str) -> HttpResponse:
    """The steward's invitation to a firm."""
    firm = firm_of_claim_link(token)
    if request.user.is_authenticated:
        if request.method == "POST":
            return _taken_over(request, claim_by_link(actor_of(request), token=token))
        return render(request, "join/claim_link.html", {"firm": firm})
    addressee = find_addressee(token)
    form = AddresseeForm(request.POST or None, initial={"name": addressee.name}) if addressee else None
    status = 422 if request.method == "POST" else 200
    if form and form.is_valid():
        limited = ratelimit.consume_or_429(request, action="signup")
        if isinstance(limited, HttpResponse):
            return limited
        try:
            return _one_tap(request, token, form.cleaned_data["name"])
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
    onwards = urlencode({"next": request.path})
    shown = {"firm": firm, "onwards": onwards, "addressee": addressee, "form": form}
    return render(request, "join/claim_link.html", shown, status=status)


class AddresseeForm(forms.Form):
    """Who takes the firm over with the link that reached her own phone or mailbox."""

    name = forms.CharField(
        label=words("您的姓名", "Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


def _one_tap(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """Signed in and in charge of the firm at once."""
    person, org_id = claim_as_addressee(token=token, name=name)
    perform_login(request, Login(user=person, redirect_url="/"))
    return _taken_over(request, org_id)


@door("claim.decide")
def claims(request: HttpRequest) -> HttpResponse:
    """What a person has to decide, and letters to print."""
    actor = actor_of(request)
    waiting = list_claims(actor)
    letters = [record for record in list_claims(actor, states=("open",)) if record.method == "letter"]
    ended = list_claims(actor, states=("granted", "refused", "revoked"))
    decided = sorted(ended, key=lambda record: record.ended_at, reverse=True)[:20]
    return render(request, "join/claims.html", {"waiting": waiting, "letters": letters, "decided": decided})


@door("claim.decide")
def decide(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """One claim with its licence beside what the roster holds."""
    actor = actor_of(request)
    problem = ""
    if request.method == "POST":
        granted = request.POST.get("decision") == "grant"
        try:
            decide_claim(actor, claim_id=claim_id, grant=granted, reason=request.POST.get("reason", ""))
        except StaveworksError as error:
            problem = error_words(error)
        else:
            said = (
                tell("已交给认领人。", "Handed to the claimant.") if granted else tell("已退回。", "Refused.")
            )
            messages.success(request, said)
            return redirect("claims")
    record = access_claim(actor, claim_id)
    context = {"claim": record, "problem": problem, **about_revoking(actor, record)}
    return render(request, "join/decide.html", context, status=422 if problem else 200)


@door("claim.decide")
@require_POST
def letter(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """A page to print: the code for one firm, shown once."""
    actor = actor_of(request)
    code = print_letter(actor, claim_id=claim_id)
    return render(request, "join/letter.html", {"claim": access_claim(actor, claim_id), "code": code})
