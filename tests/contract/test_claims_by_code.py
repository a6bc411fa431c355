"""Claiming by the code to a firm's phone through the API: a person's own act, in her session."""

from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client

from staveworks.db.transaction import acting
from staveworks.foundation.parties.models import Claim, Person
from staveworks.foundation.parties.queries import actor_for
from staveworks.foundation.parties.types import Actor, Role
from staveworks.foundation.parties.usecases.merge_firms import merge_firms
from staveworks.kit.messages import Message
from tests.contract.caller import Caller, make_token
from tests.world import World, make_person, make_unclaimed, make_world

pytestmark = pytest.mark.django_db
JSON = "application/json"
SENT: list[Message] = []


class Recorder:
    """A messenger that keeps what it is given."""

    def send(self, message: Message) -> None:
        SENT.append(message)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def owner(world: World) -> Actor:
    return Actor(make_person("何清", phone="+8613805750009").id, None)


@pytest.fixture(autouse=True)
def _sent(settings: Any) -> None:
    settings.MESSENGER = f"{__name__}.Recorder"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "claims"}
    }
    cache.clear()
    SENT.clear()


def app(actor: Actor) -> Client:
    """A program in which she has signed in."""
    client = Client(raise_request_exception=False)
    client.force_login(Person.objects.get(id=actor.person_id))
    return client


def begin(client: Client, firm: UUID, callbacks: Any) -> dict[str, Any]:
    with callbacks(execute=True):
        made = client.post(
            "/api/v1/claims", {"organisation": str(firm), "method": "phone"}, content_type=JSON
        )
    assert made.status_code == 201, made.content
    return dict(made.json())


def code_sent() -> str:
    return "".join(letter for letter in SENT[-1].text.zh.partition("验证码 ")[2][:6])


def prove(client: Client, claim: str, code: str, **headers: str) -> Any:
    return client.post(f"/api/v1/claims/{claim}/proof", {"code": code}, content_type=JSON, headers=headers)


def test_a_firm_is_found_claimed_and_proven(
    world: World, owner: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    client = app(owner)
    (found,) = client.get("/api/v1/claims/firms?text=清河").json()["items"]
    assert (found["organisation"], found["phone"]) == (str(world.qinghe.id), None)
    assert client.get(f"/api/v1/claims/firms/{world.qinghe.id}").json()["phone"] == "138****9999"
    made = begin(client, world.qinghe.id, django_capture_on_commit_callbacks)
    assert made["sent_to"] == "138****9999"
    assert [message.to for message in SENT] == ["+8613805759999"]
    assert code_sent() not in str(made), "the code goes to the phone and nowhere else"
    wrong = prove(client, made["claim"], "000000" if code_sent() != "000000" else "000001")
    assert (wrong.status_code, wrong["Content-Type"]) == (422, "application/problem+json")
    assert prove(client, made["claim"], code_sent()).json() == {"organisation": str(world.qinghe.id)}
    assert actor_for(owner.person, world.qinghe.id).roles == {Role.OWNER}


def test_a_wrong_code_is_a_try_also_under_a_key_and_repeating_it_is_none(
    world: World, owner: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    client = app(owner)
    made = begin(client, world.qinghe.id, django_capture_on_commit_callbacks)
    wrong = "000000" if code_sent() != "000000" else "000001"
    answers = [prove(client, made["claim"], wrong, **{"idempotency-key": "same"}) for _ in range(3)]
    assert {(each.status_code, each.content) for each in answers} == {(422, answers[0].content)}
    assert [each.get("Idempotency-Replayed") for each in answers] == [None, "true", "true"]
    assert {each["Content-Type"] for each in answers} == {"application/problem+json"}
    with acting(person=owner.person_id):
        assert Claim.objects.get(id=made["claim"]).attempts == 1
    for number in range(4):
        assert (
            prove(
                client, made["claim"], wrong, **{"idempotency-key": f"other {number}".replace(" ", "-")}
            ).status_code
            == 422
        )
    refused = prove(client, made["claim"], code_sent())
    assert (refused.status_code, refused.json()["type"]) == (409, "/api/v1/problems#claim-expired")


def test_a_right_code_under_a_key_is_answered_again(
    world: World, owner: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    client = app(owner)
    made = begin(client, world.qinghe.id, django_capture_on_commit_callbacks)
    answers = [prove(client, made["claim"], code_sent(), **{"idempotency-key": "k"}) for _ in "ab"]
    assert [each.status_code for each in answers] == [200, 200]
    assert prove(client, made["claim"], code_sent()).status_code == 404, (
        "without the key it is decided already"
    )


def test_a_token_claims_nothing(world: World) -> None:
    api = Caller(make_token(world.lin))
    body = {"organisation": str(world.qinghe.id), "method": "phone"}
    assert api.post("/api/v1/claims", body, content_type=JSON).status_code == 403
    assert (
        api.post(f"/api/v1/claims/{world.qinghe.id}/proof", {"code": "1"}, content_type=JSON).status_code
        == 403
    )
    assert SENT == []


def test_anothers_claim_is_not_found(
    world: World, owner: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    made = begin(app(owner), world.qinghe.id, django_capture_on_commit_callbacks)
    assert prove(app(world.wu), made["claim"], code_sent()).status_code == 404
    assert prove(app(owner), made["claim"], code_sent()).status_code == 200


def test_without_a_phone_a_letter_remains(world: World, owner: Actor) -> None:
    silent = make_unclaimed("无声织造", world.operator)
    client, body = app(owner), {"organisation": str(silent.id)}
    refused = client.post("/api/v1/claims", body | {"method": "phone"}, content_type=JSON)
    assert (refused.status_code, refused.json()["type"]) == (409, "/api/v1/problems#no-phone-held")
    assert client.post("/api/v1/claims", body | {"method": "letter"}, content_type=JSON).status_code == 201


def test_a_merged_entry_is_claimed_as_the_firm_it_is_now(
    world: World, owner: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    twin = make_unclaimed("清河喷水织造厂", world.operator, phones=["+8613805758888"])
    merge_firms(world.gao, kept=twin.id, gone=world.qinghe.id, values=None)
    client = app(owner)
    shown = client.get(f"/api/v1/claims/firms/{world.qinghe.id}").json()
    assert (shown["organisation"], shown["merged"]["zh"]) == (str(twin.id), "清河喷织厂")
    made = begin(client, world.qinghe.id, django_capture_on_commit_callbacks)
    assert (made["organisation"], SENT[-1].to) == (str(twin.id), "+8613805758888")


def test_asking_name_after_name_is_slowed_down(world: World, owner: Actor) -> None:
    client = app(owner)
    statuses = [client.get("/api/v1/claims/firms?text=清河").status_code for _ in range(25)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_so_is_the_page(world: World) -> None:
    client = Client()
    statuses = [client.get("/join/claim/?q=清河").status_code for _ in range(25)]
    assert statuses[0] == 200
    assert statuses[-1] == 429
