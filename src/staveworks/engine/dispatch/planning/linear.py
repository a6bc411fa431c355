"""Prices of a few lines, exactly: the linear programme over paths, lots left out, by column generation. Its duals make L(π) largest."""

import numpy as np

from staveworks.engine.dispatch.network import Indexed
from staveworks.engine.dispatch.plan import Wanted, empty_plan
from staveworks.engine.dispatch.planning.columns import finder, unknown
from staveworks.engine.dispatch.planning.programme import ENDLESS, Programme
from staveworks.engine.dispatch.planning.promise import promise_of
from staveworks.engine.dispatch.prices.ascent import Dual, Prices
from staveworks.engine.dispatch.settled import Open

GENERATIONS = 200
WORTH = 1e-9


def exact_prices(part: Open, indexed: Indexed, wanted: Wanted, dual: Dual) -> Prices:
    """Setting up, lots and what moving costs are left out, as in L; hours are the problem's. ``wanted`` as in a plan."""
    hours = part.problem.work_centres.hours
    wanted = wanted._replace(keep_start=np.zeros_like(wanted.keep_start))
    net = indexed.network._replace(option_setup=np.zeros_like(indexed.network.option_setup))
    plan = empty_plan(part.problem, wanted, hours)
    lines, promise = np.flatnonzero(wanted.quantity > 0), promise_of(part)
    programme = Programme(net, wanted, lines, np.full(len(lines), ENDLESS), hours, promise, promise.hours)
    find, prices = finder(net, wanted, plan, 1), np.zeros_like(hours)
    firms = np.zeros(len(promise.hours))
    for _ in range(GENERATIONS):
        at = prices - firms[promise.firm][:, None] if len(firms) else prices
        new = find.at(lines, at)
        if programme.columns is not None:
            new = unknown(programme.columns, new)
            new = new.only(programme.worth(new) > WORTH * np.maximum(1.0, np.abs(new.cost)))
        if not len(new) and programme.columns is not None:
            break
        programme.add(new)
        if not programme.solve(grown=True):
            break
        prices, firms = programme.hour_prices(), programme.firm_prices()
    firms = np.clip(firms, 0.0, promise.penalty)
    found = Prices(prices, firms)
    return Prices(prices, firms, dual.bound(found))
