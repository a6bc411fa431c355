"""Invariant 30: the former version's code runs on today's schema, shown by its own tests."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from pytest_django import DjangoDbBlocker

from tests.database import Databases
from tests.rooms.keeping.former import VERSION, former_source

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("keeping")]
ITS_TESTS = (
    "tests/rooms/parties",
    "tests/rooms/barrel",
    "tests/rooms/measure",
    "tests/rooms/files",
    "tests/rooms/rosters",
)
NOT_PROMISED = (
    # Since 0.2 others see a firm by grants, not by its agreement: an agreement that 0.1's pages make on this schema shows nothing
    # until the firm grants. Less is shown, never more.
    "tests/rooms/barrel/test_attesting.py::test_a_checked_paper_verifies_an_answer_and_a_changed_answer_loses_it",
    "tests/rooms/barrel/test_attesting.py::test_an_inspector_attests_what_the_firm_lets_her_see_also_after_it_is_finished",
    "tests/rooms/barrel/test_attesting.py::test_nobody_attests_herself_or_in_the_platforms_name",
    "tests/rooms/measure/test_cluster_pages.py"
    "::test_a_stewarded_firm_shows_its_barrel_until_it_is_claimed_and_a_claimed_one_by_its_agreement",
)
"""Tests of the former version that say what this one changed on purpose, each with its reason."""


@pytest.fixture
def todays_schema(monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker) -> Iterator[Databases]:
    """A test server of its own, on which the former version will find today's schema under its own template's name."""
    monkeypatch.setenv("PYTEST_XDIST_WORKER", f"former-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")
    with django_db_blocker.unblock():
        server = Databases()
    yield server
    server.close()


def test_the_former_version_s_own_tests_pass_on_todays_schema(
    todays_schema: Databases, tmp_path: Path
) -> None:
    source = former_source(tmp_path)
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("STAVEWORKS_", "DATABASE_"))
    }
    environment = {**kept, "PYTHONPATH": f"{source / 'src'}:{source}"}
    template = asked(
        source, environment, "from tests.database import schema_digest; print('template_' + schema_digest())"
    )
    assert asked(source, environment, "import staveworks; print(staveworks.__file__)").startswith(str(source))
    offer(todays_schema, template)
    leaving_out = [f"--deselect={name}" for name in NOT_PROMISED]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *ITS_TESTS, *leaving_out],
        cwd=source,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"version {VERSION} on today's schema:\n{done.stdout[-6000:]}"
    with psycopg.connect(todays_schema.urls.superuser) as connection:
        used = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone()
    assert used, "the premise: it took the template that was offered"


def asked(source: Path, environment: dict[str, str], code: str) -> str:
    settings = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=source,
        env=environment | settings,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def offer(server: Databases, name: str) -> None:
    """Today's template under the name by which the former version looks for its own."""
    with psycopg.connect(server.urls.superuser, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(server.template)))
        connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name)))
