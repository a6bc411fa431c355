"""The web server whose processes are exchanged one by one while it serves (SIGHUP), without a failed request.

granian exchanges its processes too, but not without loss: on Linux each listens on a socket of its own, whose waiting
connections are reset with it; the old process is ended after a fixed pause, whether the new one serves yet or not; and a
connection kept alive is closed while its client may be sending. So here

- all processes accept from one socket, which the parent keeps open: nothing that waits is lost;
- the old one goes only when the new one has answered a first request; a new one that can't start leaves the old in place;
- before it goes, the old one says ``Connection: close`` in every answer for `FAREWELL_S` seconds, so that clients leave by
  themselves;
- processes are *spawned*, so that they run the code as it is on the disk now.
"""

import json
import logging
import multiprocessing
import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from granian._granian import SocketHolder
from granian.server.mp import MPServer, WorkerProcess

FAREWELL_S = 4.0
"""Longer than a proxy keeps an idle connection to us (deploy/Caddyfile), so that none is closed under its hands."""
START_S = 90.0
BACKLOG = 1024
log = logging.getLogger("staveworks.web")
spawning = multiprocessing.get_context("spawn")
Environ = dict[str, Any]
Respond = Callable[..., Any]


@dataclass(frozen=True)
class Signals:
    """Between the parent and one process: it serves; it shall send its clients away."""

    serving: Event = field(default_factory=spawning.Event)
    leaving: Event = field(default_factory=spawning.Event)


class Rolling(MPServer):
    """``record`` is the file where `staveworks restart` reads how far it is."""

    def __init__(self, *args: Any, record: Path, **kwargs: Any) -> None:
        multiprocessing.set_start_method("spawn", force=True)
        super().__init__(*args, **{**kwargs, "backlog": BACKLOG})
        self._record = record
        self._signals: dict[WorkerProcess, Signals] = {}
        self._rolled = 0
        self._failed = False

    def _init_shared_socket(self) -> None:
        family = socket.AF_INET6 if ":" in self.bind_addr else socket.AF_INET
        self._sso = socket.create_server((self.bind_addr, self.bind_port), family=family, backlog=BACKLOG)
        self._sso.set_inheritable(True)
        shared: Any = SocketHolder
        self._shd = shared(self._sso.fileno(), False, BACKLOG)

    def _spawn_worker(self, idx: int, target: Any, callback_loader: Any, *more: Any) -> WorkerProcess:
        signals = Signals()
        worker = super()._spawn_worker(idx, target, partial(load_with, callback_loader, signals), *more)
        self._signals[worker] = signals
        return worker

    def _spawn_workers(self, spawn_target: Any, target_loader: Any) -> None:
        super()._spawn_workers(spawn_target, target_loader)
        self._note()

    def _reload(self, spawn_target: Any, target_loader: Any) -> None:
        self._failed = False
        super()._reload(spawn_target, target_loader)
        self._rolled += 1
        self._note()

    def _respawn_workers(
        self, workers: list[int], spawn_target: Any, target_loader: Any, delay: float = 0
    ) -> None:
        for idx in workers:
            self.respawned_wrks[idx] = time.monotonic()
            new = self._spawn_worker(idx, spawn_target, target_loader)
            new.interrupt_by_parent = True  # its failure is ours to deal with, not the main loop's
            new.start()
            if self._wait_until_serving(new):
                new.interrupt_by_parent = False
                old, self.wrks[idx] = self.wrks[idx], new
                self._see_off(old)
                self._note()
            else:
                self._give_up(idx, new)

    def _give_up(self, idx: int, new: WorkerProcess) -> None:
        self._failed = True
        log.error("a new web process did not start; the old one goes on")
        new.kill()
        new.join()
        self._signals.pop(new)
        self.respawned_wrks.pop(idx)  # the old one is no newcomer: should it die now, that is no crash loop

    def _wait_until_serving(self, worker: WorkerProcess) -> bool:
        deadline = time.monotonic() + START_S
        while worker.is_alive() and time.monotonic() < deadline and not self.interrupt_signal:
            if self._signals[worker].serving.wait(0.1):
                return True
        return False

    def _see_off(self, old: WorkerProcess) -> None:
        if old.is_alive():
            self._signals[old].leaving.set()
            time.sleep(FAREWELL_S)
            old.terminate()
            old.join(self.workers_kill_timeout)
            if old.is_alive():
                log.warning("an old web process did not end in time")
                old.kill()
                old.join()
        self._signals.pop(old)

    def _note(self) -> None:
        state = {
            "pid": os.getpid(),
            "processes": [worker._id() for worker in self.wrks],
            "rolled": self._rolled,
            "failed": self._failed,
        }
        fresh = self._record.with_suffix(".new")
        fresh.write_text(json.dumps(state), "utf-8")
        fresh.replace(self._record)

    def shutdown(self, exit_code: int = 0) -> None:
        self._record.unlink(missing_ok=True)
        super().shutdown(exit_code)


def load_with(loader: Callable[[], Respond], signals: Signals) -> Respond:
    """In the new process: the application, tried once, behind the door that says farewell."""
    application = loader()
    try_once(application)
    signals.serving.set()
    leaving = signals.leaving.is_set

    def serve(environ: Environ, start_response: Callable[..., Any]) -> Any:
        if not leaving():
            return application(environ, start_response)

        def start_and_close(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            return start_response(status, [*headers, ("connection", "close")], exc_info)

        return application(environ, start_and_close)

    return serve


def try_once(application: Respond) -> None:
    """One request of our own: a program that can't answer it never takes over, and no visitor waits for the loading.

    Raises ``CantServe``, or what the program raises.
    """
    from django.conf import settings
    from django.test.client import RequestFactory

    host = next((name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"), "localhost")
    environ = RequestFactory().get("/healthz", secure=settings.HTTPS, headers={"host": host}).environ
    statuses: list[str] = []
    answer = application(environ, lambda status, *_: statuses.append(status))
    answer.close()
    if not statuses[0].startswith("200"):
        raise CantServe(statuses[0])


class CantServe(RuntimeError):
    """The program was loaded and doesn't answer."""
