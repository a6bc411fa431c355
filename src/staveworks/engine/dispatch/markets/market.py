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
    prices, early, finer = _prices(part, indexed, warm, threads, watch)
    watch.enter("plan")
    if early and len(problem.lines) > LARGE and watch.over():
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


class Early(NamedTuple):
    """A plan at the first prices, for those who can't wait."""

    plan: Allocations
    objective: float


class Priced(NamedTuple):
    """Prices, the plan that was made while they were looked for, and the stages that are left for beside the plan proper."""

    prices: Prices
    early: Early | None
    finer: Sequence[Stage]


def _prices(part: Open, indexed: Indexed, warm: Prices | None, threads: int, watch: Watch) -> Priced:
    """Of few lines exactly, of very many first on joined ones."""
    problem = part.problem
    early: Early | None = None
    finer: Sequence[Stage] = ()

    def heard(prices: Prices) -> None:
        watch.heard(bound=prices.bound)

    def planned(prices: Prices) -> None:
        nonlocal early
        heard(prices)
        if not warm and early is None:
            early = _early(part, indexed, prices, threads, watch)
            watch.enter("prices")

    def over() -> bool:
        return watch.over(FOR_ALL)

    with ThreadPoolExecutor(threads) as pool:
        watch.enter("prices")
        dual = Dual(problem, chunked(indexed.network, indexed.demand), pool, part.promised)
        if len(problem.lines) <= FEW:
            prices = exact_prices(part, indexed, wanted_lines(problem, indexed), dual)
            heard(prices)
        elif warm or len(problem.lines) <= LARGE:
            stages, finer = (WARM_STAGES, ()) if warm else _stages(part, indexed)
            prices = ascend(dual, warm or no_prices(problem), stages, planned, over)
        else:
            joined = chunked(indexed.network, coarsened(indexed.demand, COARSE))
            coarse = Dual(problem, joined, pool, part.promised)
            prices = ascend(coarse, no_prices(problem), FIRST_STAGES, over=over)
            planned(Prices(prices.hours, prices.promise, dual.bound(prices)))
            prices = ascend(coarse, prices, COARSE_STAGES, over=over)
            stages = FINE_STAGES if len(problem.lines) <= HUGE else HUGE_STAGES
            prices = ascend(dual, prices, stages, heard, over)
    return Priced(prices, early, finer)


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


def _early(part: Open, indexed: Indexed, prices: Prices, threads: int, watch: Watch) -> Early:
    watch.enter("first plan")
    plan, wanted = hasty_plan(part, indexed, prices, threads, watch)
    net = indexed.network
    cost = objective(plan, wanted) + promise_of(part).cost(net, plan) + moving_cost(net, wanted, plan)
    watch.heard(objective=cost)
    return Early(allocations(plan, indexed), cost)
