"""Register an organisation of one's own; the membership agreement."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from staveworks.foundation.parties.agreement import GRANTS
from staveworks.foundation.parties.queries import (
    access_agreement,
    access_city,
    access_profile,
    card,
    operator_of,
    titles_of,
)
from staveworks.foundation.parties.types import FirmUnclaimed
from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement, withdraw_agreement
from staveworks.foundation.parties.usecases.found_organisation import found_organisation
from staveworks.foundation.rules.queries import entry_in_force, rule_in_force
from staveworks.kit.errors import StaveworksError
from staveworks.web.asking import actor_of
from staveworks.web.doors import door, door_person
from staveworks.web.join.cities import cities_like
from staveworks.web.join.forms import AgreementForm, OrganisationForm
from staveworks.web.language import current
from staveworks.web.middleware import activate, status_of
from staveworks.web.words import put_error, tell


@door_person
def register(request: HttpRequest) -> HttpResponse:
    """A person registers her own organisation."""
    form = OrganisationForm(request.POST or None)
    context: dict[str, object] = {"form": form}
    status = 422 if request.POST else 200
    if form.is_valid():
        try:
            org_id = found_organisation(
                actor_of(request),
                name=form.cleaned_data["name"],
                kinds=form.chosen_kinds(),
                uscc=form.cleaned_data["uscc"],
                city=form.cleaned_data["city"],
                name_en=form.cleaned_data["name_en"],
                a_day=entry_in_force("registration", "organisations_a_day"),
            )
        except FirmUnclaimed as error:
            context["to_claim"] = error.org_id
            status = status_of(error)
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
        else:
            activate(request, org_id)
            return redirect("agreement")
    return render(request, "join/register.html", context, status=status)


@door_person
def cities(request: HttpRequest) -> HttpResponse:
    """Suggestions for the city field: a list of options."""
    found = cities_like(request.GET.get("city", "") or request.GET.get("q", ""))
    return JsonResponse({"cities": [city.label.in_language(current()) for city in found]})


@door("organisation.read", to_change="agreement.manage")
def agreement(request: HttpRequest) -> HttpResponse:
    """What is held about the organisation, what the operator may see of it, and the one page to change that."""
    actor, proposed = actor_of(request), rule_in_force("agreement.defaults").value
    if request.method == "POST":
        form = AgreementForm(request.POST)
        if form.is_valid():
            accept_agreement(actor, shows=_chosen(request, form), edition=proposed["edition"])
            messages.success(
                request, tell("已记下。您随时可以在这里改。", "Recorded. You can change it here at any time.")
            )
            return redirect("home" if "first" in request.POST else "agreement")
    inforce = access_agreement(actor)
    organisation = card(actor)
    shows = inforce.shows if inforce else proposed["shows"]
    operator_id = inforce.operator_id if inforce else operator_of(organisation.id)
    return render(
        request,
        "join/agreement.html",
        {
            "form": AgreementForm(initial={"shows": sorted(shows)}),
            "inforce": inforce,
            "grants": [(grant, grant.code in shows) for grant in GRANTS.values()],
            "edition": proposed["edition"],
            "organisation": organisation,
            "city": access_city(organisation.city_code),
            "profile": access_profile(actor),
            "operator": titles_of([operator_id]).get(operator_id),
            "may": actor.may("agreement.manage"),
        },
    )


def _chosen(request: HttpRequest, form: AgreementForm) -> list[str]:
    """What she ticked; nothing if she said "not now", whatever the boxes say."""
    return [] if request.POST.get("choice") == "none" else list(form.cleaned_data["shows"])


@door("agreement.manage")
@require_POST
def end_agreement(request: HttpRequest) -> HttpResponse:
    """Show nothing more."""
    withdraw_agreement(actor_of(request))
    messages.success(
        request,
        tell("已撤回，运营方从现在起看不到。", "Withdrawn: from now on the operator sees nothing."),
    )
    return redirect("agreement")
