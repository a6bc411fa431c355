"""Where one lands: the home of one's kind of organisation, or what to do first."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from staveworks.foundation.facts.queries import list_held
from staveworks.foundation.parties.queries import (
    actor_for,
    list_choices,
    list_own_claims,
)
from staveworks.foundation.parties.queries import (
    card as card_of_actor,
)
from staveworks.foundation.parties.types import OPERATOR_KINDS, Kind, OrganisationNotFound
from staveworks.web.asking import actor_of, person_of, waiting_for
from staveworks.web.doors import door_person, door_public
from staveworks.web.join.homes import COMING, DESK
from staveworks.web.middleware import activate
from staveworks.web.rail import exists

HOMES = (
    ("cluster.read", "/cluster/", OPERATOR_KINDS),
    ("barrel.read", "/barrel/", frozenset({Kind.ENTERPRISE, Kind.BACKBONE})),
    ("figures.read", "/figures/", frozenset({Kind.GOVERNMENT, Kind.ASSOCIATION})),
)
"""By right and kind, the first that applies: the operator's home, the firm's, the published figures."""


@door_public
def home(request: HttpRequest) -> HttpResponse:
    """Send everybody to her own first page."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    actor = actor_of(request)
    if actor.org_id is None:
        return redirect("welcome")
    for right, address, kinds in HOMES:
        if actor.may(right) and actor.kinds & kinds and exists(address):
            return redirect(address)
    card = card_of_actor(actor)
    coming = [COMING[kind] for kind in card.kinds if kind in COMING]
    todo = next(iter(waiting_for(request)), None)
    granted = list_held(actor, limit=1)[1] if actor.may("grant.read") else 0
    serves = actor.may(DESK[0][0])
    desk = [(name, words) for right, name, words in DESK if serves and actor.may(right)]
    shown = {"card": card, "coming": coming, "todo": todo, "granted": granted, "desk": desk}
    return render(request, "join/home.html", shown)


@door_person
def welcome(request: HttpRequest) -> HttpResponse:
    """For who belongs to nothing yet: claim a firm, register one, or wait for an invitation."""
    return render(request, "join/welcome.html", {"claims": list_own_claims(person_of(request).id)})


@door_person
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Act for another organisation from now on: one's own, a mandated one, or (``via``) an unclaimed firm as its steward."""
    person = person_of(request)
    org_id, via = _chosen(request, person.id)
    actor_for(person.id, org_id, via_org_id=via)  # raises OrganisationNotFound
    activate(request, org_id, via)
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return redirect(wanted if safe and wanted else "home")


def _chosen(request: HttpRequest, person_id: UUID) -> tuple[UUID, UUID | None]:
    try:
        org_id = UUID(request.POST.get("organisation", ""))
    except ValueError:
        raise OrganisationNotFound from None
    for choice in list_choices(person_id):
        if choice.card.id == org_id:
            return org_id, choice.via_org_id
    return org_id, actor_of(request).via_org_id or actor_of(request).org_id
