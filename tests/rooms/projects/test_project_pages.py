"""The pages, walked by both sides in both languages: what is refused stands at its field and loses nothing."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor, Role
from staveworks.mechanisms.projects.queries import access_request
from staveworks.mechanisms.projects.types import ContractStep
from tests.addresses import PNG
from tests.bidding import WEEK, Bidding, make_bidding
from tests.world import World, join, make_person, make_world

pytestmark = pytest.mark.django_db
CODE = re.compile(r"<b>([2-9A-Z-]{29})</b>")


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def bidding(world: World) -> Bidding:
    return make_bidding(world)


def browser(actor: Actor, language: str = "zh-hans") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(
        Person.objects.get(id=actor.person_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def body(client: Client, path: str, data: dict[str, object] | None = None, status: int = 200) -> str:
    response = client.post(path, data) if data is not None else client.get(path)
    assert response.status_code == status, (path, response.status_code)
    return response.content.decode()


def test_a_buyer_writes_and_publishes_and_nothing_typed_is_lost(bidding: Bidding) -> None:
    buyer = browser(bidding.lin)
    typed = {
        "title": "竹节纱面料开发",
        "kind": "processing",
        "text": "春夏竹节纱",
        "closes_at": (timezone.localtime() + WEEK).strftime("%Y-%m-%dT%H:%M"),
        "open_to": "all",
        "criterion_0": "价格",
        "weight_0": 90,
    }
    assert "春夏竹节纱" in body(buyer, "/requests/new/", typed, 422)
    done = buyer.post("/requests/new/", typed | {"weight_0": 100, "papers": SimpleUploadedFile("a.png", PNG)})
    assert done.status_code == 302
    assert "a.png" in body(buyer, done["Location"])
    assert buyer.post(f"{done['Location']}publish/").status_code == 302
    for language in ("zh-hans", "en"):
        page = body(browser(bidding.fang, language), "/requests/?kind=processing")
        assert "竹节纱面料开发" in page


def test_what_is_wrong_with_a_request_is_told_at_once_where_it_is(bidding: Bidding) -> None:
    buyer = browser(bidding.lin)
    typed = {"title": "竹节纱面料开发", "kind": "processing", "text": "春夏竹节纱", "open_to": "named"}
    typed |= {"closes_at": "2020-01-01T08:00", "criterion_0": "价格", "weight_0": "50"}
    sent = buyer.post("/requests/new/", typed | {"criterion_1": "工期", "weight_1": "60"})
    assert sent.status_code == 422
    assert set(sent.context["form"].errors) == {"closes_at", "weight_0", "providers"}
    assert "现在是 110" in sent.context["form"].errors["weight_0"][0]
    unnamed = buyer.post("/requests/new/", typed | {"criterion_0": "", "weight_0": "100"})
    assert "criterion_0" in unnamed.context["form"].errors
    page = body(buyer, "/requests/new/")
    assert '<div data-when="open_to=named">' in page, "who is named is asked where only some may answer"


def test_a_provider_seals_once_shown_the_code_and_opens_with_it(bidding: Bidding) -> None:
    provider = browser(bidding.fang)
    request = bidding.published()
    offer = str(bidding.offers[bidding.fang.org].offer_id)
    row = {"title_0": "小样", "deliverable_0": "3 米", "criteria_0": "合格", "due_date_0": "2100-03-01"}
    at = f"/requests/{request}/proposal/"
    assert "3 米" in body(provider, at, {"offer": offer, "text": "可以", **row}, 422), "a price is missing"
    free = body(provider, at, {"offer": offer, "text": "可以", **row, "price_0": "0"}, 422)
    assert ("价款须大于 0。" in free, "没写全" in free) == (True, False)
    past = {"offer": offer, "text": "可以", **row, "price_0": "3000", "due_date_0": "2020-01-01"}
    first = access_request(bidding.fang, request_id=request).card.closes_at
    assert f"不能早于 {timezone.localdate(first)}。" in body(provider, at, past, 422)
    sealed = provider.post(at, {"offer": offer, "text": "可以", **row, "price_0": "3000"})
    assert (sealed.status_code, sealed["Location"]) == (302, f"{at}sealed/")
    page = body(provider, sealed["Location"])
    (code,) = CODE.findall(page)
    assert 'data-copy="#code"' in page
    carried = [each.value for each in sealed.cookies.values()]
    assert not any(code in each for each in [*carried, sealed.content.decode(), str(dict(provider.session))])
    again = provider.get(sealed["Location"])
    assert (again.status_code, again["Location"]) == (302, f"/requests/{request}/"), "seen once, sealed once"
    assert code not in body(provider, f"/requests/{request}/")
    mine = access_request(bidding.fang, request_id=request).mine
    assert mine
    assert mine.number == 1


def test_from_opening_to_an_accepted_milestone(bidding: Bidding) -> None:
    buyer, provider = browser(bidding.lin), browser(bidding.fang, "en")
    request = bidding.closed()
    at = f"/requests/{request}/"
    assert "22222" in body(provider, f"{at}open/", {"code": "22222"}, 422)
    for each in (bidding.fang, bidding.lu):
        code = bidding.codes[request, each.org]
        assert browser(each).post(f"{at}open/", {"code": code}).status_code == 302
    proposal = str(bidding.proposal(request, bidding.fang))
    assert "¥5,000.00" in body(buyer, at)
    body(buyer, f"{at}points/", {"proposal": proposal, "points_1": 101}, 422)
    assert buyer.post(f"{at}points/", {"proposal": proposal, "points_1": 90}).status_code == 302
    body(buyer, f"{at}award/", {"proposal": proposal}, 422)
    awarded = buyer.post(f"{at}award/", {"proposal": proposal, "reason": "经验多"})
    contract = awarded["Location"]
    body(buyer, contract)
    bidding.place()
    assert provider.post(f"{contract}confirm/").status_code == 302
    body(provider, f"{contract}milestones/1/deliver/", {"text": ""}, 422)
    handed = {"text": "小样", "papers": SimpleUploadedFile("a.png", PNG)}
    assert provider.post(f"{contract}milestones/1/deliver/", handed).status_code == 302
    body(buyer, f"{contract}milestones/1/return/", {"reason": ""}, 422)
    assert "a.png" in body(buyer, contract)
    assert buyer.post(f"{contract}milestones/1/accept/").status_code == 302
    assert ContractStep.ACCEPTED.text.en in body(provider, contract)
    change = {"reason": "改期", **as_it_is(2)} | {"due_date_1": date(2100, 6, 1).isoformat()}
    past = body(provider, f"{contract}change/", change | {"due_date_1": "2020-01-01"}, 422)
    assert past.rindex("Not before") > past.index('name="title_1"'), (
        "in its own row, not the first that is sent"
    )
    assert provider.post(f"{contract}change/", change).status_code == 302
    page = body(buyer, contract)
    (sign,) = set(re.findall(r'action="(/contracts/changes/[0-9a-f-]+/sign/)"', page))
    assert "2100-03-01 → 2100-06-01" in page
    assert "¥2,000.00 →" not in page, "the price stays"
    assert buyer.post(sign).status_code == 302
    page = body(provider, contract)
    assert "2100-03-01 → 2100-06-01" in page, "signed, it still says what it changed"
    assert len(re.findall(r"signed 20\d\d-", page)) == 2


def as_it_is(milestones: int) -> dict[str, object]:
    prices = (3000, 2000)
    return {
        key: value
        for at in range(milestones)
        for key, value in {
            f"title_{at}": f"节点 {at + 1}",
            f"deliverable_{at}": "样布 3 米",
            f"criteria_{at}": "色牢度 4 级以上",
            f"due_date_{at}": "2100-03-01",
            f"price_{at}": prices[at],
        }.items()
    }


def test_of_a_change_only_what_is_filled_lies_open_and_who_may_not_sign_is_not_asked_to(
    bidding: Bidding, world: World
) -> None:
    contract = f"/contracts/{bidding.contract()}/"
    provider, viewer = browser(bidding.fang, "en"), join(make_person("顾览"), world.chunhui, Role.VIEWER)
    assert folds(body(provider, f"{contract}change/")) == [True, True, False]
    half = {"reason": "加一步", **as_it_is(2), "title_2": "大样"}
    assert folds(body(provider, f"{contract}change/", half, 422)) == [True, True, True]
    assert folds(body(provider, f"{contract}change/", half | {"title_2": "", "price_2": "-"}, 422))[2]
    change = {"reason": "改期", **as_it_is(2)} | {"due_date_1": date(2100, 6, 1).isoformat()}
    assert provider.post(f"{contract}change/", change).status_code == 302
    assert "有一份变更等您签" in body(browser(bidding.lin), contract)
    read = body(browser(viewer), contract)
    assert "由有权签的同事办" in read
    assert "/sign/" not in read


def folds(page: str) -> list[bool]:
    """Of each milestone, whether its fields are shown."""
    return ["open" in each for each in re.findall(r'<details class="card"( open)?>', page)]
