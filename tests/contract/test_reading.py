"""What the API refuses to read, each with the place; and what of it is fine."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.contract.caller import Caller, make_token
from tests.world import PASSWORD, World, make_world

pytestmark = pytest.mark.django_db
DIAGNOSES = "/api/v1/diagnoses"
GOOD = {"rubric": "miit-sme-digital-2024", "answers": {"产品设计": 2}}


def ask(body: str | bytes, content_type: str = "application/json") -> HttpResponse:
    return Client().post(DIAGNOSES, body, content_type=content_type)


def refused(response: HttpResponse, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content[:300]
    assert response["Content-Type"] == "application/problem+json"
    return dict(response.json())


def test_a_diagnosis_is_the_one_of_the_command() -> None:
    answer = ask(json.dumps(GOOD)).json()
    assert 0 <= answer["score"]["low"] < answer["score"]["high"] <= 100
    assert answer["planks"] is None
    assert answer["next_question"]


@pytest.mark.parametrize(
    "body", ["{", "[1,]", '{"a": NaN}', "\ud800".encode("utf-8", "surrogatepass"), "{'a': 1}"]
)
def test_what_is_no_json_is_malformed(body: str | bytes) -> None:
    assert refused(ask(body), 400)["type"].endswith("#malformed-json")


@pytest.mark.parametrize("depth", [40, 100_000])
def test_json_that_is_too_deep_is_refused_before_it_hurts(depth: int) -> None:
    assert refused(ask('{"a": ' * depth + "1" + "}" * depth), 400)["type"].endswith("#too-deep")


def test_text_that_cannot_be_kept_is_refused_with_its_place() -> None:
    body = {**GOOD, "answers": {"a/b": "x\0"}}
    assert refused(ask(json.dumps(body)), 422)["errors"][0]["pointer"] == "/answers/a~1b"
    lone = json.dumps({**GOOD, "rubric": "\ud800"})
    assert refused(ask(lone), 422)["errors"][0]["pointer"] == "/rubric"


def test_every_fault_is_told_at_once_with_its_pointer() -> None:
    faults = refused(ask('{"rubric": 7, "answers": {"x": true}, "colour": 1}'), 422)["errors"]
    assert {"/rubric", "/colour"} <= {fault["pointer"] for fault in faults}


def test_a_wrong_answer_is_told_at_its_question() -> None:
    faults = refused(ask(json.dumps({**GOOD, "answers": {"产品设计": 9}})), 422)["errors"]
    assert faults[0]["pointer"] == "/answers/产品设计"
    (unknown,) = refused(ask(json.dumps({**GOOD, "answers": {"no.pe/": 1}})), 422)["errors"]
    assert unknown["pointer"] == "/answers/no.pe~1"


def test_each_wrong_value_has_one_fault_whose_pointer_leads_into_what_was_sent() -> None:
    wrong = '{"产品设计": "２", "zz": 1e400, "a/b": [1, "x", 2.5], "n": true}'
    faults = refused(ask(f'{{"rubric": "r", "answers": {wrong}}}'), 422)["errors"]
    told = {fault["pointer"]: fault["detail"] for fault in faults}
    assert len(told) == len(faults)
    assert set(told) == {
        "/answers/产品设计",
        "/answers/zz",
        "/answers/a~1b/1",
        "/answers/a~1b/2",
        "/answers/n",
    }
    assert told["/answers/zz"] in ("应为有限的数字。", "Give a finite number.")
    missing = refused(ask('{"answers": {"": 1}}'), 422)["errors"]
    assert {fault["pointer"] for fault in missing} == {"/rubric", "/answers/"}


def test_another_content_type_is_unsupported() -> None:
    assert refused(ask("a=1", "application/x-www-form-urlencoded"), 415)
    assert ask(json.dumps(GOOD), "application/json; charset=utf-8").status_code == 200


def test_too_large_a_body_is_refused(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert refused(ask(json.dumps({**GOOD, "rubric": "x" * 2000})), 413)


@pytest.fixture
def world() -> World:
    return make_world()


def test_a_file_that_is_no_list_is_refused_and_a_list_is_taken(world: World) -> None:
    caller = Caller(make_token(world.gao))
    rubbish = SimpleUploadedFile("list.xlsx", b"\0\1\2" * 99)
    assert refused(caller.post("/api/v1/rosters", {"file": rubbish}), 422)
    good = SimpleUploadedFile("list.csv", "企业名称,城市\n清河喷织厂,苏州市\n".encode())
    answer = caller.post("/api/v1/rosters", {"file": good})
    assert answer.status_code == 201, answer.content
    assert answer.json()["sheets"][0]["columns"] == {"name": 0, "city": 1}


def test_the_same_upload_under_a_key_is_one_list(world: World) -> None:
    caller = Caller(make_token(world.gao))

    def upload() -> HttpResponse:
        file = SimpleUploadedFile("list.csv", "企业名称\n清河喷织厂\n".encode())
        return caller.post("/api/v1/rosters", {"file": file}, headers={"idempotency-key": "k"})

    assert upload().json()["id"] == upload().json()["id"]
    assert len(caller.get("/api/v1/rosters").json()["items"]) == 1


def test_a_browser_needs_its_csrf_token_to_change_and_none_to_read(world: World) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.login(username=str(world.lin.person_id), password=PASSWORD) or _force(browser, world)
    assert browser.get("/api/v1/me").status_code == 200
    body = '{"name": "新单位", "kinds": ["provider"]}'
    send = {"path": "/api/v1/organisations", "data": body, "content_type": "application/json"}
    assert refused(browser.post(**send), 403)["type"].endswith("#csrf")
    browser.cookies["csrftoken"] = "a" * 32
    assert browser.post(**send, headers={"x-csrftoken": "a" * 32}).status_code == 201


def _force(browser: Client, world: World) -> bool:
    from staveworks.foundation.parties.models import Person

    person = Person.objects.get(id=world.lin.person_id)
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return True


def test_the_page_for_people_lists_every_operation_without_inline_code() -> None:
    described = Client().get("/api/v1/openapi.json").json()
    for language in ("zh", "en"):
        page = Client(headers={"accept-language": language}).get("/api/v1/docs").content.decode()
        for path, methods in described["paths"].items():
            for method in methods:
                assert f"{method.upper()} {path}" in page
        assert "<style" not in page
        assert "onclick" not in page
        assert Client(headers={"accept-language": language}).get("/api/v1/problems").status_code == 200


def test_an_invitations_secret_goes_to_the_person_and_not_into_the_answer(
    world: World, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(
        "staveworks.api.sending.import_string", lambda _: lambda: type("M", (), {"send": sent.append})
    )
    caller = Caller(make_token(world.lin))
    body = json.dumps({"role": "viewer", "contact": "New@Chunhui.example"})
    with django_capture_on_commit_callbacks(execute=True):
        answer = caller.post("/api/v1/invitations", body, content_type="application/json")
    assert set(answer.json()) == {"id", "expires_at"}
    assert sent[0].to == "new@chunhui.example"
    assert sent[0].link.startswith("http://testserver/join/invitation/")


def test_a_filter_that_is_mistyped_is_refused_with_those_that_there_are() -> None:
    fault = refused(Client().get("/api/v1/cities?lvel=1&limit=2"), 422)["errors"][0]
    assert fault["parameter"] == "lvel"
    assert "level" in fault["detail"]
    assert Client().get("/api/v1/cities?level=1&limit=2").status_code == 200


def test_a_parameter_of_an_operation_that_has_none_is_refused() -> None:
    answer = Client().post(f"{DIAGNOSES}?rubric=x", json.dumps(GOOD), content_type="application/json")
    assert refused(answer, 422)["errors"][0]["parameter"] == "rubric"


def test_what_may_be_given_is_listed_in_the_readers_language() -> None:
    token = make_token(make_world().gao)

    def listed(language: str) -> str:
        reader = Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": language})
        return str(refused(reader.get("/api/v1/firms?sort=x"), 422)["errors"][0]["detail"])

    assert " or '-date'" in listed("en")
    assert " 或 '-date'" in listed("zh-hans")
