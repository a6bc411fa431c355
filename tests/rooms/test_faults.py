"""What a visitor and a program are told when something goes wrong, and the reference that leads to the log."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from staveworks.config.urls import handler400, handler403, handler404, handler500, urlpatterns
from staveworks.kit.configuration.kinds import NETWORKS
from staveworks.web.doors import door_public

__all__ = ["handler400", "handler403", "handler404", "handler500"]
pytestmark = pytest.mark.django_db
SHAPE = re.compile(r"[0-9a-f]{12}")


@door_public
def fall(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("李雷 13805752266")


@door_public
def lose_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError("connection refused")


@door_public
def take(request: HttpRequest) -> HttpResponse:
    return HttpResponse("taken")


urlpatterns = [
    path("fall/", fall),
    path("lose/", lose_database),
    path("take/", take),
    path("api/v1/fall", fall),
    *urlpatterns,
]
PAGES = [
    ("/no-such-page/", 404, "没有找到", "Not found"),
    ("/fall/", 500, "出错了", "Something went wrong"),
    ("/lose/", 503, "暂时连不上", "Out of reach for a moment"),
    ("/no%00such/", 400, "读不懂这个请求", "This request can’t be read"),
]


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("address", "status", "zh", "en"), PAGES)
def test_an_error_page_says_what_is_safe_and_its_reference_in_both_languages(
    address: str, status: int, zh: str, en: str, visitor: Client
) -> None:
    for language, heading, labels in (
        ("zh-hans", zh, ("数据", "接下来", "编号")),
        ("en", en, ("Your data", "What now", "Reference")),
    ):
        answer = visitor.get(address, headers={"accept-language": language})
        page = answer.content.decode()
        assert answer.status_code == status
        assert f"<h1>{heading}</h1>" in page
        assert all(f"<dt>{label}</dt>" in page for label in labels)
        assert SHAPE.fullmatch(answer["X-Request-ID"])
        assert f"<code>{answer['X-Request-ID']}</code>" in page
        assert "李雷" not in page
    assert ("Retry-After" in answer) == (status == 503)


@pytest.mark.urls(__name__)
def test_a_form_without_its_proof_is_told_that_it_expired_and_one_with_it_is_taken() -> None:
    careful = Client(enforce_csrf_checks=True)
    refused = careful.post("/take/", headers={"accept-language": "en"})
    assert refused.status_code == 403
    assert "The form has expired" in refused.content.decode()
    assert f"<code>{refused['X-Request-ID']}</code>" in refused.content.decode()
    careful.get("/accounts/login/")
    token = careful.cookies["csrftoken"].value
    assert careful.post("/take/", {"csrfmiddlewaretoken": token}).content == b"taken"


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("address", "status"), [("/api/v1/none", 404), ("/api/v1/fall", 500)])
def test_a_problem_of_the_api_holds_the_reference_of_its_header(
    address: str, status: int, visitor: Client
) -> None:
    answer = visitor.get(address)
    problem = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert SHAPE.fullmatch(problem["reference"])
    assert problem["reference"] == answer["X-Request-ID"]


def test_every_answer_has_a_reference_of_its_own(visitor: Client) -> None:
    given = {visitor.get("/accounts/login/")["X-Request-ID"] for _ in range(3)}
    assert len(given) == 3


@pytest.mark.parametrize(
    ("peer", "sent", "taken"),
    [
        ("10.1.2.3", "abc-from-proxy.1", True),
        ("127.0.0.1", "abc-from-proxy.1", False),
        ("10.1.2.3", "short", False),
        ("10.1.2.3", "with space and <b>", False),
        ("10.1.2.3", "x" * 65, False),
    ],
)
def test_a_reference_is_taken_over_from_a_trusted_proxy_only(
    peer: str, sent: str, taken: bool, visitor: Client
) -> None:
    with override_settings(PROXIES=NETWORKS.parse("10.0.0.0/8")):
        answer = visitor.get("/healthz", headers={"x-request-id": sent}, REMOTE_ADDR=peer)
    assert (answer["X-Request-ID"] == sent) is taken


@pytest.fixture
def limited(settings: Any) -> Callable[[str, str], int]:
    """The status of a call of the API by one client behind a proxy, where an address may call once a minute."""
    settings.API_LIMITS = {"address": 1, "token": 1}

    def call(peer: str, forwarded: str) -> int:
        headers = {"x-forwarded-for": forwarded}
        return Client().get("/api/v1/planks", headers=headers, REMOTE_ADDR=peer).status_code

    return call


def test_clients_behind_a_trusted_proxy_are_counted_one_by_one(limited: Callable[[str, str], int]) -> None:
    assert limited("127.0.0.1", "203.0.113.1") == 200
    assert limited("127.0.0.1", "203.0.113.2") == 200
    assert limited("127.0.0.1", "203.0.113.2") == 429
    assert limited("127.0.0.1", "198.51.100.9, 203.0.113.2") == 429, (
        "what the client wrote itself counts nothing"
    )
    assert limited("203.0.113.3", "203.0.113.4") == 200
    assert limited("203.0.113.3", "203.0.113.5") == 429, "a stranger can't pass for others"
