"""An order by API: filled, held, placed, delivered and accepted; each effect once for a key, each refusal a problem that says of what."""

from typing import Any
from uuid import UUID

import pytest

from staveworks.foundation.parties.types import Actor
from staveworks.trade.catalogue.usecases.publish_offer import change_price
from staveworks.trade.orders.queries import list_desk
from staveworks.trade.orders.usecases.end_line import release_line
from tests.contract.caller import Caller, make_token
from tests.ordering import Market, make_market
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
API = "/api/v1/"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def market(world: World) -> Market:
    return make_market(world)


class By:
    """A program of ``actor``: what it is answered, as JSON with the status in front."""

    def __init__(self, actor: Actor) -> None:
        self.client = Caller(make_token(actor))

    def post(self, path: str, body: dict[str, Any] | None = None, key: str = "") -> tuple[int, Any]:
        headers = {"Idempotency-Key": key} if key else {}
        sent: dict[str, Any] = {} if body is None else {"data": body, "content_type": "application/json"}
        answer = self.client.post(API + path, headers=headers, **sent)
        return answer.status_code, answer.json()

    def get(self, path: str) -> tuple[int, Any]:
        answer = self.client.get(API + path)
        return answer.status_code, answer.json()


def test_from_the_first_line_to_acceptance(world: World, market: Market) -> None:
    buyer, mill = By(world.lin), By(market.lu)
    status, made = buyer.post("orders/lines", {"version": str(market.yarn.id), "request": {"quantity": 5}})
    assert status == 201
    order = f"orders/{made['order']}"
    assert buyer.post(order + "/hold")[0] == 200
    assert buyer.post(order + "/place", {"expected_fen": 10_000}) == (200, {"state": "running"})
    (line,) = mill.get("lines?state=placed")[1]["items"]
    assert (line["price_fen"], line["quote"]["parts"][0]["quantity"]) == (10_000, "5")
    assert mill.post(f"lines/{line['id']}/confirm")[0] == 200
    part = {"text": "批号 77", "last": True}
    assert mill.post(f"lines/{line['id']}/parts", part) == (201, {"part": 1})
    assert buyer.post(f"lines/{line['id']}/accept")[0] == 200
    _, seen = buyer.get(order)
    assert (seen["order"]["state"], seen["lines"][0]["accepted_fen"]) == ("done", 10_000)


def test_an_effect_happens_once_for_a_key(world: World, market: Market) -> None:
    buyer, order = By(world.lin), market.fill(world.lin, market.yarn)
    assert buyer.post(f"orders/{order}/hold", key="h")[0] == 200
    first = buyer.post(f"orders/{order}/place", {"expected_fen": 20_000}, key="p")
    assert buyer.post(f"orders/{order}/place", {"expected_fen": 20_000}, key="p") == first
    assert first == (200, {"state": "running"})
    assert buyer.post(f"orders/{order}/place", {"expected_fen": 1}, key="p")[0] == 422
    assert buyer.post(f"orders/{order}/place", {"expected_fen": 20_000}, key="q")[0] == 409
    assert len(list_desk(market.lu)) == 1


def test_a_refusal_says_of_which_line(world: World, market: Market) -> None:
    buyer, order = By(world.lin), market.fill(world.lin, market.test, market.yarn, quantity=501)
    lines = {line["title"]["en"]: line["id"] for line in buyer.get(f"orders/{order}")[1]["lines"]}
    status, gone = buyer.post(f"orders/{order}/hold")
    assert (status, kind(gone)) == (409, "lines-not-free")
    assert [error["parameter"] for error in gone["errors"]] == [lines["Combed cotton yarn, 40s"]]
    dearer = {"kind": "fixed", "amount_fen": 72_000}
    change_price(market.fang, offer_id=market.test.offer_id, price=dearer, groups=None, number=1)
    status, dear = buyer.post(f"orders/{order}/hold")
    assert (status, kind(dear)) == (409, "price-changed")
    assert [error["parameter"] for error in dear["errors"]] == [lines["Fabric abrasion test"]]
    (change,) = buyer.get(f"orders/{order}/changes")[1]["changes"]
    assert (change["old_fen"], change["new_fen"]) == (68_000, 72_000)


def test_a_price_that_changes_between_hold_and_place_is_asked_about_again(
    world: World, market: Market
) -> None:
    buyer, order = By(world.lin), market.fill(world.lin, market.test)
    assert buyer.post(f"orders/{order}/hold")[0] == 200
    dearer = {"kind": "fixed", "amount_fen": 72_000}
    change_price(market.fang, offer_id=market.test.offer_id, price=dearer, groups=None, number=1)
    for sent in ({"expected_fen": 68_000}, {}):
        status, refused = buyer.post(f"orders/{order}/place", sent, key="place")
        assert (status, kind(refused)) == (409, "price-changed")
        assert refused["errors"][0]["parameter"] == buyer.get(f"orders/{order}")[1]["lines"][0]["id"]
        if sent:
            assert buyer.post(f"orders/{order}/place", sent, key="place")[0] == 409
    assert list_desk(market.fang) == []
    assert buyer.post(f"orders/{order}/prices")[0] == 200
    assert buyer.post(f"orders/{order}/hold")[0] == 200
    placed = buyer.post(f"orders/{order}/place", {"expected_fen": 72_000}, key="place")
    assert placed == (200, {"state": "running"}), "a refusal is not kept under its key"
    (line,) = list_desk(market.fang)
    number = 2
    change_price(
        market.fang,
        offer_id=market.test.offer_id,
        price={"kind": "fixed", "amount_fen": 1},
        groups=None,
        number=number,
    )
    assert buyer.get(f"lines/{line.id}")[1]["price_fen"] == 72_000, "what is placed stays as it was agreed"


def test_what_is_wrong_stands_at_its_field(world: World, market: Market) -> None:
    buyer = By(world.lin)
    status, wrong = buyer.post("orders/lines", {"version": str(market.yarn.id), "request": {"quantity": 0}})
    assert (status, wrong["errors"][0]["pointer"]) == (422, "/request/quantity")
    line = market.deliver(world.lin, market.test).id
    dispute = {"reason": "少一项", "stands_fen": 68_001}
    status, wrong = buyer.post(f"lines/{line}/dispute", dispute)
    assert (status, wrong["errors"][0]["pointer"]) == (422, "/stands_fen")


def test_a_ruling_below_what_the_buyer_accepts_is_refused(world: World, market: Market) -> None:
    line = market.deliver(world.lin, market.test).id
    By(world.lin).post(f"lines/{line}/dispute", {"reason": "少一项", "stands_fen": 20_000})
    By(market.fang).post(f"lines/{line}/dispute/answer", {"text": "样品不够", "agree": False})
    ruling, desk = f"lines/{line}/dispute/decision", By(world.gao)
    status, wrong = desk.post(ruling, {"accepted_fen": 19_999, "reason": "x"})
    assert (status, wrong["errors"][0]["pointer"]) == (422, "/accepted_fen")
    assert desk.post(ruling, {"accepted_fen": 20_000, "reason": "只有这些"})[0] == 200


def test_a_line_that_both_changed_says_so_and_a_dispute_until_when_its_answer_is_awaited(
    world: World, market: Market
) -> None:
    buyer = By(world.lin)
    kept, changed = (
        market.deliver(world.lin, market.test).id,
        market.place(world.lin, market.yarn).lines[0].id,
    )
    release_line(world.lin, market.lu, line_id=changed)
    assert (buyer.get(f"lines/{changed}")[1]["by_both"], buyer.get(f"lines/{kept}")[1]["by_both"]) == (
        True,
        False,
    )
    buyer.post(f"lines/{kept}/dispute", {"reason": "少一项", "stands_fen": 0})
    dispute = buyer.get(f"lines/{kept}")[1]["dispute"]
    assert dispute["opened_at"] < dispute["answer_due_at"]


def test_lists_that_are_cut_begin_with_the_last_moved(
    world: World, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("staveworks.api.v1.lines.MOST", 1)
    lines = [str(market.deliver(world.lin, market.test).id) for _ in range(2)]
    assert [line["id"] for line in By(market.fang).get("lines")[1]["items"]] == [lines[1]]
    buyer = By(world.lin)
    for line in lines:
        buyer.post(f"lines/{line}/dispute", {"reason": "少一项", "stands_fen": 0})
    assert [line["id"] for line in By(world.gao).get("disputes")[1]["items"]] == [lines[1]]


def test_strangers_find_nothing(world: World, market: Market) -> None:
    line = market.deliver(world.lin, market.test)
    stranger = By(world.wu)
    paths: list[tuple[str, UUID]] = [("orders", line.order_id), ("lines", line.id)]
    assert [stranger.get(f"{path}/{thing}")[0] for path, thing in paths] == [404, 404]
    assert stranger.post(f"lines/{line.id}/accept")[0] == 404


def kind(problem: dict[str, Any]) -> str:
    return str(problem["type"]).rpartition("#")[2]
