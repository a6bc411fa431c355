"""The pages and the API of subscriptions: both sides see it, act on it, and read why they can't."""

import json
from typing import Any

from django.test import Client
from django.urls import reverse

from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor
from staveworks.trade.orders.usecases.set_limit import set_limit
from tests.contract.caller import Caller, make_token
from tests.subscribing import MONTHLY, subscribe
from tests.trading import publish
from tests.world import World


def test_both_sides_from_a_new_price_to_the_end(world: World) -> None:
    buyer, provider, clerk = browse(world.lin), browse(world.wu), browse(world.zhou)
    assert "还没有订阅" in buyer.get(reverse("subscriptions")).content.decode()
    begun = subscribe(world.lin, world.wu)
    page, price = reverse("subscription", args=[begun]), reverse("served_price", args=[begun])
    wrong = provider.post(price, {"price": "-3"})
    assert (wrong.status_code, 'value="-3"' in wrong.content.decode()) == (422, True)
    same = provider.post(price, {"price": "300"})
    assert (same.status_code, "和现在不同" in same.content.decode()) == (422, True)
    assert provider.post(price, {"price": "360"})["Location"] == page
    assert "对方已收到通知" in provider.get(page).content.decode()

    listed = buyer.get(reverse("subscriptions")).content.decode()
    assert "1 项要改价" in listed
    assert "接受新价" in clerk.get(page).content.decode()
    set_limit(world.lin, limit_fen=10_000)
    keep = reverse("subscription_keep", args=[begun])
    assert "请有审批权限的同事来批准" in clerk.get(page).content.decode()
    assert clerk.post(keep).status_code == 403
    assert "批准新价" in buyer.get(page).content.decode()
    assert buyer.post(keep)["Location"] == page
    assert "批准新价" not in buyer.get(page).content.decode()

    assert buyer.post(reverse("subscription_pause", args=[begun])).status_code == 302
    again = buyer.post(reverse("subscription_pause", args=[begun]))
    assert (again.status_code, "请刷新页面" in again.content.decode()) == (409, True)
    assert "暂停期间不下单" in provider.get(page).content.decode()
    assert provider.post(reverse("served_resume", args=[begun])).status_code == 302
    assert provider.post(reverse("served_end", args=[begun])).status_code == 302
    over = buyer.get(page).content.decode()
    assert "起不再下单" in over
    assert reverse("subscription_end", args=[begun]) not in over


def test_whoever_orders_reads_that_it_is_ordered_again(world: World) -> None:
    fixed = {"kind": "fixed", "amount_fen": 30_000}
    offer = publish(world.wu, mechanism="task", terms=MONTHLY, price=fixed)
    page = browse(world.lin).get(reverse("offer", args=[offer.offer_id])).content.decode()
    assert "每月自动下一单，直到一方结束；改价提前 30 天通知" in page


def test_by_api(world: World) -> None:
    begun = subscribe(world.lin, world.wu)
    buyer, provider = call(world.lin), call(world.wu)
    (row,) = buyer.get("/api/v1/subscriptions").json()["items"]
    assert (row["id"], row["state"], row["price_fen"], row["notice"]) == (str(begun), "running", 30_000, None)
    same = send(provider, f"/desk/subscriptions/{begun}/price", {"price_fen": 30_000})
    assert (same.status_code, same.json()["errors"][0]["pointer"]) == (422, "/price_fen")
    assert send(provider, f"/desk/subscriptions/{begun}/price", {"price_fen": 36_000}).status_code == 201
    assert buyer.get(f"/api/v1/subscriptions/{begun}").json()["notice"]["price_fen"] == 36_000
    for act in ("keep", "pause", "end"):
        assert send(buyer, f"/subscriptions/{begun}/{act}").status_code == 200, act
    (served,) = provider.get("/api/v1/desk/subscriptions").json()["items"]
    assert (served["state"], served["next_date"]) == ("ending", None)


def browse(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(id=actor.person_id))
    client.cookies["django_language"] = "zh-hans"
    return client


def call(actor: Actor) -> Caller:
    return Caller(make_token(actor, secret=str(actor.person_id)[-8:]))


def send(caller: Caller, path: str, body: Any = None) -> Any:
    given = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    return caller.post(f"/api/v1{path}", **given)
