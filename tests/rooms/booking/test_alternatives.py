"""A time that can't be had: the nearest ones here and in other cities, each with its price and one link or button that books it."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.kit.spans import Span
from staveworks.mechanisms.booking.alternatives import list_alternatives
from staveworks.mechanisms.booking.usecases.close_for import close_for
from staveworks.mechanisms.booking.usecases.keep_resource import register_bookable
from staveworks.trade.catalogue.types import OfferVersion
from staveworks.trade.orders.queries import access_line, access_order, list_orders
from staveworks.trade.orders.types import LineState
from staveworks.trade.orders.usecases.fill_order import add_line
from staveworks.trade.orders.usecases.hold_order import hold_order
from tests.booking import HOURLY, LOOM, Lab, at, make_lab, monday
from tests.contract.caller import Caller, make_token
from tests.trading import publish
from tests.world import World, join, make_firm, make_person

pytestmark = pytest.mark.django_db
ELSEWHERE = {"320509": 118, "330106": 40}


@pytest.fixture
def lab(world: World) -> Lab:
    """One loom in 柯桥."""
    return make_lab(world, units=1, city="330603")


def lend(city: str, **more: Any) -> OfferVersion:
    """Another laboratory with a loom, without windows."""
    who = join(make_person("何远"), make_firm(f"{city}检测", Kind.PROVIDER), Role.OWNER)
    kind = more.pop("kind", "machine")
    resource = register_bookable(who, details=replace(LOOM, city=city, kind=kind))
    return publish(who, mechanism="booking", price=HOURLY, terms={"resource": str(resource)}, **more)


def signed_in(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(Person.objects.get(id=actor.person))
    return client


def test_the_same_loom_first_then_others_by_time_then_by_city_at_her_price(world: World, lab: Lab) -> None:
    day = monday()
    lab.book(world.wu, day, "09:00", minutes=60)
    wujiang, hangzhou = (lend(city) for city in ELSEWHERE)
    lend("330603", kind="room"), lend("330603", planks=["rnd"])
    request = {"starts_at": f"{day}T09:00", "minutes": 60, "note": "急"}
    found = list_alternatives(world.lin, version_id=lab.offer.id, request=request)
    said = [
        (
            each.offer_id,
            f"{each.span.starts_at.astimezone(at(day, '00:00').tzinfo):%H:%M}",
            each.km,
            each.price_fen,
        )
        for each in found
    ]
    assert said == [
        (lab.offer.offer_id, "10:00", 0, 27_000),
        (lab.offer.offer_id, "11:00", 0, 27_000),
        (hangzhou.offer_id, "09:00", ELSEWHERE["330106"], 18_000),
        (wujiang.offer_id, "09:00", ELSEWHERE["320509"], 18_000),
        (hangzhou.offer_id, "10:00", ELSEWHERE["330106"], 18_000),
    ]
    assert found[2].request == {
        "starts_at": at(day, "09:00").astimezone(found[2].span.starts_at.tzinfo).isoformat(),
        "minutes": 60,
        "note": "急",
    }


def test_a_refused_order_shows_them_and_takes_one_by_a_button(world: World, lab: Lab) -> None:
    day = monday()
    lab.book(world.wu, day, "09:00", minutes=60)
    wujiang = lend("320509")
    added = add_line(world.lin, version_id=lab.offer.id, request={"starts_at": f"{day}T09:00", "minutes": 60})
    page = signed_in(world.lin)
    refused = page.post(f"/orders/{added.order_id}/hold/")
    assert refused.status_code == 409
    (missing,) = refused.context["missing"]
    first = next(each for each in missing.alternatives if each.offer_id == wujiang.offer_id)
    text = refused.content.decode()
    assert f"/offers/{lab.offer.offer_id}/wish/?starts_at=" in text
    assert page.get(first.path.partition("#")[0]).context["quote"].price_fen == 18_000
    taken = page.post(
        f"/orders/{added.order_id}/lines/{added.line_id}/instead/",
        {"version": str(first.version_id), "starts_at": first.request["starts_at"]},
    )
    assert taken.status_code == 302
    (line,) = access_order(world.lin, order_id=added.order_id).lines
    assert (line.offer_id, line.quote.starts_at) == (wujiang.offer_id, at(day, "09:00"))
    assert line.held_until
    gone = page.post(
        f"/orders/{added.order_id}/lines/{line.id}/instead/",
        {"version": str(lab.offer.id), "starts_at": "soon"},
    )
    assert gone.status_code == 422
    assert len(access_order(world.lin, order_id=added.order_id).lines) == 1


def test_by_program_the_refusal_says_what_to_ask_instead(world: World, lab: Lab) -> None:
    day = monday()
    lab.book(world.wu, day, "09:00", minutes=60)
    added = add_line(world.lin, version_id=lab.offer.id, request={"starts_at": f"{day}T09:00", "minutes": 60})
    api = Caller(make_token(world.lin))
    refused = api.post(f"/api/v1/orders/{added.order_id}/hold")
    problem = refused.json()
    assert (refused.status_code, problem["type"].rpartition("#")[2]) == (409, "lines-not-free")
    (first, *_) = problem["alternatives"][str(added.line_id)]
    body = {"version": first["version"], "request": first["request"]}
    made = api.post("/api/v1/orders/lines", body, content_type="application/json")
    assert made.status_code == 201
    again = api.get(f"/api/v1/lines/{added.line_id}/alternatives").json()["alternatives"]
    assert again == problem["alternatives"][str(added.line_id)]


def test_whoever_had_to_make_way_reads_them_on_her_booking(world: World, lab: Lab) -> None:
    day = monday()
    line = lab.book(world.lin, day, "09:00", minutes=60)
    close_for(lab.fang, resource_id=lab.looms, during=Span(at(day, "08:00"), at(day, "12:00")), reason="检修")
    assert access_line(world.lin, line_id=line.id).state is LineState.DISPLACED
    shown = signed_in(world.lin).get(f"/lines/{line.id}/").context["alternatives"]
    assert shown[0].span.starts_at == at(day, "12:00")
    assert signed_in(lab.fang).get(f"/lines/{line.id}/").context["alternatives"] == []


def test_an_offer_says_that_the_chosen_time_is_taken_and_offers_no_way_into_the_order(
    world: World, lab: Lab
) -> None:
    day, page = monday(), signed_in(world.lin)
    lab.book(world.wu, day, "09:00", minutes=60)
    address = f"/offers/{lab.offer.offer_id}/?ask=1&minutes=60&starts_at={day}T"
    taken = page.get(f"{address}09:00")
    assert taken.context["free"].taken == at(day, "09:00")
    assert ("isn’t free" in taken.content.decode(), "Add to the order" in taken.content.decode()) == (
        True,
        False,
    )
    free = page.get(f"{address}10:00%2B08:00")
    assert (free.context["free"].taken, free.context["free"].chosen) == (None, f"{day}T10:00")
    assert "Add to the order" in free.content.decode()
    longer = page.get(f"{address}10:00".replace("minutes=60", "minutes=240")).context["free"]
    assert "08:30" not in [read for _, read in longer.times]


def test_a_change_of_a_held_order_says_that_the_hold_was_given_back(world: World, lab: Lab) -> None:
    day, page = monday(), signed_in(world.lin)

    def told(address: str, data: dict[str, Any] | None = None) -> str:
        (message,) = page.post(address, data or {}, follow=True).context["messages"]
        return str(message)

    offer, asked = f"/offers/{lab.offer.offer_id}/", {"minutes": "60", "quantity": "1"}
    assert told(offer, asked | {"starts_at": f"{day}T09:00"}) == "Added to the order."
    (order,) = list_orders(world.lin)
    hold_order(world.lin, order_id=order.id)
    given_back = "The hold was given back; hold again when the order is complete."
    assert told(offer, asked | {"starts_at": f"{day}T11:00"}) == f"Added to the order. {given_back}"
    hold_order(world.lin, order_id=order.id)
    lines = access_order(world.lin, order_id=order.id).lines
    assert told(f"/orders/{order.id}/lines/{lines[0].id}/remove/") == f"Removed. {given_back}"
    assert told(f"/orders/{order.id}/lines/{lines[1].id}/remove/") == "Removed."
