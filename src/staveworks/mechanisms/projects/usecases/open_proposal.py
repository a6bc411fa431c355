"""After the deadline a provider opens its proposal with the code that only it has."""

from uuid import UUID

from django.db import DataError, transaction

from staveworks.db.clock import database_now
from staveworks.db.transaction import use_case
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.projects.documents import FILL_IN, parse_bid
from staveworks.mechanisms.projects.finding import last_version, lock, note
from staveworks.mechanisms.projects.models import Opening, Request
from staveworks.mechanisms.projects.sealing import unseal
from staveworks.mechanisms.projects.types import (
    Bid,
    BidInvalid,
    Envelope,
    NotOpen,
    OpeningOver,
    ProposalNotFound,
    RequestNotFound,
    RequestState,
    StillSealed,
)


@use_case
def open_proposal(actor: Actor, *, request_id: UUID, code: str) -> Bid:
    """What was inside, which the buyer sees from now on. Opened already: the same again.

    Raises ``RightMissing``, ``RequestNotFound``, ``ProposalNotFound``, ``StillSealed``, ``OpeningOver``, ``NotOpen``, ``CodeWrong``,
    ``BidInvalid`` (it was sealed elsewhere, and not as a proposal is written).
    """
    actor.require("proposal.make")
    asked = Request.objects.filter(id=request_id).first()
    if asked is None:
        raise RequestNotFound
    lock(f"proposal of {actor.org} in", request_id)
    last = last_version(actor, request_id)
    if last is None or not last.sealed:
        raise ProposalNotFound
    _check_time(asked)
    content = unseal(Envelope(last.sealed, last.commitment), code=code, request_id=request_id)
    bid = parse_bid(content)
    if Opening.objects.filter(proposal=last).exists():
        return bid
    opening = Opening(
        proposal=last,
        request=asked,
        buyer_org_id=asked.buyer_org_id,
        provider_org_id=actor.org,
        content=content,
        price_fen=bid.price_fen,
        opened_by_id=actor.person_id,
    )
    try:
        with transaction.atomic():
            opening.save(force_insert=True)
    except DataError:  # Python reads more as JSON than the database does
        raise BidInvalid(FILL_IN, field="text") from None
    note(actor, "proposal.opened", last)
    return bid


def _check_time(asked: Request) -> None:
    now = database_now()
    if now < asked.closes_at:
        raise StillSealed
    if asked.state != RequestState.OPEN:
        raise NotOpen
    if now >= asked.opens_until:
        raise OpeningOver
