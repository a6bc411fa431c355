"""The buyer awards a request to one opened proposal: a contract, whose milestones come into its order as lines."""

from uuid import UUID

from django.db import IntegrityError, transaction

from staveworks.db.clock import DatabaseClock
from staveworks.db.transaction import use_case
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.mechanisms.projects.documents import parse_bid
from staveworks.mechanisms.projects.domain import check_reason
from staveworks.mechanisms.projects.finding import contract_for, note, own_request
from staveworks.mechanisms.projects.models import Contract, Milestone, Opening
from staveworks.mechanisms.projects.ordering import fell_through, order_unordered
from staveworks.mechanisms.projects.types import (
    AwardedAlready,
    AwardStands,
    Bid,
    NotComparedYet,
    NotOpen,
    ProposalNotFound,
    RequestState,
)


@use_case
def award_request(actor: Actor, *, request_id: UUID, proposal_id: UUID, reason: str) -> UUID:
    """The id of the contract; its lines are in the order that the buyer is filling, to be held and placed there.

    Raises ``RightMissing`` (also without ``order.place``), ``RequestNotFound``, ``ProposalNotFound``, ``ReasonMissing``,
    ``AwardedAlready``, ``NotOpen``, ``NotComparedYet``, and what ``add_line`` raises (the offer was withdrawn, isn't open to the buyer).
    """
    actor.require("request.manage")
    wording = check_reason(reason)
    asked = own_request(actor, request_id)
    if asked.state == RequestState.AWARDED:
        raise AwardedAlready
    if asked.state != RequestState.OPEN:
        raise NotOpen
    opening = Opening.objects.filter(request=asked, proposal_id=proposal_id).first()
    if opening is None:
        raise ProposalNotFound
    bid = parse_bid(opening.content)
    contract = Contract(
        id=new_id(),
        request=asked,
        opening=opening,
        buyer_org_id=actor.org,
        provider_org_id=opening.provider_org_id,
        offer_id=bid.offer_id,
        reason=wording,
        made_by_id=actor.person_id,
    )
    try:
        with transaction.atomic():
            contract.save(force_insert=True)
    except IntegrityError as error:
        if "may still be opened" in str(error):
            raise NotComparedYet from None
        if "projects_contract_one_stands" in str(error):
            raise AwardedAlready from None
        raise
    asked.state = RequestState.AWARDED
    asked.save(update_fields=["state"])
    _agree(contract, bid)
    order_unordered(actor, contract)
    note(actor, "request.awarded", asked, provider=contract.provider_org_id, contract=contract.id)
    return contract.id


@use_case
def set_aside(actor: Actor, *, contract_id: UUID, reason: str) -> None:
    """The order of an award fell through, all of it: another proposal may be chosen.

    Raises ``RightMissing``, ``ContractNotFound``, ``OtherSide``, ``ReasonMissing``, ``AwardStands``.
    """
    actor.require("request.manage")
    check_reason(reason)
    contract = contract_for(actor, contract_id, "buyer_org_id")
    asked = own_request(actor, contract.request_id)
    if not fell_through(actor, contract):
        raise AwardStands
    Contract.objects.filter(id=contract.id).update(set_aside_at=DatabaseClock())
    asked.state = RequestState.OPEN
    asked.save(update_fields=["state"])
    note(actor, "award.set_aside", contract)


def _agree(contract: Contract, bid: Bid) -> None:
    for place, planned in enumerate(bid.milestones, start=1):
        Milestone(
            id=new_id(),
            contract=contract,
            buyer_org_id=contract.buyer_org_id,
            provider_org_id=contract.provider_org_id,
            place=place,
            title=planned.title,
            deliverable=planned.deliverable,
            criteria=planned.criteria,
            due_date=planned.due_date,
            price_fen=planned.price_fen,
        ).save(force_insert=True)
