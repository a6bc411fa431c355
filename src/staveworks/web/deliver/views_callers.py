"""Selling to who calls: whose mandate lets us order in her name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staveworks.foundation.parties.queries import list_mandators
from staveworks.trade.catalogue.queries import list_own_offers
from staveworks.web.asking import actor_of
from staveworks.web.doors import door

RIGHT = "order.place"


@door("offer.read")
def callers(request: HttpRequest) -> HttpResponse:
    """The firms that one may order for; a button acts for one of them, in our own offers or the whole catalogue."""
    actor = actor_of(request)
    sells = actor.may("offer.manage") and bool(list_own_offers(actor))
    shown = {"firms": list_mandators(actor, right=RIGHT), "own": actor.org if sells else None}
    return render(request, "deliver/callers.html", shown)
