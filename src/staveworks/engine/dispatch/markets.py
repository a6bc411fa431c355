"""A market from prices to plan."""

from concurrent.futures import ThreadPoolExecutor

from staveworks.engine.dispatch.ascent import STAGES, Dual, Prices, Stage, ascend, no_prices
from staveworks.engine.dispatch.improve import LARGE, begin, improve
from staveworks.engine.dispatch.network import Indexed, coarsened, index
from staveworks.engine.dispatch.plan import allocations
from staveworks.engine.dispatch.pricing import chunked
from staveworks.engine.dispatch.settled import Open
from staveworks.engine.dispatch.split import Solved
from staveworks.engine.dispatch.watch import Watch

COARSE_STAGES: tuple[Stage, ...] = ((0.02, 25), (0.005, 50))
FINE_STAGES: tuple[Stage, ...] = ((0.0015, 60), (0.0005, 90))
"""For very many lines, whose passes take long: the first stages see them joined."""
COARSE = 8
"""Wants of a class that are left when they are joined."""
WARM_STAGES: tuple[Stage, ...] = ((0.001, 60), (0.0004, 60), (0.00015, 60))


def solve_market(
    part: Open,
    *,
    seed: int,
    threads: int,
    watch: Watch,
    warm: Prices | None = None,
    indexed: Indexed | None = None,
) -> Solved:
    """Prices, a plan at them, the plan improved."""
    problem = part.problem
    indexed = indexed or index(problem)
    with ThreadPoolExecutor(threads) as pool:
        watch.enter("prices")
        dual = Dual(problem, chunked(indexed.network, indexed.demand), pool, part.promised)

        def heard(prices: Prices) -> None:
            watch.heard(bound=prices.bound)

        def over() -> bool:
            return watch.over(0.4)

        if warm:
            prices = ascend(dual, warm, WARM_STAGES, heard, over)
        elif len(problem.lines) > LARGE:
            coarse = Dual(
                problem, chunked(indexed.network, coarsened(indexed.demand, COARSE)), pool, part.promised
            )
            prices = ascend(coarse, no_prices(problem), COARSE_STAGES, over=over)
            prices = ascend(dual, prices, FINE_STAGES, heard, over)
        else:
            prices = ascend(dual, no_prices(problem), STAGES, heard, over)
    watch.enter("plan")
    work = begin(part, indexed, prices, threads, watch)
    watch.heard(objective=work.objective())
    improve(work, prices.bound, seed, watch)
    return Solved(allocations(work.plan, work.indexed), prices)
