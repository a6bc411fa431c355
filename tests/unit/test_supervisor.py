"""Children are started, restarted with growing pauses, and ended with all they started."""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from staveworks.cli.child import PARENT, end_with_parent
from staveworks.cli.run import note_run
from staveworks.cli.supervisor import LONGEST_PAUSE_S, Child, Supervisor


def nothing(name: str, message: str) -> None:
    pass


def until(true: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def tended(supervisor: Supervisor) -> Supervisor:
    supervisor.tend()
    return supervisor


def exists(pid: int) -> bool:
    """Whether a process is there and not only its exit code."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text("ascii")
    except FileNotFoundError:
        return False


def test_a_dead_child_is_started_again() -> None:
    supervisor = Supervisor({"sleeper": ["sleep", "60"]}, os.environ, nothing)
    supervisor.start()
    first = supervisor.pids()["sleeper"]
    os.kill(first, 9)
    until(lambda: tended(supervisor).pids().get("sleeper", first) != first)
    supervisor.stop()


def test_the_run_record_names_the_process_that_was_started_again(tmp_path: Path) -> None:
    def recorded() -> dict[str, int]:
        record: dict[str, Any] = json.loads((tmp_path / "run.json").read_text("utf-8"))
        assert record["address"] == "http://localhost:1/"
        return record["pids"]  # type: ignore[no-any-return]

    supervisor = Supervisor({"worker": ["sleep", "60"]}, os.environ, nothing)
    supervisor.start()
    noted = note_run(tmp_path, "http://localhost:1/", supervisor)
    assert recorded() == noted
    os.kill(noted["worker"], 9)
    until(lambda: tended(supervisor).pids() == {})
    assert note_run(tmp_path, "http://localhost:1/", supervisor) == recorded() == {}
    until(lambda: "worker" in tended(supervisor).pids())
    assert note_run(tmp_path, "http://localhost:1/", supervisor) == recorded() != noted
    supervisor.stop()


def test_pauses_grow_and_have_an_end() -> None:
    child = Child("x", ["false"])
    pauses = []
    for failures in range(12):
        child.failures = failures
        pauses.append(child.pause())
    assert pauses[:4] == [0.5, 1, 2, 4]
    assert pauses[-1] == LONGEST_PAUSE_S


def test_a_child_that_always_dies_is_not_started_in_a_tight_loop() -> None:
    heard: list[str] = []
    supervisor = Supervisor({"failing": ["false"]}, os.environ, lambda _, message: heard.append(message))
    supervisor.start()
    began = time.monotonic()
    while time.monotonic() - began < 2:
        supervisor.tend()
        time.sleep(0.02)
    supervisor.stop()
    assert 2 <= sum(message.startswith("started") for message in heard) <= 3


def test_stopping_ends_what_a_child_started_too(tmp_path: Path) -> None:
    record = tmp_path / "pid"
    supervisor = Supervisor(
        {"shell": ["sh", "-c", f"sleep 60 & echo $! > {record}; wait"]}, os.environ, nothing
    )
    supervisor.start()
    until(lambda: record.exists() and record.read_text().strip() != "")
    grandchild = int(record.read_text())
    assert exists(grandchild)
    supervisor.stop()
    until(lambda: not exists(grandchild))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's end")
def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    record = tmp_path / "pid"
    child = (
        "import os, pathlib, time; from staveworks.cli.child import end_with_parent; end_with_parent(os.environ); "
        f"pathlib.Path({str(record)!r}).write_text(str(os.getpid())); time.sleep(60)"
    )
    parent = (
        "import os, sys, time; from staveworks.cli.supervisor import Supervisor; "
        f"Supervisor({{'child': [sys.executable, '-c', {child!r}]}}, os.environ, print).start(); time.sleep(60)"
    )
    supervisor = Supervisor({"parent": [sys.executable, "-c", parent]}, os.environ, nothing)
    supervisor.start()
    until(lambda: record.exists() and record.read_text() != "")
    orphan = int(record.read_text())
    assert exists(orphan)
    os.kill(supervisor.pids()["parent"], 9)
    until(lambda: not exists(orphan))
    supervisor.stop()


def test_a_process_whose_parent_is_gone_already_ends_at_once() -> None:
    if sys.platform == "linux":
        with pytest.raises(SystemExit):
            end_with_parent({PARENT: "1" if os.getppid() != 1 else "2"})


def test_a_process_that_people_start_lives_on() -> None:
    end_with_parent({})
