"""Requests and sealed proposals for tests: a buyer, two providers with a project offer each, and the time after the deadline.

>>> bidding = make_bidding(world)                 # 林春晖 asks; 方敏 and 陆纱 answer
>>> request = bidding.published()                 # takes proposals for a week, by the use cases
>>> request = bidding.closed()                    # both sealed, the deadline is over, nothing is open
>>> contract = bidding.contract()                 # 方敏 has won; two milestones, placed and confirmed
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from staveworks.db.clock import database_now
from staveworks.db.transaction import acting
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.kit.ids import new_id
from staveworks.mechanisms.projects.documents import bid_document, criteria_document
from staveworks.mechanisms.projects.models import (
    Change,
    Contract,
    Delivery,
    Milestone,
    Opening,
    Proposal,
    Request,
    Signature,
)
from staveworks.mechanisms.projects.sealing import new_code, seal
from staveworks.mechanisms.projects.types import Asked, Bid, Criterion, DeadlinePassed, Envelope, Planned
from staveworks.mechanisms.projects.usecases.award_request import award_request
from staveworks.mechanisms.projects.usecases.open_proposal import open_proposal
from staveworks.mechanisms.projects.usecases.run_contract import confirm_contract
from staveworks.mechanisms.projects.usecases.seal_proposal import seal_proposal
from staveworks.mechanisms.projects.usecases.write_request import draft_request, publish_request
from staveworks.trade.catalogue.types import OfferVersion
from staveworks.trade.orders.queries import current_draft
from staveworks.trade.orders.usecases.hold_order import hold_order
from staveworks.trade.orders.usecases.place_order import place_order
from staveworks.trade.orders.usecases.set_limit import set_limit
from tests.addresses import PNG
from tests.trading import publish
from tests.world import World, join, make_firm, make_person

WEEK = timedelta(days=7)
CRITERIA = (Criterion("价格", 40, by_price=True), Criterion("经验", 60))
WINDOWS = (0.15, 0.6, 2.4)
"""Seconds until the deadline of a request that is to be over at once; a slow machine gets the next."""


def planned(title: str = "打样", price_fen: int = 300_000, **said: Any) -> Planned:
    words = {"deliverable": "样布 3 米", "criteria": "色牢度 4 级以上", "due_date": date(2100, 3, 1)}
    return Planned(title=title, price_fen=price_fen, **(words | said))


def asked(**said: Any) -> Asked:
    words: dict[str, Any] = {
        "title": "竹节纱面料开发",
        "text": "开发一款春夏竹节纱面料，含小样与大样。",
        "closes_at": timezone.now() + WEEK,
        "criteria": CRITERIA,
        "rights_clause": "成果归委托方所有。",
    }
    return Asked(**(words | said))


@dataclass
class Bidding:
    """``codes``: each provider's, by request and organisation."""

    lin: Actor
    fang: Actor
    lu: Actor
    offers: dict[UUID, OfferVersion]
    codes: dict[tuple[UUID, UUID], str] = field(default_factory=dict)

    def published(self, **said: Any) -> UUID:
        request = draft_request(self.lin, asked=asked(**said))
        publish_request(self.lin, request_id=request)
        return request

    def bid(self, provider: Actor, *prices_fen: int) -> Bid:
        milestones = tuple(planned(f"节点 {at}", price) for at, price in enumerate(prices_fen, start=1))
        return Bid(self.offers[provider.org].offer_id, "我们做过三款类似的。", milestones)

    def envelope(self, provider: Actor, request: UUID, *prices_fen: int) -> Envelope:
        code = self.codes[request, provider.org] = new_code()
        return seal(bid_document(self.bid(provider, *prices_fen)), code=code, request_id=request)

    def seal(self, provider: Actor, request: UUID, *prices_fen: int) -> int:
        envelope = self.envelope(provider, request, *prices_fen)
        return seal_proposal(provider, request_id=request, envelope=envelope)

    def open(self, provider: Actor, request: UUID) -> Bid:
        return open_proposal(provider, request_id=request, code=self.codes[request, provider.org])

    def over(self, sealing: Callable[[UUID], None]) -> UUID:
        """A request whose deadline passed right after ``sealing`` was done, inside the rolled back transaction of a test."""
        for window in WINDOWS:
            try:
                with transaction.atomic():
                    request = self.closing(database_now() + timedelta(seconds=window))
                    sealing(request)
                    with connection.cursor() as cursor:
                        cursor.execute("SET CONSTRAINTS projects_proposal_committed IMMEDIATE")
                        cursor.execute("SET CONSTRAINTS projects_proposal_committed DEFERRED")
            except (DeadlinePassed, OperationalError):
                continue
            wait_until(request, self.lin)
            return request
        raise AssertionError("too slow")

    def closing(self, moment: datetime) -> UUID:
        """An open request with this deadline, by plain row."""
        said = asked(closes_at=moment)
        row = Request(
            id=new_id(),
            buyer_org_id=self.lin.org,
            title=said.title,
            text=said.text,
            kind=said.kind,
            public=True,
            criteria=criteria_document(said.criteria),
            rights_clause=said.rights_clause,
            closes_at=moment,
            opens_until=moment + timedelta(days=2),
            state="open",
            made_by_id=self.lin.person_id,
        )
        with acting(org=self.lin.org):
            row.save(force_insert=True)
        return row.id

    def closed(self) -> UUID:
        """方敏 asks ¥5,000 in two milestones, 陆纱 ¥4,000 in one."""

        def both(request: UUID) -> None:
            self.seal(self.fang, request, 300_000, 200_000)
            self.seal(self.lu, request, 400_000)

        return self.over(both)

    def compared(self) -> UUID:
        """Both are open."""
        request = self.closed()
        self.open(self.fang, request)
        self.open(self.lu, request)
        return request

    def awarded(self) -> UUID:
        """To 方敏; the lines of her milestones are in the draft of an order."""
        request = self.compared()
        return award_request(
            self.lin, request_id=request, proposal_id=self.proposal(request, self.fang), reason="经验多"
        )

    def contract(self) -> UUID:
        contract = self.awarded()
        self.place()
        confirm_contract(self.fang, contract_id=contract)
        return contract

    def place(self) -> None:
        """What 林春晖's draft holds."""
        draft = current_draft(self.lin)
        assert draft
        self.place_order(draft.id)

    def place_order(self, order: UUID) -> None:
        hold_order(self.lin, order_id=order)
        place_order(self.lin, order_id=order)

    def proposal(self, request: UUID, provider: Actor) -> UUID:
        with acting(org=provider.org):
            return (
                Request.objects.get(id=request)
                .proposals.filter(provider_org_id=provider.org)
                .latest("number")
                .id
            )


def wait_until(request: UUID, actor: Actor) -> None:
    """By the database's clock, its deadline."""
    with acting(org=actor.org), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_sleep(greatest(0, extract(epoch FROM closes_at - clock_timestamp()) + 0.001)) FROM projects_request WHERE id = %s",
            [request],
        )


def make_bidding(world: World) -> Bidding:
    fang = join(make_person("方敏"), make_firm("中纺设计", Kind.PROVIDER), Role.OWNER)
    lu = join(make_person("陆纱"), make_firm("盛泽纱厂"), Role.OWNER)
    set_limit(world.lin, limit_fen=10_000_000)
    offers = {each.org: project_offer(each) for each in (fang, lu)}
    return Bidding(world.lin, fang, lu, offers)


def project_offer(provider: Actor) -> OfferVersion:
    """Priced on request."""
    return publish(
        provider,
        mechanism="project",
        title={"zh": "面料开发", "en": "Fabric development"},
        planks=["rnd"],
        price={"kind": "quote"},
    )


def contract_things(owners: Sequence[Actor], mill: Actor) -> list[dict[str, str]]:
    """For each owner, by the parameters of addresses: a request of its own, one of the mill's that names it and that it has
    answered, and a contract with the mill in which something is delivered and a change waits for the owner. By plain rows."""
    offer = project_offer(mill)
    inside = bid_document(Bid(offer.offer_id, "可以做。", (planned(),)))
    drawing = store_file(mill, name="图.png", content=PNG).id
    things = [_requests(owner, mill, drawing, inside) for owner in owners]
    proposals = _sealed(owners, mill, inside)
    wait_until(proposals[-1].request_id, owners[-1])
    return [
        each | _award(proposal, inside, drawing) for each, proposal in zip(things, proposals, strict=True)
    ]


def _requests(owner: Actor, mill: Actor, drawing: UUID, inside: str) -> dict[str, str]:
    own = draft_request(owner, asked=asked(), files=[store_file(owner, name="图.png", content=PNG).id])
    theirs = draft_request(mill, asked=asked(providers=(owner.org,)), files=[drawing])
    publish_request(mill, request_id=theirs)
    seal_proposal(owner, request_id=theirs, envelope=seal(inside, code=new_code(), request_id=theirs))
    return {"own_request": str(own), "asked_request": str(theirs), "attachment": str(drawing)}


def _sealed(owners: Sequence[Actor], mill: Actor, inside: str) -> list[Proposal]:
    """The mill's, to a request of each owner; all with one deadline, which is about to pass."""
    for window in WINDOWS:
        try:
            with transaction.atomic():
                closes_at = database_now() + timedelta(seconds=window)
                rows = [_proposal(owner, mill, inside, closes_at) for owner in owners]
                with connection.cursor() as cursor:  # looked at now, not when the test's transaction ends
                    cursor.execute("SET CONSTRAINTS projects_proposal_committed IMMEDIATE")
                    cursor.execute("SET CONSTRAINTS projects_proposal_committed DEFERRED")
                return rows
        except (IntegrityError, OperationalError):
            continue
    raise AssertionError("too slow")


def _proposal(owner: Actor, mill: Actor, inside: str, closes_at: datetime) -> Proposal:
    request = Bidding(owner, mill, mill, {}).closing(closes_at)
    envelope = seal(inside, code=new_code(), request_id=request)
    row = Proposal(
        request_id=request,
        buyer_org_id=owner.org,
        provider_org_id=mill.org,
        number=1,
        sealed=envelope.sealed,
        commitment=envelope.commitment,
    )
    with acting(org=mill.org):
        row.save(force_insert=True)
    return row


def _award(proposal: Proposal, inside: str, drawing: UUID) -> dict[str, str]:
    request = proposal.request_id
    sides = {"buyer_org_id": proposal.buyer_org_id, "provider_org_id": proposal.provider_org_id}
    bid = json.loads(inside)
    opening = Opening(proposal=proposal, request_id=request, content=inside, price_fen=300_000, **sides)
    contract = Contract(request_id=request, opening=opening, offer_id=bid["offer"], reason="合适", **sides)
    milestone = Milestone(contract=contract, place=1, **bid["milestones"][0], **sides)
    later = {"place": 1, **bid["milestones"][0], "due_date": "2100-06-01"}
    change = Change(
        contract=contract, by_org_id=proposal.provider_org_id, number=1, edits=[later], reason="改期", **sides
    )
    delivered = [{"id": str(drawing), "name": "图.png", "size": len(PNG), "sha256": ""}]
    delivery = Delivery(
        contract=contract,
        place=1,
        number=1,
        text="小样",
        files=delivered,
        due_at=database_now() + WEEK,
        **sides,
    )
    signature = Signature(change=change, org_id=proposal.provider_org_id, word="signed", **sides)
    mill = proposal.provider_org_id
    for org, row in (
        (mill, opening),
        (proposal.buyer_org_id, contract),
        (mill, milestone),
        (mill, change),
        (mill, signature),
        (mill, delivery),
    ):
        with acting(org=org):
            row.save(force_insert=True)
    ids = {"contract": str(contract.id), "change": str(change.id), "delivered_file": str(drawing)}
    return ids | {"proposal": str(proposal.id)}
