"""One's own data: see everything held, take it along, delete the account."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from staveworks.foundation.parties.erasing import StillNeeded, only_owner_of
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.personal.held import held_about
from staveworks.foundation.personal.types import PersonalData
from staveworks.foundation.personal.usecases.erase_person import erase_person
from staveworks.foundation.personal.usecases.export_person import export_person
from staveworks.foundation.personal.written import as_json
from staveworks.web.asking import person_of
from staveworks.web.join.personal.labels import SHOWN, rows_to_show
from staveworks.web.words import put_error, words


class EraseForm(forms.Form):
    """What can't be undone is said twice."""

    sure = forms.BooleanField(
        label=words("我知道注销不能撤回", "I know that this can’t be undone"),
        error_messages={"required": words("请先勾选。", "Tick this first.")},
    )


def data(request: HttpRequest) -> HttpResponse:
    """Everything held about her, to read."""
    held = held_about(person_of(request).id)
    sections = [(section, rows_to_show(held, section)) for section in held.sections]
    return render(request, "join/personal.html", {"held": held, "sections": sections, "shown": SHOWN})


@require_POST
def download(request: HttpRequest) -> HttpResponse:
    """The same for a machine, all of it."""
    held = export_person(_herself(request), person_id=person_of(request).id)
    response = HttpResponse(as_json(held), content_type="application/json; charset=utf-8")
    name = f"staveworks-{timezone.localdate():%Y-%m-%d}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def erase(request: HttpRequest) -> HttpResponse:
    """Delete the account: what goes, what stays and why; she proves once more who she is."""
    person = person_of(request)
    raise_if_reauthentication_required(request, app="allauth.account")
    form = EraseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            erase_person(_herself(request), person_id=person.id, home=settings.HOME)
        except StillNeeded as refusal:
            put_error(form, refusal)
        else:
            logout(request)
            return redirect("account_erased")
    held = held_about(person.id)
    context = {
        "form": form,
        "needed": only_owner_of(person.id),
        "going": [section for section in held.sections if section.kept is None],
        "staying": _staying(held),
    }
    return render(request, "join/erase.html", context, status=409 if form.errors else 200)


def erased(request: HttpRequest) -> HttpResponse:
    """She is gone; what she may do now."""
    return render(request, "join/erased.html")


def _herself(request: HttpRequest) -> Actor:
    return Actor(person_of(request).id, None)


def _staying(held: PersonalData) -> list[tuple[object, list[object]]]:
    """Reason → the kinds of things that stay for it."""
    found: dict[object, list[object]] = {}
    for section in held.sections:
        if section.kept:
            found.setdefault(section.kept, []).append(section.title)
    return list(found.items())
