"""`staveworks run`: all starts, what dies comes back, nothing is left behind."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from staveworks.cli.run import find_port
from staveworks.db.embedded.postmaster import end_postmaster
from staveworks.db.embedded.server import EmbeddedServer, free_port

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("run")]
PATIENCE_S = 180  # for a busy machine; an idle one needs a few seconds


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="staveworks-run-"))
    folder.chmod(0o711)
    yield folder
    if (folder / "postgres").exists():
        end_postmaster((folder / "postgres").resolve() / "18")
    shutil.rmtree(folder, ignore_errors=True)


class Running:
    """A `staveworks run` with its output in a file, as a terminal would show it."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self._log = home / "run.log"
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DATABASE_", "STAVEWORKS_", "DJANGO_"))
        }
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "staveworks.cli.main", "run", "--no-demo", "--port", str(port)],
                env={**kept, "STAVEWORKS_HOME": str(home)},
                stdout=log,
                stderr=log,
            )

    def said(self) -> str:
        return self._log.read_text("utf-8")

    def pids(self) -> dict[str, int]:
        """The children as the run's own record and log name them, the newest of each."""
        started = [line.split() for line in self.said().splitlines() if " started pid=" in line]
        return {words[1]: int(words[-1].removeprefix("pid=")) for words in started}

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status < 500
        except OSError:
            return False
        finally:
            connection.close()


@contextmanager
def running(home: Path, port: int) -> Iterator[Running]:
    run = Running(home, port)
    try:
        until(lambda: "Ctrl-C" in run.said(), run)
        yield run
    finally:
        run.process.send_signal(signal.SIGINT)
        run.process.wait(40)


def until(true: Callable[[], object], run: Running, seconds: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, run.said()
        time.sleep(0.05)


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
