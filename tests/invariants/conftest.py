"""The town of the matrix takes ten seconds to build: once, in a database of its own, by the worker that has the group ``town``; each
test takes back what it did."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connections, transaction
from django.http import HttpRequest, HttpResponse
from pytest_django import DjangoDbBlocker

from staveworks.web import faults, middleware
from tests.database import Clone, Databases, django_on
from tests.matrix import Town
from tests.world import worker_lives


@pytest.fixture(scope="session")
def built(
    databases: Databases, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Clone, Town]]:
    clone = databases.clone()
    with django_db_blocker.unblock(), django_on(clone.urls):
        town = Town()
    yield clone, town
    databases.drop(clone)


@pytest.fixture
def town(built: tuple[Clone, Town], settings: Any, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    settings.API_LIMITS = {"address": 10**9, "token": 10**9}
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    clone, made = built
    with django_db_blocker.unblock(), django_on(clone.urls), ExitStack() as taken_back:
        for alias in ("default", "cross"):
            taken_back.enter_context(
                transaction.atomic(using=alias)
            )  # both: what is held about a person lies in many rooms
            taken_back.callback(transaction.set_rollback, True, using=alias)
            with connections[alias].cursor() as cursor:
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        worker_lives()  # the town's own sign of life may be minutes old
        yield made


@pytest.fixture
def bare_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals say their status only: how their pages look is told by ``tests/rooms/test_faults.py``."""
    for module in (faults, middleware):
        monkeypatch.setattr(module, "render", bare)


def bare(request: HttpRequest, template: str, context: object = None, status: int = 200) -> HttpResponse:
    return HttpResponse(status=status)
