"""What is proven beside the plan: of markets with set-ups, by the problem in which these are spread over units, and of few lines by prices of
lots. Nothing of the plan depends on it.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from staveworks.engine.dispatch.check.lots import most_lots
from staveworks.engine.dispatch.check.setups import has_setups, spread_setups
from staveworks.engine.dispatch.network import Indexed, index
from staveworks.engine.dispatch.plan import empty_plan, wanted_lines
from staveworks.engine.dispatch.planning.certify import Bound, certify
from staveworks.engine.dispatch.planning.columns import finder, together
from staveworks.engine.dispatch.planning.dive import NOISE, NOISY
from staveworks.engine.dispatch.planning.effort import FEW
from staveworks.engine.dispatch.planning.programme import Programme
from staveworks.engine.dispatch.planning.promise import promise_of
from staveworks.engine.dispatch.prices.ascent import Dual, Prices, Stage, ascend, money
from staveworks.engine.dispatch.prices.chunks import chunked
from staveworks.engine.dispatch.problem import Floats, no_commitments
from staveworks.engine.dispatch.settled import Open
from staveworks.engine.dispatch.watch import Watch

MOST = 150
"""Lines: of more, the programme of a problem with set-ups takes too long; prices of hours alone are looked for."""
SPREAD_STAGES: Sequence[Stage] = ((0.01, 30), (0.003, 50), (0.001, 60))
"""From the prices without set-ups to those with them."""
GENERATIONS = 200
MANY = 10_000
"""Lots: as good as any number."""


def prove(part: Open, prices: Prices, seed: int, threads: int, watch: Watch) -> Prices:
    """``prices``, or such as prove more. With set-ups their bound is that of ``spread_setups``, and lots have prices, if only of 0.

    What is planned may move, so that it raises no bound. Of up to ``FEW`` lines no dive has asked what lots are worth.
    """
    problem, most = part.problem, most_lots(part.problem)
    spreads, count = has_setups(problem), len(problem.lines)
    if spreads:
        problem = spread_setups(problem)
    elif problem.capabilities.setup_hours.any() or part.lots.any() or count > FEW:
        return prices
    watch.enter("proof")
    problem = replace(problem, commitments=no_commitments())
    part, indexed = replace(part, problem=problem), index(problem)
    if not len(prices.lots):
        stages = SPREAD_STAGES if spreads and count > MOST else ()
        with ThreadPoolExecutor(threads) as pool:
            dual = Dual(problem, chunked(indexed.network, indexed.demand), pool, part.promised)
            prices = replace(ascend(dual, prices, stages, over=watch.over), lots=np.zeros(count))
    return prices if count > MOST or watch.over() else _with_lots(part, indexed, prices, most, seed, watch)


def _with_lots(part: Open, indexed: Indexed, prices: Prices, most: Floats, seed: int, watch: Watch) -> Prices:
    """The linear programme with limits on lots, brought to its end."""
    problem, net = part.problem, indexed.network
    wanted, promise = wanted_lines(problem, indexed, part.lots), promise_of(part)
    plan, draw = empty_plan(problem, wanted, part.left), np.random.default_rng(seed)
    find, lines = finder(net, wanted, plan, 1), np.flatnonzero(wanted.quantity > 0)
    at = prices.net(problem.work_centres.firm)
    parts = [find.at(lines, at)]
    for scale in money(problem) * np.geomspace(*NOISE, NOISY):
        off = np.maximum(np.minimum(at, 0.0), at + scale * draw.standard_normal(at.shape))
        parts.append(find.at(lines, off))
    lots = np.minimum(most[lines], MANY).astype(np.int64)
    programme = Programme(net, wanted, lines, lots, plan.left, promise, promise.hours)
    programme.add(together(*parts))
    bound = Bound(prices, most)
    if len(lines) and programme.interior(corner=False):
        certify(programme, find, bound, watch.over, range(1, GENERATIONS + 1))
    return bound.prices
