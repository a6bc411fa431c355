"""Invariant 5: the same key and request get the same answer, once; the same key with another request gets 422."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, connections
from django.http import HttpResponse
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from staveworks.api import idempotency
from staveworks.api.reading import parse_json
from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.models import Event, IdempotencyKey
from staveworks.foundation.eventlog.usecases import answer_once as module
from staveworks.foundation.eventlog.usecases.answer_once import Answer, Asked, KeyUsedOtherwise, answer_once
from staveworks.foundation.parties.models import Invitation, Person
from staveworks.foundation.parties.types import Actor
from tests.contract.caller import Caller, make_token
from tests.world import World, make_world

INVITE = {"role": "clerk", "contact": "new@chunhui.example"}
CLIENTS = 50


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def unlimited(settings: Any) -> None:
    settings.API_LIMITS = {"address": 10**6, "token": 10**6}


def post(
    caller: Caller, body: dict[str, Any], key: str | None = "k1", path: str = "/api/v1/invitations"
) -> HttpResponse:
    headers = {"idempotency-key": key} if key else {}
    return caller.post(path, json.dumps(body), content_type="application/json", headers=headers)


def invitations(world: World) -> int:
    with acting(org=world.chunhui.id):
        return Invitation.objects.count()


def test_the_same_key_and_body_get_the_same_answer_and_one_effect(world: World) -> None:
    caller = Caller(make_token(world.lin))
    first, again = post(caller, INVITE), post(caller, dict(reversed(INVITE.items())))
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert invitations(world) == 1
    assert post(caller, INVITE, key="k2").content != first.content
    assert invitations(world) == 2


def test_without_a_key_every_request_has_its_effect(world: World) -> None:
    """Control: it is the key that keeps a repetition from a second effect."""
    caller = Caller(make_token(world.lin))
    assert post(caller, INVITE, key=None).content != post(caller, INVITE, key=None).content
    assert invitations(world) == 2


def test_the_same_key_with_another_body_is_refused(world: World) -> None:
    caller = Caller(make_token(world.lin))
    post(caller, INVITE)
    other = post(caller, {**INVITE, "role": "viewer"})
    assert other.status_code == 422
    assert other.json()["errors"][0]["parameter"] == "Idempotency-Key"
    assert invitations(world) == 1


def test_a_refused_request_is_not_remembered(world: World) -> None:
    caller = Caller(make_token(world.lin))
    assert post(caller, {**INVITE, "contact": "nonsense"}).status_code == 422
    assert post(caller, INVITE).status_code == 201


def test_two_organisations_may_use_the_same_key(world: World) -> None:
    ours, theirs = Caller(make_token(world.lin)), Caller(make_token(world.wu))
    assert post(ours, INVITE).json()["id"] != post(theirs, INVITE).json()["id"]


def test_two_people_of_one_organisation_may_use_the_same_key_for_their_own_acts(world: World) -> None:
    """At the doors of a person the answer is hers: a colleague neither gets it nor is held up by it."""
    here = {"staveworks-organisation": str(world.chunhui.id)}
    body = {"name": "林家新厂", "kinds": ["enterprise"]}

    def register(actor: Actor) -> HttpResponse:
        client = Client(headers=here)
        client.force_login(Person.objects.get(id=actor.person_id))
        return client.post(
            "/api/v1/organisations", body, content_type="application/json", headers={"idempotency-key": "k1"}
        )

    first, colleagues, again = register(world.lin), register(world.zhou), register(world.lin)
    assert [each.status_code for each in (first, colleagues, again)] == [201, 201, 201]
    assert first.json()["id"] != colleagues.json()["id"]
    assert (colleagues.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert again.json()["id"] == first.json()["id"]


def test_a_key_that_is_no_key_is_refused(world: World) -> None:
    caller = Caller(make_token(world.lin))
    assert post(caller, INVITE, key="x" * 201).status_code == 422
    assert post(caller, INVITE, key="x" * 200).status_code == 201


def test_an_answer_that_was_lost_on_its_way_comes_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after kill -9 between commit and reply: the transaction stands, the client saw nothing and repeats."""
    caller = Caller(make_token(world.lin), raise_request_exception=False)
    with monkeypatch.context() as crash:
        crash.setattr("staveworks.api.operation._sent", lambda answer: 1 / 0)
        assert post(caller, INVITE).status_code == 500
    assert invitations(world) == 1
    again = post(caller, INVITE)
    assert again["Idempotency-Replayed"] == "true"
    with acting(org=world.chunhui.id):
        assert again.json()["id"] == str(Invitation.objects.get().id)


def test_a_crash_before_the_commit_leaves_neither_effect_nor_key(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = Caller(make_token(world.lin), raise_request_exception=False)
    with monkeypatch.context() as crash:
        crash.setattr(module, "_remember", lambda *_: 1 / 0)
        assert post(caller, INVITE).status_code == 500
    with acting(org=world.chunhui.id):
        assert (Invitation.objects.count(), IdempotencyKey.objects.count(), Event.objects.count()) == (
            0,
            0,
            0,
        )
    assert post(caller, INVITE).status_code == 201


def test_the_keys_are_private_and_nobody_changes_them(world: World) -> None:
    post(Caller(make_token(world.lin)), INVITE)
    with acting(org=world.yuanda.id):
        assert not IdempotencyKey.objects.exists()
    with acting(org=world.chunhui.id):
        assert IdempotencyKey.objects.count() == 1
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        acting(org=world.chunhui.id),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE eventlog_idempotency_key SET status = 500")


@settings(max_examples=50, deadline=None)
@given(
    one=st.dictionaries(st.text(), st.integers() | st.text()),
    two=st.dictionaries(st.text(), st.integers() | st.text()),
)
def test_two_bodies_have_one_digest_exactly_if_they_are_equal(
    one: dict[str, Any], two: dict[str, Any]
) -> None:
    def digest(body: dict[str, Any]) -> bytes:
        from django.test import RequestFactory

        request = RequestFactory().post("/x", json.dumps(body), content_type="application/json")
        return idempotency.digest_of(request)

    def kept(body: dict[str, Any]) -> bool:
        try:
            parse_json(json.dumps(body).encode())
        except Exception:
            return False
        return True

    if kept(one) and kept(two):
        assert (digest(one) == digest(two)) == (one == two)


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """``work`` in many threads at the same time, each with connections of its own."""

    def closed(number: int) -> Any:
        try:
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(closed, range(CLIENTS)))


def test_fifty_clients_at_once_get_one_answer_and_one_effect(committed: Any, unlimited: None) -> None:
    world = make_world()
    token = make_token(world.lin)

    def ask(_: int) -> tuple[int, bytes]:
        response = post(Caller(token), INVITE)
        return response.status_code, response.content

    answers = at_once(ask)
    assert {status for status, _ in answers} == {201}
    assert len({content for _, content in answers}) == 1
    assert invitations(world) == 1


def test_without_the_lock_fifty_clients_at_once_collide(
    committed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: the race is real. Only the unique key then stands between the clients and two effects."""
    world = make_world()
    monkeypatch.setattr(module, "_wait_for_the_key", lambda asked: None)

    def work() -> Answer:
        time.sleep(0.2)
        return Answer(200, "{}")

    def ask(_: int) -> bool:
        asked = Asked(world.chunhui.id, world.lin.person_id, "POST /test", "k", b"d")
        try:
            return answer_once(asked, work).replayed
        except Exception:
            return False

    assert at_once(ask).count(False) > 1


def test_another_request_under_the_key_is_refused_by_the_use_case_itself(world: World) -> None:
    asked = Asked(UUID(int=7), None, "POST /test", "k", b"one")
    assert not answer_once(asked, lambda: Answer(200, "{}")).replayed
    assert answer_once(asked, lambda: Answer(200, "other")).body == "{}"
    with pytest.raises(KeyUsedOtherwise):
        answer_once(Asked(UUID(int=7), None, "POST /test", "k", b"two"), lambda: Answer(200, "{}"))
