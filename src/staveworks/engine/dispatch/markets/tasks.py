"""A market as a task: all that its solution needs and nothing more, so that it can be carried out anywhere with the same answer."""

from collections.abc import Callable
from dataclasses import dataclass

from staveworks.engine.dispatch.markets.split import Solved
from staveworks.engine.dispatch.prices.ascent import Prices
from staveworks.engine.dispatch.settled import Open
from staveworks.engine.dispatch.watch import Progress, Watch


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """``seconds`` 0: a plan as soon as can be. None: until it ends by itself."""

    part: Open
    seed: int
    threads: int
    seconds: float | None = None
    warm: Prices | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What a market tells on the way; −inf and inf as long as there is none."""

    bound: float
    objective: float


def carry_out(task: Task, tell: Callable[[Heard], None], stop: Callable[[], bool] | None) -> Solved:
    from staveworks.engine.dispatch.markets.market import (
        solve_market,
    )  # compiled code: a process loads it with its first task

    def heard(progress: Progress) -> None:
        tell(Heard(progress.bound, progress.objective))

    watch = Watch(task.seconds, heard, stop)
    return solve_market(task.part, seed=task.seed, threads=task.threads, watch=watch, warm=task.warm)
