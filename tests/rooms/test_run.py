"""`staveworks run`: all starts, what dies comes back, nothing is left behind."""

import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.urls import reverse

from staveworks.cli.run import find_port
from staveworks.cli.welcome import OPERATOR_PATH
from staveworks.db.embedded.server import EmbeddedServer, free_port
from tests.running import Running, empty_home, running, until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("run")]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """Empty at first."""
    with empty_home() as folder:
        yield folder


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text("ascii")
    except FileNotFoundError:
        return False


def test_from_an_empty_home_everything_starts_once_what_is_killed_comes_back_and_nothing_outlives_run(
    home: Path,
) -> None:
    with running(home, free_port(), processes=1) as run:
        assert run.answers()
        assert set(run.pids()) == {"web", "worker"}
        founded_and_only_operator(home)
        refuses_a_second(run)
        for who in ("web", "worker"):
            first = run.pids()[who]
            os.kill(first, signal.SIGKILL)
            until(lambda who=who, first=first: run.pids()[who] != first and run.answers(), run)
        server = EmbeddedServer(home)
        before = server.pid()
        assert before is not None
        os.kill(before, signal.SIGKILL)
        until(lambda: server.pid() not in (None, before) and server.running() and run.answers(), run)
        children = run.pids()
        run.process.kill()
        run.process.wait()
        until(lambda: not any(map(alive, children.values())) and not server.running(), run)


def founded_and_only_operator(home: Path) -> None:
    with EmbeddedServer(home) as urls, psycopg.connect(urls.cross) as connection:
        assert connection.execute("SELECT kinds FROM parties_organisation").fetchall() == [(["platform"],)]


def refuses_a_second(run: Running) -> None:
    second = run.command("run", "--no-demo")
    assert (second.returncode, str(run.port) in second.stderr) == (1, True)


def test_after_that_the_next_start_recovers_and_ctrl_c_stops_everything(home: Path) -> None:
    port = free_port()
    with running(home, port, processes=1) as run:
        assert run.answers()
        assert json.loads((home / "run.json").read_text("utf-8"))["address"].endswith(f":{port}/")
        children = run.pids()
        assert "/join/operator/" in run.said(), "and still offers to become the operator"
    assert run.process.returncode == 0
    assert not any(map(alive, children.values()))
    assert not EmbeddedServer(home).running()
    assert not run.answers()


def test_the_operators_link_is_where_its_page_is() -> None:
    assert OPERATOR_PATH.format(token="t") == reverse("operator_link", kwargs={"token": "t"})


def test_a_taken_port_makes_it_take_the_next() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < find_port("127.0.0.1", port, patient=False) < port + 50
