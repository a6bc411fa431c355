"""Problems for several markets: a town that makes what it wants itself, and whether two answers are the same to the last digit."""

from benchmarks.dispatch.generate import generate
from staveworks.engine.dispatch import Problem, Result

COLUMNS = ("line", "lot", "step", "work_centre", "bucket", "quantity")


def town_of(lines: int, seed: int = 1) -> Problem:
    return generate(lines, 2, "mixed", seed, firms=12, cities=3)


def same(one: Result, other: Result) -> bool:
    plans = one.allocations, other.allocations
    return (
        (one.objective, one.bound) == (other.objective, other.bound)
        and bool((one.prices == other.prices).all())
        and all((getattr(plans[0], name) == getattr(plans[1], name)).all() for name in COLUMNS)
    )
