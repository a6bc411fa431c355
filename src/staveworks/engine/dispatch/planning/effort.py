"""How much is done for how many lines. Budgets are counts, so that a run can be repeated."""

from collections.abc import Sequence
from typing import NamedTuple

SWEEPS = (0.98, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0)
FEW_SWEEPS = (0.95, 0.8, 0.5, 0.2)
ONE_SWEEP, HUGE = (0.9,), 300_000
"""Of more than ``HUGE`` lines a sweep takes the better part of a minute of a processor, and the first gives most."""
LEVELS = 50
"""Of very many lines, parts of the order of their need within which like ones follow each other."""
REGRET, LESS = 0.9, 0.8
"""Of very many lines a sweep takes those that have this part of all regret; of more than ``HUGE`` the lesser one."""
NEAR = 0.01, 0.002
"""How much dearer than the likeliest a place may be to be looked at first, and a path than the cheapest to be good enough: in costs of an
operation, of very many lines."""
AFTER_DIVE = (0.9, 0.6, 0.3, 0.0)
WARM, COLD = 0.3, 0.01
"""How much dearer a round of the search may leave the plan, in mean losses of a line."""
SEARCH, AFTER, SETUPS, SOON = 4e7, 4e5, 2e6, 200
"""What the search may take, in rounds · places²: without a dive or of few lines, and after a dive of more than ``SOON`` lines, where it finds a
hundredth of a per cent; a whole one where lots have set-ups, of which a dive knows usual ones only."""
PARTS, FEWEST = 20, 50
"""Parts of the search, after each of which its plan is looked at; rounds that make one."""


class Effort(NamedTuple):
    """Budgets are counts, so that a run can be repeated."""

    sweeps: Sequence[float]
    rounds: int = 0
    dive: bool = False


SMALL, LARGE = 1_500, 20_000
"""Lines of a market: up to ``SMALL`` they are one linear programme; beyond ``LARGE`` a few sweeps have to do."""


FEW = 60
"""Lines: up to so many, prices are those of the linear programme without lots, itself."""


WHOLE_GAP, LEAST_PART = 0.05, 0.1
"""Above the bound: from there on the search of few lines goes on for all of its rounds; for this part of them at the least."""


def part_of_search(lines: int, objective: float, bound: float) -> float:
    """Of few lines, in proportion to what is left to gain."""
    if lines > SOON or bound <= 0:
        return 1.0
    return min(1.0, max(LEAST_PART, (objective / bound - 1) / WHOLE_GAP))


def effort(lines: int, places: int, setups: bool = False) -> Effort:
    """Fewer rounds of the search where a path costs more to find; of few lines ten times as many: they take a second or two."""
    if lines > LARGE:
        return Effort(FEW_SWEEPS if lines <= HUGE else ONE_SWEEP)
    dive = lines <= SMALL
    most = SEARCH if not dive or lines <= SOON else SETUPS if setups else AFTER
    rounds = int(min(20 * max(lines, min(10 * lines, 1_000)), most / max(16, places**2)))
    return Effort(SWEEPS, rounds, dive)
