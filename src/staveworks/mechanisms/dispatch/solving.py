"""The one place that calls the engine."""

import math
import os
from typing import Protocol

from staveworks.engine.dispatch import Problem, Progress, Result, solve


class Watched(Protocol):
    """What hears of the engine's steps and may end them."""

    def told(self, objective: float | None, bound: float | None) -> None: ...

    def stop(self) -> bool: ...


class Silent:
    """Nobody watches."""

    def told(self, objective: float | None, bound: float | None) -> None:
        """Nothing to do."""

    def stop(self) -> bool:
        return False


def answer(problem: Problem, *, seed: int, watch: Watched, warm: Result | None = None) -> Result:
    """The best plan until it ends by itself or ``watch`` stops it. The same inputs and seed give the same plan, on any number of
    processors: one of them is left to the rest of the house."""

    def told(progress: Progress) -> None:
        watch.told(_finite(progress.objective), _finite(progress.bound))

    threads = max(1, (os.cpu_count() or 1) - 1)
    return solve(problem, seed=seed, threads=threads, progress=told, stop=watch.stop, warm=warm)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
