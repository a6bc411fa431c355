"""Every step that waits for somebody is a to-do of hers, until it is done."""

from collections.abc import Callable
from uuid import UUID

import pytest

from staveworks.db.transaction import acting
from staveworks.foundation.parties.types import Actor
from staveworks.jobs.todos.sources import SOURCES
from staveworks.kit.waiting import Waiting
from staveworks.mechanisms.projects.models import Signature
from staveworks.mechanisms.projects.queries import access_contract
from staveworks.mechanisms.projects.types import Edit
from staveworks.mechanisms.projects.usecases.award_request import award_request
from staveworks.mechanisms.projects.usecases.change_contract import propose_change, sign_change
from staveworks.mechanisms.projects.usecases.run_contract import (
    accept_milestone,
    confirm_contract,
    deliver_milestone,
    return_milestone,
)
from tests.bidding import Bidding, make_bidding, planned
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
OURS = ("request.answer", "proposal.open", "request.award", "contract.order")
THEIRS = ("milestone.accept", "milestone.redo", "change.sign")


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def bidding(world: World) -> Bidding:
    return make_bidding(world)


def waits(actor: Actor, subject: UUID) -> set[str]:
    """The kinds of to-dos about ``subject`` at the actor's organisation."""
    with acting(org=actor.org):
        return {kind for kind in (*OURS, *THEIRS) if _found(SOURCES[kind], actor.org, subject)}


def _found(find: Callable[..., list[Waiting]], org: UUID, subject: UUID) -> bool:
    return any(each.subject == subject and each.org_id == org for each in find(org=org))


def test_of_a_request_each_turn_is_somebodys(bidding: Bidding) -> None:
    named = bidding.published(providers=(bidding.fang.org,))
    assert [waits(each, named) for each in (bidding.fang, bidding.lu, bidding.lin)] == [
        {"request.answer"},
        set(),
        set(),
    ]
    bidding.seal(bidding.fang, named, 100)
    assert waits(bidding.fang, named) == set()
    request = bidding.closed()
    assert [waits(each, request) for each in (bidding.fang, bidding.lu)] == [{"proposal.open"}] * 2
    assert waits(bidding.lin, request) == set(), "something may still be opened"
    for each in (bidding.fang, bidding.lu):
        bidding.open(each, request)
        assert waits(each, request) == set()
    assert waits(bidding.lin, request) == {"request.award"}
    proposal = bidding.proposal(request, bidding.fang)
    contract = award_request(bidding.lin, request_id=request, proposal_id=proposal, reason="经验多")
    assert waits(bidding.lin, request) == set()
    assert waits(bidding.lin, contract) == {"contract.order"}
    bidding.place()
    assert waits(bidding.lin, contract) == set()


def test_of_a_contract_each_turn_is_somebodys(bidding: Bidding) -> None:
    contract = bidding.awarded()
    bidding.place()
    confirm_contract(bidding.fang, contract_id=contract)
    deliver_milestone(bidding.fang, contract_id=contract, place=1, text="小样")
    assert (waits(bidding.lin, contract), waits(bidding.fang, contract)) == ({"milestone.accept"}, set())
    return_milestone(bidding.lin, contract_id=contract, place=1, reason="色差")
    assert (waits(bidding.lin, contract), waits(bidding.fang, contract)) == (set(), {"milestone.redo"})
    deliver_milestone(bidding.fang, contract_id=contract, place=1, text="重做")
    accept_milestone(bidding.lin, contract_id=contract, place=1)
    assert (waits(bidding.lin, contract), waits(bidding.fang, contract)) == (set(), set())
    edits = [Edit(2, planned("大样", 260_000))]
    change = propose_change(bidding.lin, contract_id=contract, edits=edits, reason="加色")
    assert (waits(bidding.lin, contract), waits(bidding.fang, contract)) == (set(), {"change.sign"})
    sign_change(bidding.fang, change_id=change)
    assert waits(bidding.fang, contract) == set()
    assert waits(bidding.lin, contract) == {"contract.order"}, "the dearer milestone has another line"
    with acting(org=bidding.lin.org):
        (waiting,) = SOURCES["contract.order"](org=bidding.lin.org)
        signed = Signature.objects.filter(change_id=change).latest("at").at
    assert waiting.since == signed, "since then, not since the contract was made"
    assert len(access_contract(bidding.lin, contract_id=contract).milestones) == 2
