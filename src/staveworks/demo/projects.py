"""Requests of the demo: one that collects sealed proposals, one to compare, and a contract whose milestones are at different stages."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.demo.dealing import place
from staveworks.demo.passing import pass_time
from staveworks.demo.people import owner_of
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.projects.documents import bid_document
from staveworks.mechanisms.projects.models import Proposal
from staveworks.mechanisms.projects.queries import access_contract
from staveworks.mechanisms.projects.sealing import seal
from staveworks.mechanisms.projects.types import Asked, Bid, Criterion, Edit, Planned, RequestKind
from staveworks.mechanisms.projects.usecases.award_request import award_request
from staveworks.mechanisms.projects.usecases.change_contract import propose_change
from staveworks.mechanisms.projects.usecases.compare_proposals import give_points
from staveworks.mechanisms.projects.usecases.open_proposal import open_proposal
from staveworks.mechanisms.projects.usecases.run_contract import (
    accept_milestone,
    confirm_contract,
    deliver_milestone,
)
from staveworks.mechanisms.projects.usecases.seal_proposal import seal_proposal
from staveworks.mechanisms.projects.usecases.write_request import draft_request, publish_request
from staveworks.trade.catalogue.types import OfferVersion
from staveworks.trade.orders.queries import current_draft
from staveworks.trade.settlement.usecases.post_ordered_line import post_ordered_line

CODE = "STAVE-STAVE-STAVE-STAVE-STAVE"
"""With which every sealed proposal of the demo opens; in truth only its provider knows it."""
A_DAY = timedelta(days=1)
A_MINUTE = timedelta(minutes=1)


def ask_for_proposals(
    requests: Sequence[Mapping[str, Any]], offers: Mapping[str, OfferVersion], buyers: Mapping[str, Actor]
) -> None:
    """``requests``: as `orders.yaml` says under ``requests``."""
    for said in requests:
        buyer = buyers.get(said["by"])
        bids = [each for each in said["proposals"] if each["offer"] in offers]
        if buyer is None or not bids:
            continue
        request = _publish(buyer, said)
        proposals = {_seal(request, offers[each["offer"]], each): each for each in bids}
        if said["stage"] == "collecting":
            continue
        pass_time({request: said["open_days"]})
        _compare(buyer, request, proposals)
        if said["stage"] == "running":
            winner = next(iter(proposals))
            _run(
                buyer,
                request,
                award_request(buyer, request_id=request, proposal_id=winner, reason=said["reason"]),
                said,
            )


def _publish(buyer: Actor, said: Mapping[str, Any]) -> UUID:
    asked = Asked(
        title=said["title"],
        text=said["text"],
        closes_at=timezone.now() + said["open_days"] * A_DAY + A_MINUTE * (said["stage"] == "collecting"),
        criteria=tuple(Criterion(**each) for each in said["criteria"]),
        kind=RequestKind(said.get("kind", RequestKind.PROJECT)),
        budget_fen=said.get("budget_fen"),
        rights_clause=said.get("rights", ""),
    )
    request = draft_request(buyer, asked=asked)
    publish_request(buyer, request_id=request)
    return request


def _seal(request: UUID, version: OfferVersion, said: Mapping[str, Any]) -> UUID:
    """The id of the sealed proposal."""
    provider = owner_of(version.provider_org)
    milestones = tuple(_planned(each) for each in said["milestones"])
    inside = bid_document(Bid(version.offer_id, said["text"], milestones))
    seal_proposal(provider, request_id=request, envelope=seal(inside, code=CODE, request_id=request))
    with acting(org=provider.org):
        return Proposal.objects.get(request_id=request, provider_org_id=provider.org).id


def _planned(said: Mapping[str, Any]) -> Planned:
    due = timezone.localdate() + said["due"] * A_DAY
    return Planned(said["title"], said["deliverable"], said["criteria"], due, said["price_fen"])


def _compare(buyer: Actor, request: UUID, proposals: Mapping[UUID, Mapping[str, Any]]) -> None:
    for proposal, said in proposals.items():
        with acting(org=buyer.org):
            provider = owner_of(Proposal.objects.get(id=proposal).provider_org_id)
        open_proposal(provider, request_id=request, code=CODE)
        points = dict(enumerate(said["points"], start=1))
        give_points(buyer, request_id=request, proposal_id=proposal, points=points)


def _run(buyer: Actor, request: UUID, contract: UUID, said: Mapping[str, Any]) -> None:
    """The first milestone is accepted, the second waits to be, on a later one a change waits for the buyer's signature."""
    draft = current_draft(buyer)
    assert draft is not None
    place(buyer, draft.id)
    agreed = access_contract(buyer, contract_id=contract)
    provider, first, *_ = owner_of(agreed.provider_org), *agreed.milestones
    confirm_contract(provider, contract_id=contract)
    lines = [each.line_id for each in agreed.milestones if each.line_id is not None]
    until, since = said["days"]
    pass_time(dict.fromkeys((request, *lines), until))
    deliver_milestone(provider, contract_id=contract, place=1, text=said["delivered"][0])
    accept_milestone(buyer, contract_id=contract, place=1)
    if first.line_id is not None:
        post_ordered_line(buyer, subject=first.line_id)
    pass_time(dict.fromkeys((request, *lines), since))
    deliver_milestone(provider, contract_id=contract, place=2, text=said["delivered"][1])
    change = said["change"]
    edits = [Edit(change["place"], _planned(change["planned"]))]
    propose_change(provider, contract_id=contract, edits=edits, reason=change["reason"])
