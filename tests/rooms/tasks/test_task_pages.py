"""The pages of a test order: its line leads to it and isn't delivered by a word, its report form says the same before and after an error."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.tasks import queries
from staveworks.mechanisms.tasks.types.reports import Mark
from staveworks.trade.catalogue.mechanisms import own_delivery_of
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.types import DeliveredElsewhere, LineState
from staveworks.trade.orders.usecases.deliver_line import deliver_part
from tests.contract.caller import Caller, make_token
from tests.testing import PDF, Lab
from tests.trading import publish
from tests.world import World


def test_a_word_delivers_no_test_order(world: World, lab: Lab) -> None:
    line = lab.order(world.lin)
    with pytest.raises(DeliveredElsewhere, match="报告"):
        deliver_part(lab.fang, line_id=line, text="做完了", last=True)
    client, serve = browse(lab.fang), reverse("line_serve", args=[line, "deliver"])
    page = client.get(reverse("line", args=[line])).content.decode()
    assert serve not in page
    assert "委托单交付的是报告" in page
    assert client.post(serve, {"text": "做完了", "last": "on"}).status_code == 409
    assert access_line(lab.fang, line_id=line).state is LineState.CONFIRMED
    by_api = Caller(make_token(lab.fang)).post(
        f"/api/v1/lines/{line}/parts", {"text": "做完了", "last": True}, content_type="application/json"
    )
    assert (by_api.status_code, by_api.json()["type"].rpartition("#")[2]) == (409, "delivered-elsewhere")
    plain = publish(lab.fang, mechanism="task", price={"kind": "fixed", "amount_fen": 100})
    assert own_delivery_of(plain) is None


def test_whoever_takes_it_goes_on_to_its_samples(world: World, lab: Lab) -> None:
    line = lab.place(world.lin)
    page = browse(lab.fang).post(reverse("line_serve", args=[line, "confirm"]), follow=True)
    assert reverse("task", args=[line]) in page.content.decode()
    assert len(queries.access_task(lab.fang, line_id=line).samples) == 2


def test_an_error_offers_no_mark_that_was_not_offered_before(world: World, lab: Lab) -> None:
    """Neither an empty file nor one that only has the name of a PDF; and a mark out of scope is refused with what was ticked."""
    lab.accredit(Mark.CMA)
    line, tests = lab.tested(world.lin)
    client, send = browse(lab.fang), reverse("task_report", args=[line])
    offered = [("CMA", "CMA")]
    first = client.get(reverse("task", args=[line])).context["forms"]["report"]
    assert first.fields["marks"].choices == offered
    stated = {"tests": [str(each) for each in tests], "last": "on"}
    for content in (b"", b"no PDF", b"\x89PNG\r\n\x1a\n"):
        file = SimpleUploadedFile("报告.pdf", content)
        answer = client.post(send, stated | {"file": file})
        assert answer.status_code == 422
        form = answer.context["forms"]["report"]
        assert form.fields["marks"].choices == offered
        assert content == b"" or form.errors["file"] == ["报告只收 PDF 文件。"]
    beyond = client.post(send, stated | {"file": SimpleUploadedFile("报告.pdf", PDF), "marks": ["CNAS"]})
    form = beyond.context["forms"]["report"]
    assert (list(form.errors), [code for code, _ in form.fields["marks"].choices]) == (
        ["marks"],
        ["CMA", "CNAS"],
    )
    assert queries.access_task(lab.fang, line_id=line).reports == ()


def test_samples_that_have_arrived_are_not_said_to_be_in_test(world: World, lab: Lab) -> None:
    line = lab.order(world.lin)
    lab.receive(line)
    page = browse(lab.fang).get(reverse("task", args=[line])).content.decode()
    state = page.split("<main")[1].split('class="card"')[0]
    assert "待出结果" in state
    assert "检测中" not in state


def browse(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(id=actor.person_id))
    client.cookies["django_language"] = "zh-hans"
    return client
