"""A plan made better: sweeps at falling prices, a dive, then a search among the lines that stand in each other's way."""

from collections.abc import Sequence

import numpy as np

from staveworks.engine.dispatch.network import Longs
from staveworks.engine.dispatch.plan import Plan, copied
from staveworks.engine.dispatch.planning.beside import Beside
from staveworks.engine.dispatch.planning.certify import Bound
from staveworks.engine.dispatch.planning.columns import finder, in_plan
from staveworks.engine.dispatch.planning.dive import dive
from staveworks.engine.dispatch.planning.effort import (
    AFTER_DIVE,
    COLD,
    FEWEST,
    PARTS,
    SOON,
    WARM,
    effort,
    part_of_search,
)
from staveworks.engine.dispatch.planning.moves import fill_lines, floors, put_lots, take_lines
from staveworks.engine.dispatch.planning.search import search
from staveworks.engine.dispatch.planning.work import Work
from staveworks.engine.dispatch.prices.ascent import Prices
from staveworks.engine.dispatch.watch import Watch


def improve(work: Work, seed: int, watch: Watch) -> None:
    """Sweeps, a dive, the search; the best plan found is left in ``work``, with better prices where a dive found some."""
    setups = bool(work.indexed.network.option_setup.any())
    budget = effort(len(work.wanted.kind), work.desk.make.shape[0], setups)
    lines = np.flatnonzero(work.wanted.quantity > 0)
    watch.enter("sweeps")
    work.plan = _sweep(work, budget.sweeps, watch)
    if _met(work):
        return
    with Beside[Prices](work.threads, watch) as beside:
        if budget.dive and len(lines) and not watch.over():
            watch.enter("dive")
            dive_into(work, lines, seed, watch, beside)
            work.plan = _sweep(work, AFTER_DIVE, watch)
            if (
                len(lines) <= SOON
            ):  # their search takes longer than the proof, and goes by what is left to gain
                _join(work, beside, watch)
        if budget.rounds and not _met(work):
            part = part_of_search(len(lines), work.objective(), work.prices.bound)
            work.plan = _search(work, int(part * budget.rounds), seed, watch)
        watch.enter("proof")
        _join(work, beside, watch)


def _join(work: Work, beside: Beside[Prices], watch: Watch) -> None:
    work.prices = beside.join() or work.prices
    watch.heard(bound=work.prices.bound)


def _met(work: Work) -> bool:
    """Nothing is better."""
    bound = work.prices.bound
    return work.objective() <= bound + 1e-9 * abs(bound)


def _sweep(work: Work, thetas: Sequence[float], watch: Watch) -> Plan:
    """The best plan on the way. Of very many lines no second plan is kept: their sweeps end where one makes it dearer."""
    best, cost = work.plan if work.second else copied(work.plan), work.objective()
    for theta in thetas:
        if watch.over():
            break
        work.sweep(theta, watch)
        before, cost = cost, min(cost, work.objective())
        if not work.second:
            best = _better(work, best)
        elif work.objective() > before:
            break
        watch.heard(objective=cost)
    return best


def dive_into(work: Work, lines: Longs, seed: int, watch: Watch, beside: Beside[Prices]) -> None:
    """Plan these lines anew by a dive, if that makes the plan cheaper. Better prices go on being looked for ``beside``."""
    net, wanted, before, cost = work.indexed.network, work.wanted, copied(work.plan), work.objective()
    known = in_plan(work.plan, lines)
    take_lines(net, wanted, work.plan, lines)
    bound = Bound(work.prices, work.most) if len(work.most) else None
    find = finder(net, wanted, work.plan, work.threads)
    found = dive(find, lines, work.full, known, work.promise, work.money, seed, watch, beside, bound)
    if bound:
        work.prices = bound.prices
        watch.heard(bound=bound.prices.bound)
    if found is not None:
        order = np.argsort(
            found.quantity, kind="stable"
        )  # the least lots first: what is lacking by rounding, larger ones give
        lots = found.columns.only(order)
        put_lots(
            net,
            wanted,
            work.plan,
            lots.line,
            lots.option,
            lots.bucket,
            lots.cost,
            found.quantity[order],
            work.desk,
        )
        fill_lines(net, wanted, work.plan, lines, work.full, work.desk)
        fill_lines(net, wanted, work.plan, lines, work.real, work.desk)
    if found is None or work.objective() >= cost:
        work.plan = before


def _search(work: Work, rounds: int, seed: int, watch: Watch) -> Plan:
    """The best plan on the way."""
    watch.enter("search")
    best = copied(work.plan)
    net, lines = work.indexed.network, len(work.wanted.kind)
    floor = floors(net, work.wanted, work.plan, work.full, work.desk)
    state = np.array([(seed * 2 + 1) * 0x9E3779B97F4A7C1 & 0x7FFFFFFFFFFFFFFF], np.int64)
    loss = max(work.objective() - work.prices.bound, 1e-12) / lines
    parts = max(1, min(PARTS, rounds // FEWEST))
    heat = loss * WARM * (COLD / WARM) ** np.linspace(0, 1, parts + 1)
    for part in range(parts):
        if watch.over():
            break
        search(
            net, work.wanted, work.plan, rounds // parts, work.full, work.real, floor, heat[part : part + 2].copy(),
            state, work.desk, work.journal,
        )  # fmt: skip
        best = _better(work, best)
        watch.heard(objective=work.objective(best))
    return best


def _better(work: Work, best: Plan) -> Plan:
    return copied(work.plan) if work.objective() < work.objective(best) - 1e-12 else best
