"""Every answer of the API that isn't a success is a problem of RFC 9457, whoever made it: us, django-ninja or Django."""

import json
from typing import Any

import jsonschema
import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client

from staveworks.api.problems import SCHEMA
from staveworks.api.words import STATUSES
from tests.contract.caller import Caller, make_token
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def problem(response: HttpResponse, status: int) -> dict[str, Any]:
    """The body, which is a problem of ``status``."""
    assert response.status_code == status, response.content[:300]
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(response.content)
    jsonschema.validate(body, SCHEMA)
    assert body["status"] == status
    return body


def test_an_unknown_address_is_a_problem_and_a_known_one_is_not() -> None:
    assert Client().get("/api/v1/cities").status_code == 200
    for address in ("/api/v1/nothing", "/api/", "/api/v2/cities", "/api/v1/cities/", "/api/v1"):
        assert problem(Client().get(address), 404)["instance"] == address


def test_a_wrong_method_is_a_problem_that_names_the_right_ones() -> None:
    response = Client().delete("/api/v1/planks")
    problem(response, 405)
    assert response["Allow"] == "GET"


def test_without_a_token_is_told_how_to_sign_in_and_with_one_enters(world: World) -> None:
    for headers in ({}, {"authorization": "Bearer nonsense"}, {"authorization": "Basic eDp5"}):
        response = Client(headers=headers).get("/api/v1/me")
        problem(response, 401)
        assert response["WWW-Authenticate"].startswith("Bearer")
    assert Caller(make_token(world.lin)).get("/api/v1/me").json()["name"] == "林春晖"


def test_a_bad_token_is_refused_also_where_none_is_needed() -> None:
    problem(Caller("nonsense").get("/api/v1/cities"), 401)


def test_the_detail_speaks_the_language_of_the_request() -> None:
    zh = problem(Client(headers={"accept-language": "zh"}).get("/api/v1/nothing"), 404)
    en = problem(Client(headers={"accept-language": "en"}).get("/api/v1/nothing"), 404)
    assert (zh["title"], en["title"]) == ("没有找到", "Not found")


def test_a_form_that_nobody_gives_is_not_acceptable() -> None:
    problem(Client(headers={"accept": "text/csv"}).get("/api/v1/planks"), 406)
    assert Client(headers={"accept": "application/*"}).get("/api/v1/planks").status_code == 200


def test_wrong_parameters_are_named() -> None:
    body = problem(Client().get("/api/v1/cities?limit=0&level=9"), 422)
    assert {fault["parameter"] for fault in body["errors"]} == {"limit", "level"}
    assert problem(Client().get("/api/v1/cities?cursor=x"), 422)["errors"][0]["parameter"] == "cursor"


def test_nul_in_an_address_is_refused() -> None:
    problem(Client().get("/api/v1/cities/%00"), 400)
    problem(Client().get("/api/v1/cities?name=%00"), 422)


def test_too_many_requests_are_told_when_to_come_back(settings: Any) -> None:
    settings.API_LIMITS = {"address": 3, "token": 2}
    assert [Client().get("/api/v1/planks").status_code for _ in range(3)] == [200] * 3
    response = Client().get("/api/v1/planks")
    problem(response, 429)
    assert 0 < int(response["Retry-After"]) <= 60


def test_a_lost_database_is_a_problem_with_retry_after(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: Any) -> None:
        raise OperationalError("the connection is lost")

    monkeypatch.setattr("staveworks.api.v1.places.list_places", fail)
    response = Client().get("/api/v1/cities")
    problem(response, 503)
    assert int(response["Retry-After"]) > 0


def test_our_own_fault_is_a_problem_with_a_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("staveworks.api.v1.places.list_places", lambda **_: 1 / 0)
    assert problem(Client().get("/api/v1/cities"), 500)["reference"]


def test_head_is_get_without_the_body() -> None:
    response = Client().head("/api/v1/planks")
    assert response.status_code == 200
    assert response.content == b""


def test_every_operation_declares_every_problem() -> None:
    described = Client().get("/api/v1/openapi.json").json()
    operations = [each for methods in described["paths"].values() for each in methods.values()]
    assert operations
    for operation in operations:
        assert {str(status) for status in STATUSES} <= set(operation["responses"]), operation["operationId"]


def test_the_description_stands_at_the_root_too() -> None:
    assert Client().get("/api/v1/").json()["openapi"].startswith("3.1")
