"""Markets on a Ray cluster: the extra ``staveworks[ray]``, asked for by ``RAY_ADDRESS``. Each node has this version of Staveworks.

Only a market that is begun is sent, and a task asks for as many processors as it has threads, so Ray keeps to the cluster's size. An actor
passes on what the markets say and whether they are to stop.
"""

import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import ray

from staveworks.engine.dispatch.markets.lost import MarketLost, NoCluster
from staveworks.engine.dispatch.markets.split import Solved
from staveworks.engine.dispatch.markets.tasks import Heard, Task, carry_out
from staveworks.kit.configuration.table import RAY_ADDRESS

ASK_S = 0.5
"""How often a market asks whether to stop."""
KNOCK_S = 10.0


class Ear:
    """Between the markets and whoever began them."""

    def __init__(self) -> None:
        self._said: list[tuple[int, Heard]] = []
        self._stop = False

    def tell(self, number: int, said: Heard) -> None:
        self._said.append((number, said))

    def take(self) -> list[tuple[int, Heard]]:
        said, self._said = self._said, []
        return said

    def ask_to_stop(self) -> None:
        self._stop = True

    def is_asked_to_stop(self) -> bool:
        return self._stop


def carry_out_there(number: int, task: Task, ear: Any, wanted: str) -> Solved:
    """On a node: like anywhere, with an ear that is far away."""
    if version("staveworks") != wanted:
        raise RuntimeError(f"this node has staveworks {version('staveworks')}, {wanted} is wanted")
    return carry_out(task, lambda said: ear.tell.remote(number, said), _asking(ear))


def _asking(ear: Any, clock: Callable[[], float] = time.monotonic) -> Callable[[], bool]:
    last, asked = clock(), False

    def is_asked_to_stop() -> bool:
        nonlocal last, asked
        if not asked and clock() - last >= ASK_S:
            last, asked = clock(), ray.get(ear.is_asked_to_stop.remote())
        return asked

    return is_asked_to_stop


class OnRay:
    """As many markets at a time as the cluster has processors for; if there are fewer, each gets several of one node."""

    def __init__(self, markets: int) -> None:
        self._mine = not ray.is_initialized()
        if self._mine:
            _connect()
        processors = [int(node["Resources"].get("CPU", 0)) for node in ray.nodes() if node["Alive"]]
        self.threads = max(1, min(sum(processors) // markets, max(processors)))
        self.slots = max(1, sum(count // self.threads for count in processors))
        self._ear: Any = ray.remote(Ear).options(num_cpus=0).remote()
        self._running: dict[Any, tuple[int, int]] = {}
        self._heard: deque[tuple[int, Heard]] = deque()

    def begin(self, number: int, task: Task) -> None:
        there = ray.remote(carry_out_there).options(num_cpus=task.threads, max_retries=0)
        answer = there.remote(number, task, self._ear, version("staveworks"))
        self._running[answer] = number, len(task.part.problem.lines)

    def next(self, seconds: float) -> tuple[int, Heard | Solved] | None:
        self._heard.extend(ray.get(self._ear.take.remote()))
        if self._heard:
            return self._heard.popleft()
        done, _ = ray.wait(list(self._running), timeout=seconds)
        if not done:
            return None
        number, lines = self._running.pop(done[0])
        try:
            answer: Solved = ray.get(done[0])
        except ray.exceptions.OutOfMemoryError as error:
            raise MemoryError(str(error)) from error
        except ray.exceptions.RayTaskError as error:
            if isinstance(error.cause, MemoryError):
                raise error.cause from error
            raise MarketLost(lines, str(error.cause)) from error
        except ray.exceptions.RayError as error:
            raise MarketLost(lines, type(error).__name__) from error
        return number, answer

    def stop(self) -> None:
        self._ear.ask_to_stop.remote()

    def close(self) -> None:
        for answer in self._running:
            ray.cancel(answer, force=True)
        ray.kill(self._ear)
        if self._mine:
            ray.shutdown()


def _connect() -> None:
    """By ``RAY_ADDRESS``. Ray takes SIGTERM for itself, which a command may have a use for."""
    former = signal.getsignal(signal.SIGTERM)
    try:
        _knock(RAY_ADDRESS.read())
        ray.init(log_to_driver=False, logging_level="warning")
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        raise NoCluster(str(error).strip().splitlines()[0]) from error
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, former)


def _knock(address: str) -> None:
    """Where nobody answers, Ray itself would wait for minutes. ``auto`` and ``local`` say no place."""
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host, int(port)), KNOCK_S).close()
