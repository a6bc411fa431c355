"""While a migration holds a table, whoever needs it is told to come again, in a page or a problem; nobody sees a fault of ours."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client

from staveworks.foundation.parties.models import Invitation, Person
from tests.database import Clone
from tests.world import PASSWORD, World, make_world

SOON = "50ms"


@pytest.fixture
def world(committed: Clone) -> Iterator[World]:
    """Everybody's patience for a lock is short here, or the test would take minutes."""
    world = make_world()
    for alias in ("default", "cross"):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [SOON])
    yield world
    for alias in ("default", "cross"):
        connections[alias].close()


@pytest.fixture
def browser(world: World) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(Person.objects.get(id=world.lin.person_id))
    return client


@contextmanager
def migrated(committed: Clone, table: str) -> Iterator[None]:
    """The lock that ALTER TABLE takes, held as long as it works."""
    with psycopg.connect(committed.urls.owner) as owner:
        owner.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")  # type: ignore[call-overload]
        yield
        owner.rollback()


TABLES = [
    "parties_organisation",
    "parties_membership",
    "parties_person",
    "barrel_diagnosis",
    "django_session",
]


def is_told_to_come_again(answer: HttpResponse) -> None:
    assert answer.status_code == 503, answer.content[:300]
    assert int(answer["Retry-After"]) >= 1


@pytest.mark.parametrize("table", TABLES)
def test_a_page_says_so_and_comes_when_the_migration_is_done(
    table: str, committed: Clone, world: World, browser: Client
) -> None:
    with migrated(committed, table):
        answer = browser.get("/barrel/", headers={"accept-language": "zh-CN"})
        is_told_to_come_again(answer)
        assert "数据" in answer.content.decode()
    assert browser.get("/barrel/").status_code == 200


@pytest.mark.parametrize("table", [each for each in TABLES if each != "barrel_diagnosis"])
def test_the_api_answers_with_a_problem(table: str, committed: Clone, world: World, browser: Client) -> None:
    address, asked = "/api/v1/organisations/current", {"Staveworks-Organisation": str(world.chunhui.id)}
    with migrated(committed, table):
        answer = browser.get(address, headers=asked)
        is_told_to_come_again(answer)
        assert answer["Content-Type"] == "application/problem+json"
        assert json.loads(answer.content)["status"] == 503
    assert browser.get(address, headers=asked).status_code == 200


def test_what_was_sent_meanwhile_is_not_half_done(committed: Clone, world: World, browser: Client) -> None:
    form = {"contact": "sun@example.cn", "role": "manager"}
    sent = Invitation.objects.using("cross").filter(org_id=world.chunhui.id)
    with migrated(committed, "eventlog_event"):
        is_told_to_come_again(browser.post("/members/invite/", form))
    assert sent.count() == 0
    assert browser.post("/members/invite/", form).status_code == 302
    assert sent.count() == 1, "and sent again it is done once"


def test_signing_in_waits_too(committed: Clone, world: World) -> None:
    visitor = Client(raise_request_exception=False)
    form = {"login": "lin@chunhui.example", "password": PASSWORD}
    with migrated(committed, "parties_person"):
        is_told_to_come_again(visitor.post("/accounts/login/", form))
