"""A market from prices to plan."""

from concurrent.futures import ThreadPoolExecutor

from staveworks.engine.dispatch.ascent import STAGES, Dual, Prices, Stage, ascend, no_prices
from staveworks.engine.dispatch.improve import LARGE, begin, improve
from staveworks.engine.dispatch.network import Indexed, index
from staveworks.engine.dispatch.plan import allocations
from staveworks.engine.dispatch.pricing import chunked
from staveworks.engine.dispatch.settled import Open
from staveworks.engine.dispatch.split import Solved
from staveworks.engine.dispatch.watch import Watch

FEW_STAGES: tuple[Stage, ...] = ((0.02, 25), (0.005, 35), (0.0015, 35), (0.0005, 30))
"""For very many lines, whose passes take long."""
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

        def heard(prices: Prices) -> bool:
            watch.heard(bound=prices.bound)
            return not watch.over(0.4)

        stages = FEW_STAGES if len(problem.lines) > LARGE else STAGES
        prices = ascend(dual, warm or no_prices(problem), WARM_STAGES if warm else stages, heard)
    watch.enter("plan")
    work = begin(part, indexed, prices)
    watch.heard(objective=work.objective())
    improve(work, prices.bound, seed, watch)
    return Solved(allocations(work.plan, work.indexed), prices)
