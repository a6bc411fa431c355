"""What is a person's own is hers in her browser: a token gets none of it, whatever its scopes."""

from uuid import UUID

import pytest
from django.test import Client

from staveworks.api.words import PERSON_ONLY
from staveworks.db.transaction import acting
from staveworks.foundation.notices.links import is_ours, new_token, without_taps
from staveworks.foundation.notices.models import SinkEntry
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.rights import RIGHTS
from staveworks.kit.ids import new_id
from tests.addresses import addresses
from tests.contract.caller import Caller, make_token
from tests.world import World, make_person, make_world

pytestmark = pytest.mark.django_db
FOR_TOKENS = {
    "api/v1/me",
    "api/v1/rules",
    "api/v1/rules/<rule>",
    "api/v1/rules/<rule>/versions",
    "api/v1/closings",
}
PERSON_ONLY_WORDS = (PERSON_ONLY.zh, PERSON_ONLY.en)


@pytest.fixture
def world() -> World:
    return make_world()


def app(person: UUID | None) -> Client:
    """Signed in as an app: a session, and no page was ever opened."""
    client = Client()
    client.force_login(Person.objects.get(id=person))
    return client


def test_no_program_deletes_an_account_and_the_description_says_where_she_does(world: World) -> None:
    assert app(world.lin.person_id).delete("/api/v1/me").status_code == 405
    operations = Client().get("/api/v1/openapi.json").json()["paths"]
    assert [path for path in operations if "erase" in path] == []
    where = operations["/api/v1/me/data"]["get"]["description"].split("`")[1]
    page = app(world.lin.person_id).get(where)
    assert (page.status_code, "/accounts/reauthenticate/" in page["Location"]) == (302, True)


def test_a_token_of_all_scopes_is_refused_at_every_persons_door_but_the_few_named(world: World) -> None:
    token, browser = Caller(make_token(world.lin, RIGHTS)), app(world.lin.person_id)
    open_to_tokens, refused = set(), set()
    for address in addresses():
        if not address.is_api or address.door is None or address.door.asks != "person":
            continue
        path = address.path({name: str(new_id()) for name in address.params})
        for method in address.methods:
            answer = token.generic(method, path, "{}", content_type="application/json")
            person_only = answer.status_code == 403 and answer.json()["detail"] in PERSON_ONLY_WORDS
            (refused if person_only else open_to_tokens).add(address.route)
            if (
                method == "GET" and address.route != "api/v1/me/data"
            ):  # read as another role, across organisations
                assert browser.get(path).status_code in (200, 404, 422), address.route
    assert open_to_tokens == FOR_TOKENS
    assert open_to_tokens.isdisjoint(refused)
    assert {"api/v1/messages", "api/v1/todos", "api/v1/claims/mine", "api/v1/organisations"} <= refused


def test_an_app_that_has_just_signed_in_acts_as_her_pages_would(world: World) -> None:
    assert app(world.lin.person_id).get("/api/v1/me").json()["organisation"] == str(world.chunhui.id)
    nowhere = app(make_person("新来的").id).get("/api/v1/me").json()
    assert (nowhere["organisation"], nowhere["rights"]) == (None, [])


def test_the_sink_shows_one_tap_links_to_the_operator_in_her_browser_and_not_to_her_token(
    world: World,
) -> None:
    tap = new_token()
    text = f"协议有新版本。\nhttps://site.example/t/{tap}/"
    with acting(org=world.operator.id, person=world.gao.person_id):
        SinkEntry.objects.create(
            id=new_id(), operator_id=world.operator.id, channel="email", address="lin@x.example", text=text
        )
    browser = app(world.gao.person_id)
    here = {"staveworks-organisation": str(world.operator.id)}
    assert browser.get("/api/v1/sink", headers=here).json()["items"][0]["text"] == text
    shown = Caller(make_token(world.gao, ["sink.read"])).get("/api/v1/sink").json()["items"][0]["text"]
    assert shown == "协议有新版本。\nhttps://site.example/t/…/"


def test_only_the_secret_of_a_link_is_left_out() -> None:
    assert is_ours(tap := new_token())
    assert without_taps(f"a /t/{tap}/ b /todo/ c") == "a /t/…/ b /todo/ c"
