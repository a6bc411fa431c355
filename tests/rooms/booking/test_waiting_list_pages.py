"""The waiting list on pages, in both languages, and by program: join, be kept a time, take it; the provider sees who waits."""

import pytest
from django.test import Client

from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.booking.usecases.serve_list import serve_list
from staveworks.trade.orders.usecases.end_line import cancel_line
from tests.booking import make_lab, monday
from tests.contract.caller import Caller, make_token
from tests.world import make_world

pytestmark = pytest.mark.django_db


def signed_in(actor: Actor, language: str) -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(Person.objects.get(id=actor.person))
    return client


@pytest.mark.parametrize(
    ("language", "kept"), [("en", "Take it and order, ¥270"), ("zh", "就要这个，下单 ¥270")]
)
def test_from_joining_to_the_order(db: None, language: str, kept: str) -> None:
    world = make_world()
    lab, day = make_lab(world), monday()
    page = signed_in(world.lin, language)
    form = f"/offers/{lab.offer.offer_id}/wish/"
    assert page.get(f"{form}?starts_at={day}").status_code == 200
    asked = {"earliest_at": f"{day}T09:00", "latest_at": f"{day}T09:30", "minutes": "60", "quantity": "1"}
    assert page.post(form, asked).status_code == 422
    asked |= {"latest_at": f"{day}T12:00"}
    refused = page.post(form, asked)
    assert refused.status_code == 422
    assert f'href="/offers/{lab.offer.offer_id}/?ask=1&amp;' in refused.content.decode()
    booked = lab.book(world.wu, day, "09:00", minutes=180, quantity=2)
    joined = page.post(form, asked)
    assert joined.status_code == 302
    cancel_line(world.wu, line_id=booked.id)
    serve_list(lab.fang, resource_id=lab.looms)
    assert "春晖织造" in signed_in(lab.fang, language).get(f"/desk/calendar/{lab.looms}/").content.decode()
    shown = page.get(joined["Location"])
    assert kept in shown.content.decode()
    assert page.get("/wishes/").context["kept"] == 1
    taken = page.post(f"{joined['Location']}take/", {"expected_fen": shown.context["price_fen"]})
    assert taken["Location"].startswith("/orders/")
    assert "line" in page.get(joined["Location"]).content.decode()


def test_by_program_the_refusal_says_what_to_book(db: None) -> None:
    world = make_world()
    lab, day = make_lab(world), monday()
    api = Caller(make_token(world.lin))
    window = {"earliest_at": f"{day}T09:00:00+08:00", "latest_at": f"{day}T12:00:00+08:00"}
    body = {"offer": str(lab.offer.offer_id), "request": {"minutes": 60}, **window}
    refused = api.post("/api/v1/wishes", body, content_type="application/json")
    problem = refused.json()
    assert (refused.status_code, problem["type"].rpartition("#")[2]) == (409, "time-free")
    line = {"version": str(lab.offer.id), "request": problem["free"]["request"]}
    assert api.post("/api/v1/orders/lines", line, content_type="application/json").status_code == 201
