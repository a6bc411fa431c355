"""A market from prices to plan."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from math import inf
from typing import NamedTuple

from staveworks.engine.dispatch.markets.split import Solved
from staveworks.engine.dispatch.network import Indexed, coarsened, index
from staveworks.engine.dispatch.plan import allocations, objective, wanted_lines
from staveworks.engine.dispatch.planning.beside import Beside, Over
from staveworks.engine.dispatch.planning.effort import FEW, HUGE, LARGE, SMALL
from staveworks.engine.dispatch.planning.hasty import hasty_plan
from staveworks.engine.dispatch.planning.improve import improve
from staveworks.engine.dispatch.planning.linear import exact_prices
from staveworks.engine.dispatch.planning.moves import moving_cost
from staveworks.engine.dispatch.planning.promise import promise_of
from staveworks.engine.dispatch.planning.proof import prove
from staveworks.engine.dispatch.planning.work import begin, prices_lots
from staveworks.engine.dispatch.prices.ascent import STAGES, Dual, Prices, Stage, ascend, no_prices
from staveworks.engine.dispatch.prices.chunks import chunked
from staveworks.engine.dispatch.result import Allocations, is_best
from staveworks.engine.dispatch.settled import Open
from staveworks.engine.dispatch.watch import Watch

FIRST_STAGES: tuple[Stage, ...] = ((0.02, 25),)
COARSE_STAGES: tuple[Stage, ...] = ((0.005, 50),)
FINE_STAGES: tuple[Stage, ...] = ((0.0015, 60), (0.0005, 90))
HUGE_STAGES: tuple[Stage, ...] = ((0.0015, 45), (0.0005, 60))
"""For very many lines, whose passes take long: the first stages see them joined, a plan that is made after the very first tells what to expect. Of
more than ``HUGE`` lines a step takes half a second of a processor."""
COARSE = 8
"""Wants of a class that are left when they are joined."""
ROUGH = 4
"""Of the stages those that have to do where a linear programme finds better prices at once; the others follow beside it."""
SOON = 2
"""Stages after which, of not so many lines, a first plan is made."""
FOR_ALL = 0.4
"""The part of a run's time after which prices are looked for no longer."""
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
    many = len(problem.lines) > LARGE
    with ThreadPoolExecutor(threads) as pool:
        watch.enter("prices")
        dual = Dual(problem, chunked(indexed.network, indexed.demand), pool, part.promised)

        def heard(prices: Prices) -> None:
            watch.heard(bound=prices.bound)

        def over() -> bool:
            return watch.over(FOR_ALL)

        early = None
        finer: Sequence[Stage] = ()
        if len(problem.lines) <= FEW:
            prices = exact_prices(part, indexed, wanted_lines(problem, indexed), dual)
            heard(prices)
        elif many and not warm:
            joined = chunked(indexed.network, coarsened(indexed.demand, COARSE))
            coarse = Dual(problem, joined, pool, part.promised)
            prices = ascend(coarse, no_prices(problem), FIRST_STAGES, over=over)
            watch.heard(bound=dual.bound(prices))
            early = _early(part, indexed, prices, threads, watch)
            watch.enter("prices")
            prices = ascend(coarse, prices, COARSE_STAGES, over=over)
            prices = ascend(
                dual, prices, FINE_STAGES if len(problem.lines) <= HUGE else HUGE_STAGES, heard, over
            )
        else:
            stages, finer = (WARM_STAGES, ()) if warm else _stages(part, indexed)
            prices = warm or no_prices(problem)
            if not warm:
                prices, stages = ascend(dual, prices, stages[:SOON], heard, over), stages[SOON:]
                early = _early(part, indexed, prices, threads, watch)
                watch.enter("prices")
            prices = ascend(dual, prices, stages, heard, over)
    watch.enter("plan")
    if many and early and watch.over():
        return Solved(early.plan, prices, prices)
    work = begin(part, indexed, prices, threads, watch)
    if early and work.objective() > early.objective and watch.over():
        return Solved(early.plan, prices, prices)
    watch.heard(objective=min(work.objective(), early.objective if early else inf))
    with Beside[Prices](threads, watch) as beside:
        if finer:
            beside.begin(partial(_ascended, part, indexed, prices, finer), FOR_ALL)
        improve(work, seed, watch)
        prices = beside.join() or prices
    proof = work.prices if work.prices.bound >= prices.bound else prices
    # Where they show that the plan is the best, nothing is left to prove.
    if not is_best(work.objective(), proof.bound):
        proof = prove(part, proof, seed, threads, watch)
    return Solved(allocations(work.plan, work.indexed), prices, proof)


def _stages(part: Open, indexed: Indexed) -> tuple[Sequence[Stage], Sequence[Stage]]:
    """Those before the plan, and those beside it."""
    if len(part.problem.lines) > SMALL:
        return STAGES, ()
    if prices_lots(part, wanted_lines(part.problem, indexed)):
        return STAGES[:ROUGH], STAGES[ROUGH:-1]
    return STAGES[:-1], ()


def _ascended(part: Open, indexed: Indexed, prices: Prices, stages: Sequence[Stage], over: Over) -> Prices:
    """On a thread of its own: nobody hears of it."""
    with ThreadPoolExecutor(1) as pool:
        dual = Dual(part.problem, chunked(indexed.network, indexed.demand), pool, part.promised)
        return ascend(dual, prices, stages, over=over)


class Early(NamedTuple):
    """A plan at the first prices, for those who can't wait."""

    plan: Allocations
    objective: float


def _early(part: Open, indexed: Indexed, prices: Prices, threads: int, watch: Watch) -> Early:
    watch.enter("first plan")
    plan, wanted = hasty_plan(part, indexed, prices, threads, watch)
    net = indexed.network
    cost = objective(plan, wanted) + promise_of(part).cost(net, plan) + moving_cost(net, wanted, plan)
    watch.heard(objective=cost)
    return Early(allocations(plan, indexed), cost)
