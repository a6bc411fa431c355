"""A provider's proposal: written and sealed, its code shown once."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.mechanisms.projects.documents import bid_document, check_due, parse_bid
from staveworks.mechanisms.projects.queries import access_request
from staveworks.mechanisms.projects.sealing import new_code, seal
from staveworks.mechanisms.projects.types import Bid, Request
from staveworks.mechanisms.projects.usecases.seal_proposal import seal_proposal
from staveworks.trade.catalogue.queries import list_own_offers
from staveworks.trade.catalogue.types import OfferState
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.middleware import status_of
from staveworks.web.order.code_cookie import forget, hand_over, handed_over
from staveworks.web.order.project_forms import ProposalForm
from staveworks.web.order.views_projects import reader
from staveworks.web.words import tell


@door("proposal.make")
@never_cache
def proposal(request: HttpRequest, asked_request: UUID) -> HttpResponse:
    """Write a proposal and seal it; the next page shows the code, so that reloading it seals nothing again."""
    actor = actor_of(request)
    found = access_request(reader(actor), request_id=asked_request)
    form = ProposalForm(_own_offers(actor), request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                shown = _sealed(actor, found, form.bid())
            except StaveworksError as error:
                form.put(error)
                status = status_of(error)
            else:
                response = redirect(reverse("proposal_sealed", args=[asked_request]))
                return hand_over(response, asked_request, shown)
    return render(request, "order/proposal.html", {"found": found, "form": form}, status=status)


@door("proposal.make")
@never_cache
def sealed(request: HttpRequest, asked_request: UUID) -> HttpResponse:
    """The code, once; it is kept nowhere."""
    found = access_request(reader(actor_of(request)), request_id=asked_request)
    shown = handed_over(request, asked_request)
    if shown is None:
        messages.info(request, tell("开标码只显示一次。", "The code was shown once."))
        return redirect("request", asked_request)
    return forget(request, render(request, "order/sealed.html", {"found": found, **shown}))


def _sealed(actor: Actor, found: Request, bid: Bid) -> dict[str, Any]:
    """What the provider is shown of it."""
    inside, code = bid_document(bid), new_code()
    parse_bid(inside)
    first = timezone.localdate(found.card.closes_at)
    for at, each in enumerate(bid.milestones):
        check_due(each.due_date, first, field=f"milestones.{at}.due_date")
    envelope = seal(inside, code=code, request_id=found.card.id)
    number = seal_proposal(actor, request_id=found.card.id, envelope=envelope)
    return {"code": code, "number": number, "commitment": envelope.commitment}


def _own_offers(actor: Actor) -> list[tuple[UUID, Text]]:
    return [
        (each.id, each.title)
        for each in list_own_offers(replace(actor, rights=actor.rights | {"offer.manage"}))
        if each.mechanism == "project" and each.state is OfferState.PUBLISHED
    ]
