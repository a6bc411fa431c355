"""The one door: a problem in, a plan with a certified bound out."""

import os
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from staveworks.engine.dispatch.assignment import is_assignment
from staveworks.engine.dispatch.check import bound_with_lots, lower_bound, recount
from staveworks.engine.dispatch.check.setups import has_setups
from staveworks.engine.dispatch.prices.ascent import Prices
from staveworks.engine.dispatch.problem import Ints, Problem
from staveworks.engine.dispatch.result import Allocations, Result, WithLots, is_best
from staveworks.engine.dispatch.settled import open_part
from staveworks.engine.dispatch.watch import Progress, Watch
from staveworks.engine.dispatch.why import why_lines


def solve(
    problem: Problem,
    *,
    seconds: float | None = None,
    seed: int = 0,
    threads: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    warm: Result | None = None,
) -> Result:
    """The best plan until the run ends by itself, ``seconds`` are over or ``stop`` says so.

    The same problem and seed give the same answer, whatever the number of threads. ``warm``: an answer to a similar problem, with the
    same work centres and buckets, whose prices are a start.
    """
    watch = Watch(seconds, progress, stop)
    if is_assignment(problem):  # compiled code is read only when it is needed: each half takes a second
        from staveworks.engine.dispatch.assignment.solve import solve_assignment

        return solve_assignment(problem, seed=seed, watch=watch)
    from staveworks.engine.dispatch.markets.spread import solve_markets

    part = open_part(problem)
    solved = solve_markets(
        part, seed=seed, threads=threads or os.cpu_count() or 1, watch=watch, warm=_start(problem, warm)
    )
    watch.enter("recount")
    plan = joined(part.rows, solved.plan, part.lots)
    prices, promise = solved.prices.hours, solved.prices.promise
    bound = lower_bound(problem, prices, promise) if len(problem.commitments) else solved.prices.bound
    proof = _proof(problem, solved.proof)
    proof = proof if proof and proof.bound > bound else None
    proven = proof.bound if proof else bound
    costs, lines = recount(problem, plan)
    watch.heard(bound=proven, objective=costs.total)
    watch.enter("done")
    return Result(
        status="optimal" if is_best(costs.total, proven) else "feasible",
        objective=costs.total,
        bound=bound,
        proven_bound=proven,
        costs=costs,
        allocations=plan,
        prices=prices,
        fairness_prices=promise,
        lines=replace(lines, why=why_lines(problem, lines.rejected, lines.late, prices, promise)),
        seed=seed,
        seconds=watch.phases,
        with_lots=WithLots(proof.hours, proof.promise, proof.lots) if proof else None,
    )


def _proof(problem: Problem, proof: Prices) -> Prices | None:
    """What markets have proven of lots and set-ups, as far as it says something of the whole, where others may have commitments."""
    if not len(proof.lots) or (problem.capabilities.setup_hours.any() and not has_setups(problem)):
        return None
    if len(problem.commitments):
        return replace(proof, bound=bound_with_lots(problem, proof.hours, proof.promise, proof.lots))
    return proof


def _start(problem: Problem, warm: Result | None) -> Prices | None:
    if warm is None or warm.prices.shape != problem.work_centres.hours.shape:
        return None
    firms = len(problem.firms) if problem.fairness else 0
    promise = warm.fairness_prices if len(warm.fairness_prices) == firms else np.zeros(firms)
    return Prices(np.where(problem.work_centres.hours > 0, warm.prices, 0.0), promise)


def joined(settled: Allocations, new: Allocations, lots: Ints) -> Allocations:
    """Settled lots first, the new ones numbered after them."""
    if not len(settled):
        return new
    line = np.concatenate([settled.line, new.line])
    lot = np.concatenate([settled.lot, new.lot + lots[new.line]]).astype(np.int32)
    step = np.concatenate([settled.step, new.step])
    order = np.lexsort((step, lot, line))
    centre = np.concatenate([settled.work_centre, new.work_centre])
    bucket = np.concatenate([settled.bucket, new.bucket])
    quantity = np.concatenate([settled.quantity, new.quantity])
    return Allocations(line[order], lot[order], step[order], centre[order], bucket[order], quantity[order])
