"""Posters to print: for one firm, for those of a campaign that no message reaches, for everybody."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from staveworks.foundation.outreach.queries import access_campaign, list_targets
from staveworks.foundation.outreach.types import FirmNotHeld, TargetState
from staveworks.foundation.parties.queries import card, titles_of
from staveworks.foundation.parties.usecases.issue_claim_link import VALID
from staveworks.foundation.parties.usecases.issue_claim_links import issue_claim_links
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.join.growth.posters import FirmPoster, print_general, print_posters
from staveworks.web.language import current
from staveworks.web.words import tell

MOST = 200


@door("firm.invite")
@require_POST
def firm(request: HttpRequest, firm: UUID) -> HttpResponse:
    """One firm's sheet, with a claim link of its own."""
    return _sheets(request, [firm])


@door("firm.invite")
@require_POST
def campaign(request: HttpRequest, campaign: UUID) -> HttpResponse:
    """Sheets for the firms without a usable address, 200 at most: those that are still unclaimed."""
    actor = actor_of(request)
    access_campaign(actor, campaign)
    targets = list_targets(actor, campaign_id=campaign, state=TargetState.UNREACHABLE, limit=MOST)
    open_ones = [target.firm_id for target in targets if not target.claimed]
    if not open_ones:
        messages.error(request, tell("没有要打印海报的企业。", "No firm needs a poster."))
        return redirect("campaign", campaign)
    return _sheets(request, open_ones)


def _sheets(request: HttpRequest, firms: Sequence[UUID]) -> HttpResponse:
    actor = actor_of(request)
    tokens = issue_claim_links(actor, contacts=dict.fromkeys(firms, ""))
    if not tokens:
        raise FirmNotHeld
    titles, now = titles_of(list(tokens)), timezone.now()
    posters = [
        FirmPoster(titles[id_], _address(request, reverse("claim_link", args=[token])), now + VALID)
        for id_, token in tokens.items()
    ]
    content = print_posters(posters, operator=card(actor).title, language=current(), at=now)
    return _pdf(content, "posters")


@door("firm.invite")
@require_safe
def general(request: HttpRequest) -> HttpResponse:
    """The sheet for everybody, which leads to the search for one's firm."""
    address = _address(request, reverse("claim_search"))
    operator = card(actor_of(request)).title
    return _pdf(print_general(address, operator=operator, language=current(), at=timezone.now()), "poster")


def _address(request: HttpRequest, path: str) -> str:
    return request.build_absolute_uri(path)


def _pdf(content: bytes, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)
