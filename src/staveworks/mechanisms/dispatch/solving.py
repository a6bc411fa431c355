"""The one place that calls the engine."""

import math
import os
from collections.abc import Callable
from typing import Protocol

from staveworks.engine.dispatch import Problem, Progress, Result, solve
from staveworks.mechanisms.dispatch.domain.near import mended, near, nearest
from staveworks.mechanisms.dispatch.domain.plan import Plan


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


def answer(
    problem: Problem, *, seed: int, watch: Watched, base: Plan | None = None, stay_near: bool = False
) -> Result:
    """The best plan until it ends by itself or ``watch`` stops it. The same inputs and seed give the same plan, on any number of
    processors: one of them is left to the rest of the house. ``base``: the plan that it is made upon; ``stay_near`` it (a what-if)."""

    def told(progress: Progress) -> None:
        watch.told(_finite(progress.objective), _finite(progress.bound))

    threads = max(1, (os.cpu_count() or 1) - 1)

    def solved(problem: Problem, progress: Callable[[Progress], None] | None = told) -> Result:
        warm = base.result if base else None
        return solve(problem, seed=seed, threads=threads, progress=progress, stop=watch.stop, warm=warm)

    if base is None or not stay_near:
        return solved(problem)
    asked = near(problem, base)
    return nearest(problem, asked, [solved(asked), solved(mended(problem, base), None)], base)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
