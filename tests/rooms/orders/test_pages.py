"""The pages: what a person sees and does, from the basket to what stands after a dispute."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor
from staveworks.kit.figures import money
from staveworks.trade.catalogue.usecases.publish_offer import change_price
from staveworks.trade.orders.models import Line as Row
from staveworks.trade.orders.queries import access_line, access_order, list_desk, list_orders
from staveworks.trade.orders.types import LineState, OrderState
from staveworks.trade.orders.usecases.answer_line import confirm_line, decline_line
from staveworks.trade.orders.usecases.hold_order import hold_order
from staveworks.trade.orders.waiting import lines_to_replace
from tests.ordering import Market, make_market
from tests.trading import publish
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def market(world: World) -> Market:
    return make_market(world)


def sign_in(actor: Actor, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(
        Person.objects.get(id=actor.person), "allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def said(response: HttpResponse) -> str:
    return response.content.decode()


class TestBuying:
    def test_from_an_empty_list_to_a_placed_order(self, world: World, market: Market) -> None:
        client = sign_in(world.lin)
        assert "No orders yet" in said(client.get("/orders/"))
        add = f"/offers/{market.yarn.offer_id}/"
        assert client.post(add, {"quantity": "0"}).status_code == 422
        assert client.post(add, {"quantity": "5"}).status_code == 302
        (card,) = list_orders(world.lin)
        page = said(client.get(f"/orders/{card.id}/"))
        assert "Hold and review" in page
        assert "¥100.00" in page
        client.post(f"/orders/{card.id}/hold/")
        page = said(client.get(f"/orders/{card.id}/"))
        assert "Place the order, ¥100.00" in page
        assert "Hold and review" not in page, "one primary button"
        client.post(f"/orders/{card.id}/place/", {"expected_fen": "10000"})
        assert list_orders(world.lin)[0].state is OrderState.RUNNING
        assert "waiting for confirmation" in said(client.get(f"/orders/{card.id}/"))

    def test_what_is_added_is_what_the_fields_say_now_whatever_was_priced_before(
        self, world: World, market: Market
    ) -> None:
        client, offer = sign_in(world.lin), f"/offers/{market.yarn.offer_id}/"
        priced = client.post(offer, {"quantity": "2", "ask": "price"})
        assert priced["Location"] == f"{offer}?ask=1&quantity=2#price"
        page = said(client.get(priced["Location"]))
        (form,) = re.findall(r"<form[^>]*#price.*?</form>", page, re.DOTALL)
        assert ("Add to the order" in form, form.count('name="quantity"')) == (True, 1)
        assert 'name="csrfmiddlewaretoken"' in form
        wrong = client.post(offer, {"quantity": "0"})
        assert (wrong.status_code, 'value="0"' in said(wrong)) == (422, True)
        client.post(offer, {"quantity": "5"})
        (order,) = list_orders(world.lin)
        assert order.price_fen == 10_000
        assert "5 × ¥20.00 / kg" in re.sub(r"<[^>]+>", "", said(client.get(f"/orders/{order.id}/")))

    def test_where_nothing_is_scarce_an_order_goes_the_same_way(self, world: World, market: Market) -> None:
        offer = publish(market.fang)
        order = market.fill(world.lin, offer)
        client = sign_in(world.lin)
        client.post(f"/orders/{order}/hold/")
        page = said(client.get(f"/orders/{order}/"))
        assert "Place the order, ¥680.00" in page
        client.post(f"/orders/{order}/place/", {"expected_fen": "68000"})
        assert list_orders(world.lin)[0].state is OrderState.RUNNING

    def test_a_changed_price_is_shown_old_and_new_and_taken_or_not(
        self, world: World, market: Market
    ) -> None:
        order = market.fill(world.lin, market.test)
        dearer = {"kind": "fixed", "amount_fen": 72_000}
        change_price(market.fang, offer_id=market.test.offer_id, price=dearer, groups=None, number=1)
        client = sign_in(world.lin)
        refused = client.post(f"/orders/{order}/hold/")
        assert refused.status_code == 409
        assert "It was ¥680.00 and is ¥720.00 now" in said(refused)
        client.post(f"/orders/{order}/prices/")
        assert access_order(world.lin, order_id=order).card.price_fen == 72_000

    def test_a_price_that_changes_under_the_last_click_is_asked_about_again(
        self, world: World, market: Market
    ) -> None:
        order, client = market.fill(world.lin, market.test), sign_in(world.lin)
        client.post(f"/orders/{order}/hold/")
        (shown,) = re.findall(r'name="expected_fen" value="([^"]*)"', said(client.get(f"/orders/{order}/")))
        cheaper = {"kind": "fixed", "amount_fen": 61_000}
        change_price(market.fang, offer_id=market.test.offer_id, price=cheaper, groups=None, number=1)
        refused = client.post(f"/orders/{order}/place/", {"expected_fen": shown})
        assert (shown, refused.status_code) == ("68000", 409)
        assert "It was ¥680.00 and is ¥610.00 now" in said(refused)
        assert f'action="/orders/{order}/prices/"' in said(refused)
        assert f'action="/orders/{order}/place/"' not in said(refused), "not at a price that holds no more"
        assert list_orders(world.lin)[0].state is OrderState.DRAFT
        client.post(f"/orders/{order}/prices/")
        client.post(f"/orders/{order}/hold/")
        client.post(f"/orders/{order}/place/", {"expected_fen": "61000"})
        assert access_order(world.lin, order_id=order).lines[0].price_fen == 61_000

    def test_what_is_gone_is_named_and_nothing_is_lost(self, world: World, market: Market) -> None:
        order = market.fill(world.lin, market.yarn, market.test, quantity=501)
        refused = sign_in(world.lin, "zh").post(f"/orders/{order}/hold/")
        assert refused.status_code == 409
        assert "精梳棉纱 40 支</b>：余量不够。" in said(refused)
        assert len(access_order(world.lin, order_id=order).lines) == 2

    def test_above_the_limit_another_person_decides_on_the_same_page(
        self, world: World, market: Market
    ) -> None:
        client = sign_in(world.lin)
        assert client.post("/orders/limit/", {"limit": "-1"}).status_code == 422
        client.post("/orders/limit/", {"limit": "500"})
        assert "¥500.00" in said(client.get("/orders/limit/"))
        order = market.fill(world.zhou, market.test)
        clerk = sign_in(world.zhou)
        clerk.post(f"/orders/{order}/hold/")
        assert "Send for approval" in said(clerk.get(f"/orders/{order}/"))
        clerk.post(f"/orders/{order}/place/", {"expected_fen": "68000"})
        assert "Approve and place" not in said(clerk.get(f"/orders/{order}/"))
        assert clerk.post(f"/orders/{order}/approve/").status_code == 403
        page = said(client.get(f"/orders/{order}/"))
        assert "周倩" in page
        assert "Approve and place" in page
        assert client.post(f"/orders/{order}/refuse/", {"reason": ""}).status_code == 422
        client.post(f"/orders/{order}/refuse/", {"reason": "下个月"})
        assert "下个月" in said(clerk.get(f"/orders/{order}/"))
        hold_order(world.zhou, order_id=order)
        clerk.post(f"/orders/{order}/place/", {"expected_fen": "68000"})
        client.post(f"/orders/{order}/approve/")
        late = clerk.post(f"/orders/{order}/recall/")
        assert (late.status_code, "The order was approved and placed." in said(late)) == (409, True)
        assert access_order(world.lin, order_id=order).card.state is OrderState.RUNNING

    def test_a_page_beyond_the_last_of_the_catalogue_is_the_last(self, world: World, market: Market) -> None:
        answer = sign_in(world.lin).get("/offers/?page=99&sort=price")
        assert answer["Location"] == "/offers/?page=1&sort=price"


class TestTheDesk:
    @pytest.fixture
    def line(self, world: World, market: Market) -> UUID:
        return market.place(world.lin, market.yarn, quantity=20).lines[0].id

    @pytest.fixture
    def mill(self, market: Market) -> Client:
        return sign_in(market.lu)

    def test_the_provider_confirms_and_delivers_with_its_words_kept(
        self, world: World, market: Market, mill: Client, line: UUID
    ) -> None:
        assert "1 line waits for you" in said(mill.get("/lines/"))
        mill.post(f"/lines/{line}/serve/confirm/")
        serve = f"/lines/{line}/serve/deliver/"
        refused = mill.post(serve, {"text": "批号 77", "quantity": "21", "last": "on"})
        assert refused.status_code == 422
        assert "批号 77" in said(refused)
        mill.post(serve, {"text": "批号 77", "quantity": "12"})
        mill.post(serve, {"text": "批号 78", "quantity": "8", "last": "on"})
        page = said(sign_in(world.lin, "zh").get(f"/lines/{line}/"))
        assert "批号 77" in page
        assert "自动验收" in page

    def test_what_lapses_first_stands_first_and_says_what_is_to_do(
        self, world: World, market: Market, mill: Client, line: UUID
    ) -> None:
        """The yarn that was taken is due in days; what came later is to be answered before."""
        confirm_line(market.lu, line_id=line)
        later = [market.place(world.lin, market.yarn).lines[0].id for _ in range(2)]
        with acting(org=world.lin.org):
            for place, each in enumerate(reversed(later), 1):
                Row.objects.filter(id=each).update(deadline_at=timezone.now() + timedelta(minutes=place))
        yours = mill.get("/lines/").context["yours"]
        assert [each.line.id for each in yours] == [*reversed(later), line]
        assert [each.badge[1].en for each in yours] == ["new: to answer", "new: to answer", "to deliver"]
        assert f'href="/lines/{later[1]}/">Do the most urgent' in said(mill.get("/lines/"))
        steps = sign_in(world.lin).get(f"/lines/{line}/").context["shown"].steps
        assert [(text.en, how) for text, how in steps][:3] == [
            ("Placed", "done"), ("Confirmed", "done"), ("To deliver", "now"),
        ]  # fmt: skip

    def test_of_what_is_over_the_last_is_shown(
        self, world: World, market: Market, mill: Client, line: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("staveworks.web.deliver.views.SHOWN_OVER", 1)
        later = market.place(world.lin, market.yarn).lines[0].id
        for each in (line, later):
            decline_line(market.lu, line_id=each, reason="已订完")
        page = said(mill.get("/lines/"))
        assert (str(line) in page, str(later) in page) == (False, True)

    def test_a_reason_is_asked_for_where_the_other_side_needs_one(
        self, world: World, mill: Client, line: UUID
    ) -> None:
        assert mill.post(f"/lines/{line}/serve/decline/", {"reason": " "}).status_code == 422
        mill.post(f"/lines/{line}/serve/decline/", {"reason": "已订完"})
        found = access_line(world.lin, line_id=line)
        assert found.reason == "已订完"
        page = said(sign_in(world.lin).get(f"/orders/{found.order_id}/"))
        assert '<b class="num">¥0.00</b>' in page
        assert f"<s>{money(found.price_fen)}</s>" in page
        assert "that fell away" in page

    def test_an_address_of_a_form_opened_again_leads_back_to_its_page(
        self, world: World, market: Market
    ) -> None:
        (line,) = market.place(world.lin, market.yarn).lines
        answer = sign_in(world.lin).get(f"/lines/{line.id}/order/dispute/")
        assert (answer.status_code, answer["Allow"]) == (405, "POST")
        assert f'href="/lines/{line.id}/"' in said(answer)
        assert "Only forms are sent here" in said(answer)

    def test_the_buyer_sees_the_fee_and_pays_no_more(self, world: World, market: Market) -> None:
        (line,) = market.place(world.lin, market.test).lines
        sign_in(market.fang).post(f"/lines/{line.id}/serve/confirm/")
        client = sign_in(world.lin)
        assert "cancelling now costs ¥68.00" in said(client.get(f"/lines/{line.id}/"))
        cancel = f"/lines/{line.id}/order/cancel/"
        refused = client.post(cancel, {"agreed_fee_fen": "0", "reason": "计划变了"})
        assert refused.status_code == 409
        assert "计划变了" in said(refused)
        (shown,) = re.findall(r'name="agreed_fee_fen" value="([^"]*)"', said(refused))
        client.post(cancel, {"agreed_fee_fen": shown, "reason": "计划变了"})
        assert access_line(world.lin, line_id=line.id).fee_fen == 6_800

    def test_a_dispute_goes_from_side_to_side(self, world: World, market: Market) -> None:
        line = market.deliver(world.lin, market.test).id
        buyer, lab, desk = sign_in(world.lin), sign_in(market.fang), sign_in(world.gao)
        too_much = {"reason": "少一项", "stands_fen": "680.01"}
        assert buyer.post(f"/lines/{line}/order/dispute/", too_much).status_code == 422
        buyer.post(f"/lines/{line}/order/dispute/", {"reason": "少一项", "stands_fen": "200"})
        waiting = said(desk.get(f"/lines/{line}/"))
        for each in (waiting, said(buyer.get(f"/lines/{line}/"))):
            assert ("waiting for the provider’s answer" in each, "your turn" in each) == (True, False)
        assert "hasn’t answered yet; it may until" in waiting
        assert 'name="accepted_fen"' not in waiting
        lab.post(f"/lines/{line}/serve/disagree/", {"text": "样品不够"})
        assert "1 waits for your decision" in said(desk.get("/disputes/"))
        assert "waiting for a decision" in said(buyer.get(f"/lines/{line}/"))
        page = said(desk.get(f"/lines/{line}/"))
        assert "样品不够" in page
        assert "From ¥200.00, which the buyer accepts, to ¥680.00" in page
        refused = desk.post(f"/lines/{line}/decide/", {"accepted_fen": "100", "reason": "各担一半"})
        assert refused.status_code == 422
        assert "An amount from ¥200.00 to ¥680.00." in said(refused)
        desk.post(f"/lines/{line}/decide/", {"accepted_fen": "400", "reason": "各担一半"})
        found = access_line(market.fang, line_id=line)
        assert (found.state, found.accepted_fen) == (LineState.ACCEPTED, 40_000)
        assert "¥400.00 stands" in said(lab.get(f"/lines/{line}/"))

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_every_page_is_there_in_both_languages(
        self, world: World, market: Market, line: UUID, language: str
    ) -> None:
        sold = access_line(world.lin, line_id=line)
        pages: list[tuple[Actor, list[str]]] = [
            (world.lin, ["/orders/", f"/orders/{sold.order_id}/", f"/lines/{line}/", "/orders/limit/"]),
            (market.lu, ["/lines/", f"/lines/{line}/"]),
            (world.gao, ["/disputes/"]),
        ]
        for actor, addresses in pages:
            client = sign_in(actor, language)
            assert [client.get(address).status_code for address in addresses] == [200] * len(addresses)

    def test_strangers_find_nothing(self, world: World, line: UUID) -> None:
        order = access_line(world.lin, line_id=line).order_id
        client = sign_in(world.wu)
        for address in (f"/orders/{order}/", f"/lines/{line}/"):
            assert client.get(address).status_code == 404
        assert list_desk(world.wu) == []


def test_what_its_provider_does_not_take_is_found_elsewhere_until_it_is_ordered_again(
    world: World, market: Market
) -> None:
    (line,) = market.place(world.lin, market.test).lines

    def waits() -> list[tuple[UUID, object]]:
        with acting(org=world.lin.org):
            return [(each.subject, each.params["plank"]) for each in lines_to_replace(org=world.lin.org)]

    client, page = sign_in(world.lin), f"/lines/{line.id}/"
    assert (waits(), "Find another" in said(client.get(page))) == ([], False), "it may still be taken"
    decline_line(market.fang, line_id=line.id, reason="设备检修")
    assert waits() == [(line.id, "inspection")]
    assert 'href="/offers/?plank=inspection&amp;mechanism=plain">Find another' in said(client.get(page))
    assert "Find another" not in said(sign_in(market.fang).get(page)), "its buyer's business"
    market.place(world.lin, market.yarn)
    assert waits() == [(line.id, "inspection")], "yarn is none"
    market.place(world.lin, publish(market.lu, terms={"resource": str(market.yarn_stock)}))
    assert waits() == [(line.id, "inspection")], "something else for the same plank"
    market.place(world.lin, market.test)
    assert waits() == []
