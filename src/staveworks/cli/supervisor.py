"""Child processes kept alive: started, restarted with growing pauses when they die, ended together."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from staveworks.cli.child import environment_of_child

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
HEALTHY_AFTER_S = 60.0
GRACE_S = 15.0

Tell = Callable[[str, str], None]


@dataclass
class Child:
    """One process with its own session: a Ctrl-C of the terminal reaches only the supervisor, which ends all in order."""

    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    failures: int = 0
    restart_at: float = 0.0

    def start(self, environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            self.command,
            env=environment_of_child(environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.started_at = time.monotonic()

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def clear_group(self) -> None:
        """End what a dead child left: its own processes still hold its port."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                return

    def pause(self) -> float:
        return min(FIRST_PAUSE_S * 2.0**self.failures, LONGEST_PAUSE_S)


class Supervisor:
    """Keeps the named commands running; ``tell(name, message)`` is told what happens to them."""

    def __init__(
        self, commands: Mapping[str, Sequence[str]], environment: Mapping[str, str], tell: Tell
    ) -> None:
        self.environment = dict(environment)
        self._children = [Child(name, command) for name, command in commands.items()]
        self._tell = tell

    def start(self) -> None:
        for child in self._children:
            self._start(child)

    def tend(self) -> None:
        """One look at every child; call it again and again."""
        now = time.monotonic()
        for child in self._children:
            if child.process is not None and not child.is_alive():
                self._mourn(child, now)
            elif child.process is None and now >= child.restart_at:
                self._start(child)

    def stop(self) -> None:
        """End all: ask, wait at most `GRACE_S` seconds, then force."""
        alive = [child for child in self._children if child.is_alive()]
        for child in alive:
            assert child.process is not None
            child.process.terminate()
        deadline = time.monotonic() + GRACE_S
        while any(child.is_alive() for child in alive) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in self._children:
            child.clear_group()
            if child.process is not None:
                child.process.wait()

    def pids(self) -> dict[str, int]:
        return {child.name: child.process.pid for child in self._children if child.process is not None}

    def _start(self, child: Child) -> None:
        child.start(self.environment)
        self._tell(child.name, f"started pid={child.process.pid if child.process else None}")

    def _mourn(self, child: Child, now: float) -> None:
        assert child.process is not None
        code = child.process.returncode
        child.clear_group()
        child.failures = 0 if now - child.started_at > HEALTHY_AFTER_S else child.failures
        child.restart_at = now + child.pause()
        self._tell(child.name, f"ended code={code} restart_in={child.pause():.1f}s")
        child.failures += 1
        child.process = None
