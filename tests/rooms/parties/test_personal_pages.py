"""One's own data in the browser: read, taken along, the account deleted after proving once more who she is."""

import json
from typing import Any

import pytest
from django.test import Client

from staveworks.foundation.eventlog.models import Event
from staveworks.foundation.parties.models import Person
from tests.database import Clone
from tests.world import PASSWORD, World, make_world

DATA, DOWNLOAD, ERASE = "/accounts/data/", "/accounts/data/download/", "/accounts/erase/"


@pytest.fixture
def world(committed: Clone, settings: Any) -> World:
    settings.ACCOUNT_RATE_LIMITS = False
    return make_world()


def signed_in(login: str, *, proven: bool = True) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.get("/accounts/login/")
    assert browser.post("/accounts/login/", {"login": login, "password": PASSWORD}).status_code == 302
    if proven:
        browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return browser


def test_she_reads_and_takes_along_what_is_held_and_that_is_logged(world: World) -> None:
    browser = signed_in("+8613805750004")
    page = browser.get(DATA).content.decode()
    assert "周倩" in page
    assert "Roles in organisations" in page
    sent = browser.post(DOWNLOAD)
    assert "attachment" in sent["Content-Disposition"]
    held = json.loads(sent.content)
    assert held["person"] == str(world.zhou.person)
    assert {"parties_person", "parties_membership", "usersessions_usersession"} <= {
        section["code"] for section in held["sections"]
    }
    assert "林春晖" not in sent.content.decode(), "nobody else's data"
    [event] = Event.objects.using("cross").filter(type="person.exported")
    assert (event.org_id, event.subject_id, event.person_id) == (
        world.operator.id,
        world.zhou.person,
        world.zhou.person,
    )


def test_she_deletes_her_account_and_is_out_everywhere(world: World) -> None:
    here, elsewhere = signed_in("+8613805750004"), signed_in("+8613805750004")
    page = here.get(ERASE).content.decode()
    assert "What stays, and why" in page
    assert here.post(ERASE, {}).status_code == 409, "not without the tick"
    assert Person.objects.get(id=world.zhou.person).phone
    done = here.post(ERASE, {"sure": "on"})
    assert (done.status_code, done["Location"]) == (302, "/accounts/erased/")
    assert "Account deleted" in here.get("/accounts/erased/").content.decode()
    for browser in (here, elsewhere):
        assert browser.get(DATA).status_code == 302
    assert Person.objects.get(id=world.zhou.person).phone is None


def test_the_only_owner_is_told_to_hand_over(world: World) -> None:
    browser = signed_in("+8613805750003")
    page = browser.get(ERASE).content.decode()
    assert "Hand over first" in page
    assert "Delete my account for good" not in page
    assert browser.post(ERASE, {"sure": "on"}).status_code == 409
    assert Person.objects.get(id=world.lin.person).phone


def test_without_proving_once_more_who_she_is_nothing_is_deleted(world: World) -> None:
    browser = signed_in("+8613805750004", proven=False)
    answer = browser.post(ERASE, {"sure": "on"})
    assert (answer.status_code, "/accounts/reauthenticate/" in answer["Location"]) == (302, True)
    assert Person.objects.get(id=world.zhou.person).phone


def test_the_api_gives_the_same_to_the_person_herself(world: World) -> None:
    browser = signed_in("+8613805750004")
    held = browser.get("/api/v1/me/data").json()
    assert held["person"] == str(world.zhou.person)
    assert any(section["code"] == "parties_person" for section in held["sections"])
    assert browser.get("/api/v1/me/data", headers={"authorization": "Bearer sw_x"}).status_code == 401


def test_every_column_that_is_shown_has_a_name() -> None:
    from staveworks.foundation.personal.held import WHERE_HER_ADDRESS_STANDS, declared
    from staveworks.web.join.personal.labels import LABELS

    shown = [said.shows for _, said in declared()] + [said.shows for *_, said in WHERE_HER_ADDRESS_STANDS]
    assert {column for columns in shown for column in columns} <= set(LABELS)
