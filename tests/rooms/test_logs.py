"""The log: one JSON object a line with the request's reference, and never personal data or a secret."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from staveworks.config.logs import Discreet, Json, Plain, without_secrets
from staveworks.config.urls import handler404, handler500, urlpatterns
from staveworks.foundation.parties.models import Person
from staveworks.web.doors import door_public

__all__ = ["handler404", "handler500"]
pytestmark = pytest.mark.django_db
NAME, PHONE, EMAIL = "李雷雷", "+8613805752266", "lilei@example.cn"
PASSWORD, TOKEN = "correct-horse-battery", "sw_Zk3v9QpTn8sLm2"
PRIVATE = (NAME, PHONE, PHONE[3:], EMAIL, PASSWORD, TOKEN)


@door_public
def clash(request: HttpRequest) -> HttpResponse:
    """A database error whose details quote the row, under an exception that quotes what was typed."""
    Person.objects.create(name=NAME, phone=PHONE, email=EMAIL)
    try:
        with transaction.atomic():
            Person.objects.create(name=NAME, phone=PHONE)
    except IntegrityError as error:
        raise ValueError(f"{NAME} typed {request.GET.get('q')}") from error
    return HttpResponse()


@door_public
def talk(request: HttpRequest) -> HttpResponse:
    logging.getLogger("staveworks.test").warning("sent to %s and %s, token=%s", PHONE, EMAIL, TOKEN)
    return HttpResponse()


urlpatterns = [path("clash/", clash), path("talk/", talk), *urlpatterns]


@contextmanager
def logged(formatter: logging.Formatter) -> Iterator[io.StringIO]:
    """Everything that any logger says inside the block, down to DEBUG."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter)
    handler.addFilter(Discreet())
    root, names = (
        logging.getLogger(),
        ("django", "django.request", "django.server", "staveworks.request", "allauth"),
    )
    before = {name: logging.getLogger(name).level for name in names}
    root.addHandler(handler)
    level, root.level = root.level, logging.DEBUG
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        yield written
    finally:
        root.removeHandler(handler)
        root.level = level
        for name in names:
            logging.getLogger(name).setLevel(before[name])


def walk_through() -> list[str]:
    """Requests that hold personal data and secrets in every place; the references of their answers."""
    visitor = Client(raise_request_exception=False)
    said = {
        "authorization": f"Bearer {TOKEN}",
        "user-agent": f"Mozilla {EMAIL}",
        "referer": f"http://x/{TOKEN}",
    }
    answers = [
        visitor.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD}, headers=said),
        visitor.post("/accounts/login/", {"login": PHONE, "password": PASSWORD}),
        visitor.get(f"/join/invitation/{TOKEN}/"),
        visitor.get(f"/join/claim/?q={NAME}"),
        visitor.get(f"/nowhere/{TOKEN}/{EMAIL}"),
        visitor.get("/api/v1/me", headers=said),
        visitor.get(f"/clash/?q={PASSWORD}"),
        visitor.get("/talk/"),
        visitor.get("/", headers={"host": f"{TOKEN}.example.cn"}),
    ]
    return [answer["X-Request-ID"] for answer in answers]


@pytest.mark.urls(__name__)
def test_neither_personal_data_nor_secrets_reach_the_log() -> None:
    with logged(Json()) as written:
        references = walk_through()
    text = written.getvalue()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [secret for secret in PRIVATE if secret in text] == []
    assert {line["reference"] for line in lines} >= set(references)


@pytest.mark.urls(__name__)
def test_the_same_requests_would_give_them_away_to_an_ordinary_log() -> None:
    with logged(logging.Formatter("%(message)s")) as written:
        walk_through()
    assert [secret for secret in PRIVATE if secret not in written.getvalue()] == []


@pytest.mark.urls(__name__)
def test_text_for_people_is_as_discreet() -> None:
    with logged(Plain()) as written:
        walk_through()
    assert [secret for secret in PRIVATE if secret in written.getvalue()] == []


@pytest.mark.urls(__name__)
def test_a_failure_names_its_kinds_places_and_constraint() -> None:
    with logged(Json()) as written:
        Client(raise_request_exception=False).get("/clash/")
    failures = [json.loads(line).get("failure", "") for line in written.getvalue().splitlines()]
    failure = next(each for each in failures if each)
    assert failure.startswith("builtins.ValueError\n")
    assert "django.db.utils.IntegrityError" in failure
    assert "sqlstate=23505, table_name=parties_person, constraint_name=parties_person_phone_key" in failure
    assert "test_logs.py" in failure


def test_every_request_is_one_line_with_its_route_in_place_of_its_address() -> None:
    with logged(Json()) as written:
        reference = Client().get(f"/join/invitation/{TOKEN}/")["X-Request-ID"]
        Client().get("/static/none.css")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    requests = [line for line in lines if line["logger"] == "staveworks.request"]
    assert len(requests) == 1
    assert requests[0] | {"at": "", "milliseconds": 0} == {
        "level": "INFO",
        "logger": "staveworks.request",
        "message": "GET join/invitation/<str:token>/ 404",
        "reference": reference,
        "method": "GET",
        "route": "join/invitation/<str:token>/",
        "status": 404,
        "milliseconds": 0,
        "at": "",
    }


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("postgresql://app:hunter2@db.example:5432/x", "postgresql://app:…@db.example:5432/x"),
        ("Authorization: Bearer abc.def-1", "Authorization: Bearer …"),
        ("{'password': 'x y'}", "{'password': … y'}"),
        ("code=123456 sent", "code=… sent"),
        ("to 138 0575 2266", "to …"),
        ("job 13805752266123 took 1.5 s", "job 13805752266123 took 1.5 s"),
        ("2026-11-25 02:21:51", "2026-11-25 02:21:51"),
        ("0190f7c2-1380-7575-a226-6a1b2c3d4e5f", "0190f7c2-1380-7575-a226-6a1b2c3d4e5f"),
    ],
)
def test_secrets_are_taken_out_and_the_rest_stays(said: str, kept: str) -> None:
    assert without_secrets(said) == kept


def test_a_statement_of_the_database_is_never_logged() -> None:
    with logged(Json()) as written, connection.cursor() as cursor:
        cursor.execute("SELECT %s", [NAME])
    assert NAME not in written.getvalue()
