"""One piece of work beside the main one: in a thread where there are two, else when it is asked for. Neither may depend on how far the other is."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from threading import Event
from types import TracebackType
from typing import Self

from staveworks.engine.dispatch.watch import Watch

LOOK_S = 0.1

type Over = Callable[[], bool]


class Beside[Answer]:
    """``begin`` a piece, ``join`` it for its answer. Whoever watches the run is asked by the main thread alone: what he does may be bound to it."""

    def __init__(self, threads: int, watch: Watch) -> None:
        self._watch = watch
        self._pool = ThreadPoolExecutor(1) if threads > 1 else None
        self._ended = Event()
        self._running: Future[Answer] | None = None
        self._later: Callable[[Over], Answer] | None = None
        self._answer: Answer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        if error:
            self._ended.set()
        if self._pool:
            self._pool.shutdown()

    def begin(self, piece: Callable[[Over], Answer], part: float) -> None:
        """``part`` of a limited time may be used up by then. With one thread it is done at once if time is limited: later there is none."""
        if self._pool:
            self._running = self._pool.submit(piece, lambda: self._ended.is_set() or self._watch.late(part))
        elif self._watch.seconds is None:
            self._later = piece
        else:
            self._answer = piece(partial(self._watch.over, part))

    def join(self) -> Answer | None:
        """When the piece is done, and soon if the run is over; ``None`` if nothing was begun."""
        if self._later:
            self._answer = self._later(self._watch.over)
        elif self._running:
            while not self._running.done():
                wait([self._running], LOOK_S)
                if self._watch.over():
                    self._ended.set()
            self._answer = self._running.result()
        self._later = self._running = None
        return self._answer
