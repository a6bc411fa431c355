"""What all tests may ask for. `database.py` says how the databases are made."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.db import connections
from django.utils import translation
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker
from xdist.remote import Producer

from tests.database import Clone, Databases, check_roles, django_on
from tests.places import close_shared, open_shared
from tests.scheduling import TogetherByModule

settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")  # how fast a draw is says something of the machine's neighbours, not of us

NOT_HERE = {"transactional_db", "live_server", "django_db_reset_sequences"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Flushing tables is impossible (append-only ones refuse it): real commits have the fixture `committed`."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        asked = set(getattr(item, "fixturenames", ())) & NOT_HERE
        if asked or (marker and marker.kwargs.get("transaction")):
            raise pytest.UsageError(f"{item.nodeid}: use the fixture `committed` for real commits")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        open_shared()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        close_shared()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> TogetherByModule:
    return TogetherByModule(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Kernels that were not compiled at set-up: once, before each worker does it for itself, a minute of processor time each."""
    from staveworks.engine.dispatch.kept_kernels import all_kept

    if not all_kept():
        subprocess.run([sys.executable, "-m", "staveworks.engine.dispatch.compile"], check=True)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: searching it for garbage took a fifth of the suite's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_runtest_setup() -> None:
    """A test begins in the product's first language: a request of another test must not leave it its own."""
    translation.deactivate()


@pytest.fixture(scope="session")
def databases(django_db_blocker: DjangoDbBlocker) -> Iterator[Databases]:
    """The server for tests with its migrated template."""
    with django_db_blocker.unblock():
        server = Databases()
    yield server
    server.close()


@pytest.fixture(scope="session")
def django_db_setup(
    databases: Databases, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """In place of pytest-django's: the clone of this worker, on which `db` rolls back."""
    clone = databases.clone()
    check_roles(clone.urls)
    with django_db_blocker.unblock():
        on = django_on(clone.urls)
        on.__enter__()
    yield
    with django_db_blocker.unblock():
        on.__exit__(None, None, None)
    databases.drop(clone)


@pytest.fixture
def committed(
    databases: Databases,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Clone]:
    """A fresh clone on which commits are real: for threads, other roles, other processes. Not together with `db`."""
    clone = databases.clone()
    for name, value in clone.urls.environment().items():
        monkeypatch.setenv(name, value)
    with django_db_blocker.unblock(), django_on(clone.urls):
        yield clone
    databases.drop(clone)


@pytest.fixture(autouse=True)
def _nobody_acts(request: pytest.FixtureRequest) -> None:
    """A test begins with nobody acting: a session-wide ``SET app.org`` of another test must not last.

    Its transaction may idle for as long as the test takes, on a second connection too.
    """
    marker = request.node.get_closest_marker("django_db")
    if marker or "db" in request.fixturenames:
        request.getfixturevalue("_django_db_helper")
        for alias in (marker and marker.kwargs.get("databases")) or ["default"]:
            with connections[alias].cursor() as cursor:
                cursor.execute("RESET ALL")
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")


@pytest.fixture(scope="session", autouse=True)
def _plain_environment() -> None:
    """A tool that a test starts speaks plain UTF-8, whatever the terminal's language."""
    os.environ.setdefault("LC_ALL", "C.UTF-8")
