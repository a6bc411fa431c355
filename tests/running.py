"""A `staveworks run` in a home of its own, for tests of what is running."""

import http.client
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from staveworks.db.embedded.postmaster import end_postmaster
from tests.environment import plain_environment
from tests.places import quick_folder

PATIENCE_S = 180  # for a busy machine; an idle one needs a few seconds


@contextmanager
def empty_home() -> Iterator[Path]:
    """A folder that the database's own user can enter; whatever still runs in it is ended."""
    folder = Path(tempfile.mkdtemp(prefix="staveworks-run-", dir=quick_folder()))
    folder.chmod(0o711)
    yield folder
    if (folder / "postgres").exists():
        end_postmaster((folder / "postgres").resolve() / "18")
    shutil.rmtree(folder, ignore_errors=True)


class Running:
    """A `staveworks run` with its output in a file, as a terminal would show it."""

    def __init__(self, home: Path, port: int, processes: int, **settings: str) -> None:
        self.home, self.port = home, port
        self._log = home / "run.log"
        self._environment = plain_environment(STAVEWORKS_HOME=str(home), **settings)
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "staveworks.cli.main", "run", "--no-demo"),
                    *("--port", str(port), "--workers", str(processes)),
                ],
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Another command beside it, in the same home."""
        return subprocess.run(
            [sys.executable, "-m", "staveworks.cli.main", *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
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
def running(home: Path, port: int, *, processes: int = 2, **settings: str) -> Iterator[Running]:
    """``processes`` serve pages: one where nobody looks at many of them, each takes seconds to load."""
    run = Running(home, port, processes, **settings)
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
