"""Commands find, make or refuse their database; each runs as its own process in an empty home."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from staveworks.db.embedded.postmaster import end_postmaster
from staveworks.db.embedded.secrets import Urls
from staveworks.db.embedded.server import EmbeddedServer
from staveworks.db.roles import set_passwords

ROOT = Path(__file__).parent.parent.parent

pytestmark = pytest.mark.xdist_group("commands_on_a_database")


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """One home for this module: first empty, then filled by the first command."""
    folder = Path(tempfile.mkdtemp(prefix="staveworks-commands-"))
    folder.chmod(0o711)
    yield folder
    if (folder / "postgres").exists():
        end_postmaster((folder / "postgres").resolve() / "18")
    shutil.rmtree(folder, ignore_errors=True)


def staveworks(*arguments: str, home: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DATABASE_", "STAVEWORKS_", "DJANGO_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "staveworks.cli.main", *arguments],
        env={**kept, "STAVEWORKS_HOME": str(home), **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_in_an_empty_home_a_command_makes_database_schema_and_operator(home: Path) -> None:
    found = staveworks("migrate", "--check", "--json", home=home)
    pending = json.loads(found.stdout)["pending"]
    assert found.returncode == 1
    assert "parties.0001_initial" in pending

    made = staveworks("migrate", "--json", home=home)
    assert (made.returncode, json.loads(made.stdout)) == (0, {"applied": pending, "pending": []})

    again = staveworks("migrate", "--check", "--json", home=home)
    assert (again.returncode, json.loads(again.stdout)) == (0, {"applied": [], "pending": []})

    with EmbeddedServer(home) as urls, psycopg.connect(urls.cross) as connection:
        assert connection.execute("SELECT kinds FROM parties_organisation").fetchall() == [(["platform"],)]


def test_a_command_stops_the_server_it_started(home: Path) -> None:
    assert staveworks("migrate", home=home).returncode == 0
    assert not EmbeddedServer(home).running()


def test_a_command_leaves_a_running_server_running(home: Path) -> None:
    server = EmbeddedServer(home)
    server.start()
    assert staveworks("migrate", home=home).returncode == 0
    assert server.running()
    server.stop()


def test_the_application_cannot_write_in_the_register_of_migrations(home: Path) -> None:
    staveworks("migrate", home=home)
    with EmbeddedServer(home) as urls, psycopg.connect(urls.app) as connection:
        assert connection.execute("SELECT count(*) > 0 FROM django_migrations").fetchone() == (True,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM django_migrations")


def test_wrong_usage_ends_with_2(home: Path) -> None:
    assert staveworks("migrate", "--chekc", home=home).returncode == 2


def test_trouble_is_one_line_and_ends_with_1(home: Path) -> None:
    told = staveworks("migrate", home=home, DATABASE_URL="postgresql://nobody:x@127.0.0.1:1/none")
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith("Error: ")
    assert "Traceback" not in told.stderr


@pytest.fixture(scope="module")
def foreign() -> Iterator[Urls]:
    """An operator's own PostgreSQL, Debian's: made ready by createdb and psql as ``deploy/roles.sql`` says."""
    folders = sorted(Path("/usr/lib/postgresql").glob("1[5-9]/bin"))
    if not folders or not (folders[0] / "initdb").exists():
        pytest.skip("no PostgreSQL of Debian's here: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="staveworks-foreign-"))
    folder.chmod(0o711)
    server = EmbeddedServer(folder, binaries=folders[0], durable=False)
    urls = server.start()
    at = urls.superuser.removesuffix("/staveworks") + "/"
    with psycopg.connect(at + "postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE staveworks WITH (FORCE)")
        for role in ("staveworks_app", "staveworks_cross", "staveworks_owner"):
            connection.execute(f"DROP ROLE {role}".encode())
    yield prepare_as_operator(folders[0], at, urls)
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def prepare_as_operator(binaries: Path, at: str, urls: Urls) -> Urls:
    roles = ROOT / "deploy" / "roles.sql"
    for _ in range(2):  # it may be repeated
        for command in (
            [binaries / "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", at + "postgres", "-c", "SELECT 1"],
            [binaries / "createdb", "--maintenance-db", at + "postgres", "staveworks"],
            [binaries / "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", at + "staveworks", "-f", roles],
        ):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0 or "already exists" in done.stderr, done.stderr
    passwords = {
        url.split("//")[1].split(":")[0]: url.split(":")[2].split("@")[0]
        for url in (urls.app, urls.owner, urls.cross)
    }
    set_passwords(at + "postgres", passwords)
    return urls


def test_an_external_database_is_migrated_by_its_owner(foreign: Urls, tmp_path: Path) -> None:
    told = staveworks("migrate", "--json", home=tmp_path, **foreign.environment())
    assert told.returncode == 0, told.stderr
    assert "parties.0001_initial" in json.loads(told.stdout)["applied"]
    assert not (tmp_path / "postgres").exists()
    with psycopg.connect(foreign.app) as connection:
        assert connection.execute("SELECT count(*) FROM parties_membership").fetchone() == (0,)
    with psycopg.connect(foreign.cross) as connection:
        assert connection.execute("SELECT count(*) FROM parties_membership").fetchone() == (1,)


def test_an_external_database_is_not_migrated_without_its_owner(foreign: Urls, tmp_path: Path) -> None:
    told = staveworks("migrate", home=tmp_path, DATABASE_URL=foreign.app)
    assert (told.returncode, "DATABASE_OWNER_URL" in told.stderr) == (1, True)


@pytest.mark.parametrize("role", ["owner", "cross", "superuser"])
def test_a_wrong_role_is_refused_at_start(foreign: Urls, tmp_path: Path, role: str) -> None:
    variables = foreign.environment() | {"DATABASE_URL": getattr(foreign, role)}
    told = staveworks("migrate", home=tmp_path, **variables)
    assert told.returncode == 1
    assert "DATABASE_URL" in told.stderr
