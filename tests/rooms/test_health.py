"""Alive and ready: what is asked of whom, and that nothing is given away."""

import json
from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.test import Client

from staveworks.db import state
from staveworks.web import health
from tests.world import worker_lives

pytestmark = pytest.mark.django_db


def ready() -> tuple[int, dict[str, str]]:
    answer = Client().get("/readyz")
    assert answer["Cache-Control"].count("no-store") == 1
    return answer.status_code, json.loads(answer.content)["checks"]


def test_ready_asks_for_a_worker_that_gave_a_sign_of_life_lately() -> None:
    assert ready() == (503, {"database": "ok", "migrations": "ok", "worker": "failing"})
    worker_lives(5)
    assert ready() == (200, {"database": "ok", "migrations": "ok", "worker": "ok"})
    worker_lives(60)
    assert ready()[0] == 503


def test_a_schema_behind_the_program_is_not_ready_until_it_is_migrated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker_lives(1)
    monkeypatch.setattr(state, "_current", False)
    monkeypatch.setattr(state, "pending", lambda alias: ["parties.0009_later"])
    assert ready() == (503, {"database": "ok", "migrations": "failing", "worker": "ok"})
    monkeypatch.setattr(state, "pending", lambda alias: [])
    assert ready()[0] == 200


def test_without_the_database_it_lives_and_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost() -> bool:
        raise OperationalError("password authentication failed for user staveworks_app at 10.0.0.5")

    monkeypatch.setattr(health, "worker_is_alive", lost)
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert b"10.0.0.5" not in answer.content
    assert b"staveworks_app" not in answer.content
    assert Client().get("/healthz").status_code == 200


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_the_probes_ask_few_questions_and_make_no_session(
    address: str, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    worker_lives(1)
    Client().get(address)
    with django_assert_max_num_queries(3):  # type: ignore[attr-defined]
        answer = Client().get(address)
    assert answer.status_code == 200
    assert not answer.cookies
