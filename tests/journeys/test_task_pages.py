"""Test orders by HTTP: ordered on the offer's page, received by a label, tested, reported with and without a mark, read by the buyer."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.tasks.types.samples import TaskStep
from staveworks.mechanisms.tasks.types.tasks import Stage
from staveworks.trade.orders.queries import access_line, current_draft
from tests.journeys.test_diagnose_pages import queries
from tests.papers import Pdf
from tests.testing import PDF, Lab, make_lab
from tests.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def lab(world: World) -> Lab:
    return make_lab()


@pytest.fixture
def browse() -> Callable[..., Client]:
    def sign_in(actor: Actor, language: str = "zh-hans") -> Client:
        client = Client()
        client.force_login(Person.objects.get(id=actor.person_id))
        client.cookies["django_language"] = language
        return client

    return sign_in


def pdf(content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile("报告.pdf", content)


def test_is_ordered_on_the_offers_page(world: World, lab: Lab, browse: Callable[..., Client]) -> None:
    buyer, offer = browse(world.lin, "en"), f"/offers/{lab.offer.offer_id}/"
    asked = {"samples": "White cloth 1\n\nWhite cloth 2\n", "tests": ["force", "pilling"], "rest": "return"}
    priced = buyer.get(offer, {**asked, "ask": "1", "rush": "on"}).content.decode()
    assert "¥720.06" in priced
    assert priced.count('name="tests"') == priced.count('type="checkbox" name="tests"'), "asked once"
    wrong = buyer.get(offer, {"samples": "x" * 121, "tests": ["force"], "ask": "1"})
    assert wrong.status_code == 422
    assert "At most 120 characters." in wrong.content.decode()
    assert buyer.post(offer, asked).status_code == 302
    draft = current_draft(world.lin)
    assert draft is not None
    assert draft.price_fen == 48_004


def test_goes_from_the_label_to_the_report(world: World, lab: Lab, browse: Callable[..., Client]) -> None:
    line = lab.order(world.lin)
    desk, buyer = browse(lab.fang), browse(world.lin)
    here = f"/tasks/{line}/"
    ordered = buyer.get(f"/lines/{line}/").content.decode()
    assert "漂白布 1 号、漂白布 2 号" in ordered
    assert "断裂强力 GB/T 3923.1-2013、起球" in ordered
    assert here in ordered
    assert "2 个样品还没到。" in buyer.get(here).content.decode()
    first, second = lab.see(line).samples
    label = Pdf(desk.get(f"{here}labels.pdf").content)
    assert f"{first.code[:5]} {first.code[5:]}" in label.text
    assert desk.get("/tasks/find/", {"code": first.code.lower()})["Location"] == f"/s/{first.code}/"
    assert "收样" in desk.get(f"/s/{first.code}/").content.decode()
    assert desk.post(f"/s/{first.code}/", {"step": "received", "place": "A3"}).status_code == 302
    again = desk.post(f"/s/{first.code}/", {"step": "received"})
    assert again.status_code == 422
    assert "不能再记" in again.content.decode()
    desk.post(f"{here}custody/", {"samples": [str(second.id)], "step": "received"})
    assert "A3" in buyer.get(f"/s/{first.code}/").content.decode()
    tests = lab.see(line).tests
    typed = {f"value-{each.id}": "512" for each in tests}
    assert desk.post(f"{here}results/", typed).status_code == 302
    assert lab.see(line).card.stage is Stage.REPORTING
    assert "512" not in buyer.get(here).content.decode()
    sent = {"tests": [str(each.id) for each in tests], "last": "on"}
    marked = desk.post(f"{here}report/", {**sent, "marks": ["CMA"], "file": pdf()})
    assert marked.status_code == 409
    assert "不在资质范围内" in marked.content.decode()
    assert desk.post(f"{here}report/", {**sent, "file": pdf()}).status_code == 302
    page = buyer.get(here).content.decode()
    report = lab.see(line).reports[0]
    assert report.sha256 in page
    assert "512" in page
    assert b"".join(buyer.get(f"/reports/{report.id}/").streaming_content) == PDF
    assert access_line(world.lin, line_id=line).state == "delivered"
    replaced = {**sent, "series": "1", "reason": "更正单位", "file": pdf(PDF + b"2")}
    assert desk.post(f"{here}report/", replaced | {"reason": ""}).status_code == 422
    assert desk.post(f"{here}report/", replaced | {"file": pdf(PDF + b"2")}).status_code == 302
    assert "已被替换" in buyer.get(here).content.decode()


def test_typed_results_that_are_refused_are_not_lost(
    world: World, lab: Lab, browse: Callable[..., Client]
) -> None:
    line = lab.order(world.lin)
    lab.receive(line)
    first, second, *_ = lab.see(line).tests
    desk = browse(lab.fang, "en")
    refused = desk.post(
        f"/tasks/{line}/results/", {f"value-{first.id}": "512", f"value-{second.id}": "x" * 201}
    )
    assert refused.status_code == 422
    assert 'value="512"' in refused.content.decode()
    wrong = desk.post(
        f"/tasks/{line}/file/", {"file": SimpleUploadedFile("r.csv", b"sample,item,value\n9,x,1\n")}
    )
    assert "Row 2:" in wrong.content.decode()


def test_a_mark_is_offered_where_the_scope_covers_every_test(
    world: World, lab: Lab, browse: Callable[..., Client]
) -> None:
    desk = browse(lab.fang, "en")
    line, _ = lab.tested(world.lin)
    assert "carries no CMA or CNAS mark" in desk.get(f"/tasks/{line}/").content.decode()
    for item, method in (("断裂强力", "GB/T 3923.1-2013"), ("起球", "GB/T 4802.1-2008")):
        said = {"mark": "CNAS", "certificate": "L0001", "item": item, "method": method}
        days = {"from_date": "2020-01-01", "until_date": "2090-01-01"}
        assert desk.post("/desk/scopes/", said | days).status_code == 302
    page = desk.get(f"/tasks/{line}/").content.decode()
    assert 'value="CNAS"' in page
    assert 'value="CMA"' not in page
    backwards = said | {"from_date": "2021-01-01", "until_date": "2020-01-01"}
    assert "It can’t end before it begins." in desk.post("/desk/scopes/", backwards).content.decode().replace(
        "&#x27;", "’"
    ).replace("'", "’")


@pytest.mark.parametrize("who", ["lab", "buyer"])
def test_a_page_costs_as_many_queries_for_twenty_samples_as_for_two(
    world: World, lab: Lab, browse: Callable[..., Client], who: str
) -> None:
    actor: Any = lab.fang if who == "lab" else world.lin
    costs = []
    for samples in (2, 20):
        line = lab.order(world.lin, samples=[f"布样 {number}" for number in range(samples)])
        lab.receive(line)
        client = browse(actor)
        client.get(f"/tasks/{line}/")
        costs.append(queries(client, f"/tasks/{line}/"))
    assert costs[0] == costs[1]


def test_strangers_find_nothing(world: World, lab: Lab, browse: Callable[..., Client]) -> None:
    line: UUID = lab.order(world.lin)
    code = lab.see(line).samples[0].code
    stranger = browse(world.wu)
    assert stranger.get(f"/tasks/{line}/").status_code == 404
    assert stranger.get(f"/s/{code}/").status_code == 404
    assert browse(world.lin).post(f"/s/{code}/", {"step": TaskStep.RECEIVED}).status_code in (403, 404, 422)
    assert lab.see(line).card.received == 0
