"""The pages and the API of stock: a good recorded, a lot received, counted, sold by an offer made on its form; refusals lose nothing."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.tasks.stock_queries import list_stocks
from staveworks.trade.orders.usecases.answer_line import confirm_line
from staveworks.trade.orders.usecases.deliver_line import deliver_part
from tests.contract.caller import Caller, make_token
from tests.stocking import Mill, make_mill
from tests.world import World


@pytest.fixture
def mill(world: World) -> Mill:
    return make_mill(world.wu)


def test_a_good_is_recorded_received_and_counted(world: World) -> None:
    client = browse(world.wu)
    assert "还没有登记库存" in client.get(reverse("stocks")).content.decode()
    made = client.post(reverse("stocks"), {"name": "坯布", "unit": "米"})
    (stock,) = list_stocks(world.wu)
    assert made["Location"] == reverse("stock", args=[stock.id])
    page = client.post(made["Location"], {"number": "L1", "quantity": "0", "received_date": "2026-11-30"})
    assert page.status_code == 422
    assert 'value="L1"' in page.content.decode()  # what was typed is still there
    client.post(made["Location"], {"number": "L1", "quantity": "800", "received_date": "2026-11-30"})
    (lot,) = list_stocks(world.wu)[0].lots
    count = reverse("stock_count", args=[stock.id, lot.id])
    again = client.post(count, {"counted": "790", "reason": ""})
    assert (again.status_code, 'value="790"' in again.content.decode()) == (422, True)
    client.post(count, {"counted": "790", "reason": "<b>受潮</b>"})
    shown = client.get(made["Location"]).content.decode()
    assert "可卖 790 米" in shown
    assert "&lt;b&gt;受潮" in shown


def test_the_form_of_an_offer_chooses_the_stock_and_is_priced_by_its_unit(world: World, mill: Mill) -> None:
    client = browse(world.wu)
    address = reverse("own_offer", args=[mill.yarn.offer_id])
    form = client.get(address).context["form"]
    said = {name: form[name].value() for name in form.fields}
    given = {name: value for name, value in said.items() if value not in (None, "")}
    assert given["terms-task-stock"] == str(mill.stock)
    wrong = client.post(address, given | {"unit_zh": "吨", "unit_en": "t", "publish": "1"})
    assert wrong.status_code == 422
    assert "库存按公斤计" in wrong.content.decode()


def test_both_sides_read_the_lots_on_the_line_and_by_api(world: World, mill: Mill) -> None:
    mill.receive("2611-07", 60)
    mill.receive("2611-09", 60)
    line = mill.place(world.lin, 100)
    confirm_line(mill.lu, line_id=line)
    deliver_part(mill.lu, line_id=line, text="一车", quantity=70, last=True)
    for actor in (world.lin, mill.lu):
        page = browse(actor).get(reverse("line", args=[line])).content.decode()
        assert '批号 <span class="nowrap">2611-07</span>：60 公斤' in page
        assert '批号 <span class="nowrap">2611-09</span>：10 公斤' in page
        lots = call(actor).get(f"/api/v1/lines/{line}/lots").json()["lots"]
        assert [(each["part"], each["number"], each["quantity"]) for each in lots] == [
            (1, "2611-07", 60),
            (1, "2611-09", 10),
        ]


def test_by_api_it_is_received_counted_and_refused_with_what_is_left(world: World) -> None:
    desk, buyer = call(world.wu), call(world.lin)
    words = {"zh": "棉纱", "en": "Yarn"}, {"zh": "公斤", "en": "kg"}
    stock = send(desk, "/desk/stock", {"name": words[0], "unit": words[1]}).json()["stock"]
    mill = make_mill(world.wu)
    lot = send(desk, f"/desk/stock/{mill.stock}/lots", {"number": "A", "quantity": 50}).json()["lot"]
    assert send(desk, f"/desk/stock/lots/{lot}/corrections", {"counted": 45, "reason": "盘亏"}).json() == {
        "change": -5
    }
    seen = {each["id"]: each for each in desk.get("/api/v1/desk/stock").json()["items"]}
    assert seen[stock]["lots"] == []
    assert [(each["there"], each["free"]) for each in seen[str(mill.stock)]["lots"]] == [(45, 45)]
    refused = send(buyer, "/orders/lines", {"version": str(mill.yarn.id), "request": {"quantity": 46}})
    assert (refused.status_code, refused.json()["detail"]) == (409, "库存不够，还剩 45 公斤。")


def browse(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(id=actor.person_id))
    client.cookies["django_language"] = "zh-hans"
    return client


def call(actor: Actor) -> Caller:
    return Caller(make_token(actor, secret=str(actor.person_id)[-8:]))


def send(caller: Caller, path: str, body: Any) -> Any:
    return caller.post(f"/api/v1{path}", json.dumps(body), content_type="application/json")
