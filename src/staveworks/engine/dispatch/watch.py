"""Who watches a run: hears how it goes, may end it. The answer never depends on the clock unless a time limit is asked for."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Progress:
    """``bound`` −inf and ``objective`` inf as long as there is none."""

    phase: str
    bound: float
    objective: float
    seconds: float
    memory: int = 0
    """Bytes that this process has held at the most."""

    @property
    def gap(self) -> float:
        return self.objective / self.bound - 1 if self.bound > 0 else inf


def peak_memory() -> int:
    """Bytes that this process has held at the most; 0 where nobody says."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


@dataclass(slots=True)
class Watch:
    """One run's clock and ears."""

    seconds: float | None = None
    progress: Callable[[Progress], None] | None = None
    stop: Callable[[], bool] | None = None
    began: float = field(default_factory=perf_counter)
    phases: dict[str, float] = field(default_factory=dict)
    phase: str = "prepare"
    since: float = field(default_factory=perf_counter)
    bound: float = -inf
    objective: float = inf
    base: float = 0.0
    """What belongs to every plan and bound of this run and is not of the market that is being solved."""

    def enter(self, phase: str) -> None:
        """The time until now was the former phase's."""
        now = perf_counter()
        self.phases[self.phase] = self.phases.get(self.phase, 0.0) + now - self.since
        self.phase, self.since = phase, now

    def heard(self, *, bound: float | None = None, objective: float | None = None) -> None:
        self.bound = self.bound if bound is None else bound
        self.objective = self.objective if objective is None else objective
        if self.progress is not None:
            done = perf_counter() - self.began
            bound, objective = self.bound + self.base, self.objective + self.base
            self.progress(Progress(self.phase, bound, objective, done, peak_memory()))

    def over(self, part: float = 1.0) -> bool:
        """Whether to end: it was asked for, or this part of the time is used up."""
        return (self.stop is not None and self.stop()) or self.late(part)

    def late(self, part: float = 1.0) -> bool:
        """Whether this part of the time is used up."""
        return self.seconds is not None and perf_counter() - self.began >= part * self.seconds

    def left(self) -> float:
        """Seconds; inf without a limit."""
        return inf if self.seconds is None else max(0.0, self.seconds - (perf_counter() - self.began))
