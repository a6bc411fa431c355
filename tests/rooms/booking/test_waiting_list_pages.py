"""The waiting list on pages, in both languages: join, be kept a time, take it; the provider sees who waits."""

import pytest
from django.test import Client

from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.booking.usecases.serve_list import serve_list
from tests.booking import make_lab, monday
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
    joined = page.post(form, asked | {"latest_at": f"{day}T12:00"})
    assert joined.status_code == 302
    serve_list(lab.fang, resource_id=lab.looms)
    assert "春晖织造" in signed_in(lab.fang, language).get(f"/desk/calendar/{lab.looms}/").content.decode()
    shown = page.get(joined["Location"])
    assert kept in shown.content.decode()
    assert page.get("/wishes/").context["kept"] == 1
    taken = page.post(f"{joined['Location']}take/", {"expected_fen": shown.context["price_fen"]})
    assert taken["Location"].startswith("/orders/")
    assert "line" in page.get(joined["Location"]).content.decode()
