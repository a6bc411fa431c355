"""Selling to who calls: a firm's mandate lets a provider order in its name; above its limit its own people approve."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from staveworks.foundation.eventlog.queries import list_events
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.queries import AgentFound, actor_for, list_mandators
from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.foundation.parties.usecases.give_mandate import give_mandate, withdraw_mandate
from staveworks.trade.orders.queries import access_line, list_orders
from staveworks.trade.orders.types import LineState, OrderState, ProviderAccepts, ProviderCancels
from staveworks.trade.orders.usecases.accept_line import accept_line
from staveworks.trade.orders.usecases.answer_line import confirm_line
from staveworks.trade.orders.usecases.decide_approval import approve_order
from staveworks.trade.orders.usecases.deliver_line import deliver_part
from staveworks.trade.orders.usecases.dispute_line import open_dispute
from staveworks.trade.orders.usecases.end_line import cancel_line
from staveworks.trade.orders.usecases.fill_order import add_line
from staveworks.trade.orders.usecases.hold_order import hold_order
from staveworks.trade.orders.usecases.place_order import place_order
from staveworks.trade.orders.usecases.set_limit import set_limit
from tests.trading import PLAIN, publish
from tests.world import Firm, World, join, make_firm, make_person, make_world

ORDERING = ["organisation.read", "offer.read", "order.read", "order.place"]


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.MECHANISMS = PLAIN
    return make_world()


@pytest.fixture
def lab(world: World) -> Actor:
    return join(make_person("方敏"), make_firm("中纺检测", Kind.PROVIDER), Role.OWNER)


def mandate(world: World, lab: Actor, rights: list[str]) -> Any:
    until = timezone.localdate() + timedelta(days=30)
    return give_mandate(world.lin, agent=AgentFound("中纺检测", org_id=lab.org), rights=rights, until=until)


def browse(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(id=actor.person_id))
    return client


def test_an_order_by_mandate_waits_for_the_firms_own_approval(world: World, lab: Actor) -> None:
    offer = publish(lab)
    set_limit(world.lin, limit_fen=10_000)
    client = browse(lab)
    assert "请来电的企业先委托" in client.get("/desk/callers/").content.decode()
    mandate(world, lab, ORDERING)
    page = client.get("/desk/callers/").content.decode()
    assert "春晖织造" in page
    own = f"/offers/?provider={lab.org}"
    assert f'value="{own}"' in page
    sent = {"organisation": str(world.chunhui.id), "next": own}
    assert client.post("/join/switch/", sent)["Location"] == own
    assert "面料耐磨检测" in client.get(own).content.decode()
    draft = client.post(f"/offers/{offer.offer_id}/", {"quantity": "1"})["Location"]
    client.post(f"{draft}hold/")
    client.post(f"{draft}place/", {"expected_fen": "68000"})
    (card,) = list_orders(world.lin)
    assert card.state is OrderState.AWAITING_APPROVAL
    assert client.post(f"{draft}approve/").status_code == 403, "not by who ordered"
    approve_order(world.lin, order_id=card.id)
    (card,) = list_orders(world.lin)
    assert card.state is OrderState.RUNNING
    for reader in (world.lin, lab):  # both trails say who asked for whom, and through whom
        (asked,) = [each for each in list_events(reader, limit=50) if each.type == "approval.requested"]
        assert (asked.org_id, asked.person_id, asked.via_org_id) == (world.chunhui.id, lab.person_id, lab.org)


def test_only_mandates_to_order_that_are_in_force_count(world: World, lab: Actor) -> None:
    given = mandate(world, lab, ["offer.read"])
    assert list_mandators(lab, right="order.place") == []
    withdraw_mandate(world.lin, mandate_id=given)
    given = mandate(world, lab, ORDERING)
    (firm,) = list_mandators(lab, right="order.place")
    assert (firm.card.name, firm.until > timezone.localdate()) == ("春晖织造", True)
    clerk = join(make_person("柳青"), make_firm("中纺检测二", Kind.PROVIDER), Role.CLERK)
    assert list_mandators(clerk, right="order.place") == []
    withdraw_mandate(world.lin, mandate_id=given)
    assert list_mandators(lab, right="order.place") == []


def test_before_it_is_taken_on_whoever_calls_may_have_it_cancelled(world: World, lab: Actor) -> None:
    mandate(world, lab, ORDERING)
    assert lab.person_id
    caller = actor_for(lab.person_id, world.lin.org, via_org_id=lab.org)
    added = add_line(caller, version_id=publish(lab).id, request={})
    hold_order(caller, order_id=added.order_id)
    place_order(caller, order_id=added.order_id)
    assert cancel_line(caller, line_id=added.line_id) == 0
    assert access_line(world.lin, line_id=added.line_id).state is LineState.CANCELLED


@pytest.mark.parametrize("by_person", [True, False], ids=["her own mandate", "her organisation's"])
def test_who_delivered_neither_accepts_nor_disputes_it_for_the_buyer(
    world: World, lab: Actor, by_person: bool
) -> None:
    mandated = (
        AgentFound("方敏", person_id=lab.person_id) if by_person else AgentFound("中纺检测", org_id=lab.org)
    )
    until = timezone.localdate() + timedelta(days=30)
    give_mandate(world.lin, agent=mandated, rights=ORDERING, until=until)
    give_mandate(
        world.lin, agent=AgentFound("吴", person_id=world.wu.person_id), rights=ORDERING, until=until
    )
    assert lab.person_id
    assert world.wu.person_id
    caller = actor_for(lab.person_id, world.lin.org, via_org_id=None if by_person else lab.org)
    added = add_line(caller, version_id=publish(lab).id, request={})
    hold_order(caller, order_id=added.order_id)
    place_order(caller, order_id=added.order_id)
    confirm_line(lab, line_id=added.line_id)
    with pytest.raises(ProviderCancels):
        cancel_line(caller, line_id=added.line_id)
    deliver_part(lab, line_id=added.line_id, text="报告", last=True)
    agent = join(make_person("孙办"), Firm(lab.org, "中纺检测"), Role.AGENT)  # who serves nobody herself
    colleague = None if by_person else actor_for(agent.person, world.lin.org, via_org_id=lab.org)
    for each in filter(None, (caller, colleague)):
        with pytest.raises(ProviderAccepts):
            accept_line(each, line_id=added.line_id)
    with pytest.raises(ProviderAccepts):
        open_dispute(caller, line_id=added.line_id, reason="同意", stands_fen=68_000)
    accept_line(actor_for(world.wu.person_id, world.lin.org), line_id=added.line_id)  # mandated, of neither
