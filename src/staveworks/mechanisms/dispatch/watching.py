"""What a running engine tells the page, and what the page tells it: bound and gap as they move, a sign of life, a wish to stop."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection
from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.dispatch.models import Run
from staveworks.mechanisms.dispatch.types.runs import RunState

log = logging.getLogger("staveworks.dispatch")
EVERY_S = 1.0
PULSE_S = 10.0
MOST_MARKS = 400


class Watch:
    """``told(objective, bound)`` after each step of the engine; ``stop()`` between steps. Either touches the database at most once a
    second. A run that somebody else has taken over in the meantime (``attempt``) is to stop too: its answer would be refused."""

    def __init__(self, actor: Actor, run: UUID, attempt: int, *, clock: Callable[[], float] = time.monotonic):
        self._actor, self._run, self._attempt, self._clock = actor, run, attempt, clock
        self._began = self._last = clock()
        self._marks: list[list[float | None]] = []
        self.stopped = False

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Signs of life from a thread of its own while the engine says nothing: at a first run it compiles for minutes."""
        over = threading.Event()
        pulse = threading.Thread(target=self._beat, args=(over,), daemon=True)
        pulse.start()
        try:
            yield
        finally:
            over.set()
            pulse.join(timeout=PULSE_S)

    def _beat(self, over: threading.Event) -> None:
        try:
            while not over.wait(PULSE_S):
                try:
                    touch(self._actor, run=self._run, attempt=self._attempt)
                except Exception:
                    log.exception("run %s gave no sign of life; trying again", self._run)
        finally:
            connection.close()

    def told(self, objective: float | None, bound: float | None) -> None:
        self._marks.append([round(self._clock() - self._began, 1), objective, bound])
        self._look()

    def stop(self) -> bool:
        self._look()
        return self.stopped

    def _look(self) -> None:
        if self.stopped or self._clock() - self._last < EVERY_S:
            return
        self._last = self._clock()
        self._marks = _thinned(self._marks)
        self.stopped = not _note(self._actor, run=self._run, attempt=self._attempt, trail=self._marks)

    @property
    def trail(self) -> list[list[float | None]]:
        return _thinned(self._marks)


def _thinned(marks: list[list[float | None]]) -> list[list[float | None]]:
    """Every other one where there are too many; the last always."""
    while len(marks) > MOST_MARKS:
        marks = marks[:-1:2] + marks[-1:]
    return marks


@use_case
def touch(actor: Actor, /, *, run: UUID, attempt: int) -> None:
    """It is being worked on, and nothing else is known."""
    Run.objects.filter(id=run, attempt=attempt, state=RunState.RUNNING).update(touched_at=Now())


@use_case
def _note(actor: Actor, /, *, run: UUID, attempt: int, trail: list[list[float | None]]) -> bool:
    """Whether to go on."""
    mine = Run.objects.filter(id=run, attempt=attempt, state=RunState.RUNNING)
    kept = mine.update(trail=trail, touched_at=Now())
    return bool(kept) and not mine.filter(stop_asked_at__isnull=False).exists()
