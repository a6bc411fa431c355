"""`staveworks run`: all starts, what dies comes back, nothing is left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from staveworks.cli.run import find_port
from staveworks.db.embedded.server import EmbeddedServer, free_port
from tests.running import PATIENCE_S, empty_home, running, until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("run")]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with empty_home() as folder:
        yield folder


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text("ascii")
    except FileNotFoundError:
        return False


def test_everything_starts_once_and_ctrl_c_stops_everything(home: Path) -> None:
    with running(home, free_port()) as run:
        assert run.answers()
        assert EmbeddedServer(home).running()
        children = run.pids()
        assert set(children) == {"web", "worker"}
        second = subprocess.run(
            [sys.executable, "-m", "staveworks.cli.main", "run", "--no-demo"],
            env={**os.environ, "STAVEWORKS_HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
        assert (second.returncode, str(run.port) in second.stderr) == (1, True)
    assert run.process.returncode == 0
    assert not any(map(alive, children.values()))
    assert not EmbeddedServer(home).running()
    assert not run.answers()


def test_what_is_killed_comes_back(home: Path) -> None:
    with running(home, free_port()) as run:
        for who in ("web", "worker"):
            first = run.pids()[who]
            os.kill(first, signal.SIGKILL)
            until(lambda who=who, first=first: run.pids()[who] != first and run.answers(), run)
        server = EmbeddedServer(home)
        before = server.pid()
        assert before is not None
        os.kill(before, signal.SIGKILL)
        until(lambda: server.pid() not in (None, before) and server.running() and run.answers(), run)


def test_when_run_itself_is_killed_nothing_lingers_and_the_next_start_recovers(home: Path) -> None:
    port = free_port()
    with running(home, port) as run:
        children = run.pids()
        run.process.kill()
        run.process.wait()
        until(lambda: not any(map(alive, children.values())) and not EmbeddedServer(home).running(), run)
    with running(home, port) as run:
        assert run.answers()
        assert json.loads((home / "run.json").read_text("utf-8"))["address"].endswith(f":{port}/")


def test_a_taken_port_makes_it_take_the_next() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < find_port("127.0.0.1", port, patient=False) < port + 50
