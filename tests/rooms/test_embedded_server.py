"""The embedded server: who may log in, who shares it, what survives a kill."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from staveworks.db.embedded.account import server_account
from staveworks.db.embedded.errors import DatabaseTrouble
from staveworks.db.embedded.postmaster import end_postmaster, orphans
from staveworks.db.embedded.secrets import Urls
from staveworks.db.embedded.server import EmbeddedServer
from staveworks.db.roles import WrongRole, check_app_role, check_cross_role

START = "import sys; from pathlib import Path; from staveworks.db.embedded.server import EmbeddedServer; "

pytestmark = pytest.mark.xdist_group("embedded_server")


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the server's own user can enter, unlike pytest's when we are root."""
    folder = Path(tempfile.mkdtemp(prefix="staveworks-embedded-"))
    folder.chmod(0o711)
    yield folder
    if (folder / "postgres").exists():
        end_postmaster((folder / "postgres").resolve() / "18")
        shutil.rmtree((folder / "postgres").resolve(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Urls]:
    """One running server for the tests that only ask."""
    folder = Path(tempfile.mkdtemp(prefix="staveworks-embedded-"))
    folder.chmod(0o711)
    server = EmbeddedServer(folder, durable=False)
    yield server.start()
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def ask(url: str, query: str) -> tuple[object, ...]:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row


def until(true: Callable[[], object], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def test_text_is_utf8_in_code_point_order_and_pages_have_checksums(urls: Urls) -> None:
    assert ask(
        urls.app,
        "SELECT pg_encoding_to_char(encoding), datcollate, datctype, current_setting('data_checksums') "
        "FROM pg_database WHERE datname = current_database()",
    ) == ("UTF8", "C.UTF-8", "C.UTF-8", "on")


@pytest.mark.parametrize("role", ["app", "owner", "cross", "superuser"])
def test_only_the_right_password_opens(urls: Urls, role: str) -> None:
    url: str = getattr(urls, role)
    assert ask(url, "SELECT 1") == (1,)
    name, rest = url.removeprefix("postgresql://").split(":", 1)
    place = rest.split("@", 1)[1]
    for password in ("", "wrong"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"postgresql://{name}:{password}@{place}")


def test_no_rule_lets_anybody_in_without_a_password(urls: Urls) -> None:
    assert ask(urls.superuser, "SELECT array_agg(DISTINCT auth_method) FROM pg_hba_file_rules") == (
        ["scram-sha-256"],
    )


def test_the_three_roles_can_do_what_they_are_for(urls: Urls) -> None:
    with psycopg.connect(urls.owner) as owner:
        owner.execute("CREATE TABLE secret (org text)")
        owner.execute(
            "ALTER TABLE secret ENABLE ROW LEVEL SECURITY; ALTER TABLE secret FORCE ROW LEVEL SECURITY"
        )
        owner.execute("CREATE POLICY own ON secret USING (org = current_setting('app.org', true))")
    with psycopg.connect(urls.app) as app:
        app.execute("SELECT set_config('app.org', 'mill', true)")
        app.execute("INSERT INTO secret VALUES ('mill')")
    assert ask(urls.app, "SELECT count(*) FROM secret") == (0,)
    assert ask(urls.owner, "SELECT count(*) FROM secret") == (0,)
    assert ask(urls.cross, "SELECT count(*) FROM secret") == (1,)
    for url, statement in (
        (urls.app, "CREATE TABLE mine (x int)"),
        (urls.app, "CREATE TEMPORARY TABLE mine (x int)"),
        (urls.app, "ALTER TABLE secret DISABLE ROW LEVEL SECURITY"),
        (urls.cross, "DELETE FROM secret"),
    ):
        with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())


def test_a_wrong_role_is_refused(urls: Urls) -> None:
    check_app_role(urls.app)
    check_cross_role(urls.cross)
    for url in (urls.owner, urls.cross, urls.superuser):
        with pytest.raises(WrongRole):
            check_app_role(url)
    for url in (urls.app, urls.owner, urls.superuser):
        with pytest.raises(WrongRole):
            check_cross_role(url)


def test_nobody_waits_long_for_a_lock(urls: Urls) -> None:
    assert ask(urls.app, "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')") == (
        "3s",
        "1min",
    )


def test_the_last_to_leave_stops_the_server(home: Path) -> None:
    first, second = EmbeddedServer(home, durable=False), EmbeddedServer(home, durable=False)
    assert first.start().app == second.start().app
    first.stop()
    assert second.running()
    second.stop()
    assert not second.running()
    assert orphans((home / "postgres").resolve() / "18") == []


def test_a_second_start_finds_port_and_data(home: Path) -> None:
    with EmbeddedServer(home, durable=False) as urls, psycopg.connect(urls.owner) as owner:
        owner.execute("CREATE TABLE kept (x int)")
    with EmbeddedServer(home, durable=False) as again:
        assert again.app == urls.app
        assert ask(again.app, "SELECT count(*) FROM kept") == (0,)


def test_a_taken_port_is_given_up(home: Path) -> None:
    with EmbeddedServer(home, durable=False) as urls:
        port = json.loads((home / "database.json").read_text())["port"]
    with listening_on(port), EmbeddedServer(home, durable=False) as again:
        assert again.app != urls.app
        assert ask(again.app, "SELECT 1") == (1,)


def listening_on(port: int) -> socket.socket:
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    taken.bind(("127.0.0.1", port))
    taken.listen()
    return taken


@pytest.mark.slow
def test_what_was_committed_survives_kills(home: Path) -> None:
    server = EmbeddedServer(home)
    urls = server.start()
    with psycopg.connect(urls.owner) as owner:
        owner.execute("CREATE TABLE deed (round int)")
    for number in range(3):  # of a new server, of one that has recovered, of one that has recovered from that
        with psycopg.connect(urls.app) as app:
            app.execute("INSERT INTO deed VALUES (%s)", [number])
        pid = server.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        urls = server.start()
        assert ask(urls.app, "SELECT array_agg(round ORDER BY round) FROM deed") == (list(range(number + 1)),)
    server.stop()


def test_a_pid_file_that_names_a_stranger_does_not_keep_it_from_starting(home: Path) -> None:
    server = EmbeddedServer(home, durable=False)
    server.start()
    file = (home / "postgres").resolve() / "18" / "postmaster.pid"
    lines = file.read_text().splitlines()
    pid = server.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: server.pid() is None)
    stranger = subprocess.Popen(["sleep", "60"], **server_account().process_options())
    try:
        file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        assert not server.running()
        assert ask(server.start().app, "SELECT 1") == (1,)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
    server.stop()


def test_a_server_whose_only_user_is_killed_stops(home: Path) -> None:
    code = (
        START
        + "EmbeddedServer(Path(sys.argv[1]), durable=False).start(); print('up', flush=True); sys.stdin.read()"
    )
    user = subprocess.Popen(
        [sys.executable, "-c", code, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert user.stdout is not None
    assert user.stdout.readline() == "up\n"
    server = EmbeddedServer(home, durable=False)
    assert server.running()
    user.kill()
    user.communicate()
    until(lambda: not server.running())
    with server as urls:
        assert ask(urls.app, "SELECT 1") == (1,)


def test_commands_that_start_at_once_in_an_empty_home_share_one_server(home: Path) -> None:
    code = (
        START
        + "s = EmbeddedServer(Path(sys.argv[1]), durable=False); print(s.start().app, s.pid(), flush=True); sys.stdin.read(); s.stop()"
    )
    users = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    said = {user.stdout.readline() for user in users if user.stdout}
    for user in users:
        user.communicate()
    assert len(said) == 1
    assert all(user.returncode == 0 for user in users)
    assert not EmbeddedServer(home, durable=False).running()


def test_a_setup_that_was_cut_short_is_made_again(home: Path) -> None:
    half = home / "postgres" / "18.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server_account().own(home / "postgres")
    with EmbeddedServer(home, durable=False) as urls:
        assert ask(urls.app, "SELECT 1") == (1,)


def test_data_of_another_major_version_are_left_alone(home: Path) -> None:
    old = home / "postgres" / "14"
    old.mkdir(parents=True)
    server_account().own(home / "postgres")
    with pytest.raises(DatabaseTrouble, match="14"):
        EmbeddedServer(home, durable=False).start()
    shutil.rmtree(home / "postgres")


def test_secrets_and_data_are_closed_to_others(home: Path) -> None:
    with EmbeddedServer(home, durable=False):
        assert stat.S_IMODE((home / "database.json").stat().st_mode) == 0o600
        assert stat.S_IMODE((home / "postgres").stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's private folders are closed to the server")
def test_in_a_home_that_the_server_cannot_enter_the_data_lie_elsewhere(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    with EmbeddedServer(private, durable=False) as urls:
        assert ask(urls.app, "SELECT 1") == (1,)
        assert (private / "postgres").is_symlink()
    shutil.rmtree((private / "postgres").resolve())
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
