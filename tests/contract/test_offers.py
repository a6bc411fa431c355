"""The catalogue by API: search page by page, a price, an offer from draft to withdrawal, refusals at their fields."""

from typing import Any

import pytest

from staveworks.foundation.parties.types import Actor, Kind, Role
from tests.contract.caller import Caller, make_token
from tests.trading import document, publish
from tests.world import World, join, make_firm, make_person, make_world

KILO = {"kind": "per_unit", "unit": {"zh": "公斤", "en": "kg"}, "unit_price_fen": 300, "minimum": "5"}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def lab(world: World) -> Actor:
    return join(make_person("方敏"), make_firm("中纺检测", Kind.PROVIDER, city="330603"), Role.OWNER)


@pytest.fixture
def buyer(world: World) -> Caller:
    return Caller(make_token(world.lin, ["offer.read", "order.place"], secret="b"))


@pytest.fixture
def seller(lab: Actor) -> Caller:
    return Caller(make_token(lab, ["offer.read", "offer.manage"], secret="s"))


def test_a_search_goes_on_where_the_page_before_ended(buyer: Caller, lab: Actor) -> None:
    for number in range(5):
        publish(lab, title={"zh": f"检测 {number}"})
    publish(lab, title={"zh": "商标"}, planks=["ip"])
    seen: list[str] = []
    cursor: Any = None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = buyer.get("/api/v1/offers", {"q": "检测", "plank": "inspection", "limit": 2, **more}).json()
        assert page["total"] == 5
        seen += [row["title"]["zh"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(seen) == [f"检测 {number}" for number in range(5)]
    assert page["counts"]["plank"] == {"inspection": 5}
    assert page["order"] == "relevance"


def test_a_filter_that_cannot_be_is_refused(buyer: Caller) -> None:
    assert buyer.get("/api/v1/offers", {"order": "luck"}).status_code == 422
    assert buyer.get("/api/v1/offers", {"within": 0}).status_code == 422
    assert buyer.get("/api/v1/offers", {"q": "'); --"}).status_code == 200


def test_a_request_is_priced_and_a_wrong_one_refused_at_its_field(buyer: Caller, lab: Actor) -> None:
    version = publish(lab, price=KILO)
    url = f"/api/v1/offers/versions/{version.id}/quote"
    priced = buyer.post(url, {"request": {"quantity": 20}}, content_type="application/json")
    assert priced.json()["price_fen"] == 6_000
    wrong = buyer.post(url, {"request": {"quantity": 2}}, content_type="application/json")
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"].endswith("quantity")


def test_an_offer_from_draft_to_withdrawal(buyer: Caller, seller: Caller) -> None:
    made = seller.post(
        "/api/v1/offers", {"content": document(planks=["nothing"])}, content_type="application/json"
    )
    assert made.status_code == 201
    url = f"/api/v1/offers/{made.json()['id']}"
    refused = seller.post(f"{url}/publish")
    assert refused.status_code == 422
    assert "planks" in refused.json()["errors"][0]["pointer"]
    assert buyer.get(url).status_code == 404
    assert (
        seller.put(f"{url}/draft", {"content": document()}, content_type="application/json").status_code
        == 200
    )
    assert seller.post(f"{url}/publish").json()["number"] == 1
    assert buyer.get(url).json()["version"]["content"]["title"]["en"] == "Fabric abrasion test"
    cheaper = {"price": {"kind": "fixed", "amount_fen": 60_000}, "number": 1}
    assert seller.post(f"{url}/price", cheaper, content_type="application/json").json()["number"] == 2
    late = {"price": {"kind": "fixed", "amount_fen": 61_000}, "number": 1}
    assert seller.post(f"{url}/price", late, content_type="application/json").status_code == 409
    assert seller.delete(f"{url}/draft").status_code == 409
    assert seller.get("/api/v1/offers/own").json()["items"][0]["state"] == "published"
    assert seller.post(f"{url}/withdraw").status_code == 200
    assert buyer.get("/api/v1/offers").json()["total"] == 0
    assert buyer.get(url).json()["state"] == "withdrawn"


def test_a_draft_of_ones_own_is_deleted_but_nobody_elses(buyer: Caller, seller: Caller, world: World) -> None:
    made = seller.post("/api/v1/offers", {"content": {}}, content_type="application/json").json()["id"]
    other = Caller(make_token(world.wu, ["offer.manage"], secret="o"))
    assert other.delete(f"/api/v1/offers/{made}/draft").status_code == 404
    assert seller.delete(f"/api/v1/offers/{made}/draft").status_code == 200
