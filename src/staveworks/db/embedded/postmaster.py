"""The server's main process: is it there, is it ours, is it ready, end it.

``postmaster.pid`` outlives a ``kill -9``, and by then its number may belong to any process; so the number counts only
if that process works in our data folder.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

READY_LINE = (
    7  # of postmaster.pid, from 0; PIDs, folder, start, port, socket, address, shared memory come before
)


def postmaster_pid(data: Path) -> int | None:
    """The process id of the live server of this data folder, or None."""
    lines = _pid_file(data)
    pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
    return pid if pid > 0 and _works_in(pid, data) else None


def is_ready(data: Path) -> bool:
    lines = _pid_file(data)
    return (
        len(lines) > READY_LINE and lines[READY_LINE].strip() == "ready" and postmaster_pid(data) is not None
    )


def _pid_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text("utf-8").splitlines()
    except (FileNotFoundError, PermissionError):
        return []


def _works_in(pid: int, data: Path) -> bool:
    """Whether process ``pid`` has ``data`` as its working folder (PostgreSQL's processes all do)."""
    if sys.platform == "linux":
        try:
            return os.path.samefile(f"/proc/{pid}/cwd", data)
        except OSError:
            return False
    shown = subprocess.run(
        ["/bin/ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False
    )
    return "postgres" in shown.stdout


def orphans(data: Path) -> list[int]:
    """Server processes that outlived their killed postmaster; known on Linux only."""
    if sys.platform != "linux":
        return []
    numbers = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in numbers if _works_in(pid, data)]


def clear_leftovers(data: Path, seconds: float = 10.0) -> None:
    """After a ``kill -9``: wait for (then end) orphaned backends, and take a foreign process's number off the pid file.

    The file is kept, with a number that no process has: its other lines let PostgreSQL itself make sure that nobody
    still uses the shared memory.
    """
    if postmaster_pid(data) is not None:
        return
    deadline = time.monotonic() + seconds
    while left := orphans(data):
        _signal(left, signal.SIGQUIT if time.monotonic() < deadline else signal.SIGKILL)
        time.sleep(0.05)
    lines = _pid_file(data)
    if lines:
        gone = subprocess.Popen(["/bin/sh", "-c", ":"])
        gone.wait()
        (data / "postmaster.pid").write_text("\n".join([str(gone.pid), *lines[1:]]) + "\n", "utf-8")


def end_postmaster(data: Path, seconds: float = 30.0) -> None:
    """Fast shutdown (sessions are cut, data is flushed); immediate shutdown when that takes too long."""
    pid = postmaster_pid(data)
    if pid is None:
        return
    _signal([pid], signal.SIGINT)
    if not _gone(data, seconds):
        _signal([pid], signal.SIGQUIT)
        _gone(data, seconds)


def _gone(data: Path, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while postmaster_pid(data) is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
