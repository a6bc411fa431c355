"""The linear programme brought to its end, limits on lots among its rows: its duals prove more than prices of hours alone.

L(π, μ, ν) stands in ``check/bound.py``. At each prices that are tried a line's cheapest path is found among all paths there are, larger and
larger lots asked for where its lots have a price; what is found is the value of L and the next columns.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from staveworks.engine.dispatch.network import Table
from staveworks.engine.dispatch.planning.columns import Columns, Finder, together, unknown
from staveworks.engine.dispatch.planning.programme import Programme
from staveworks.engine.dispatch.prices.ascent import Prices
from staveworks.engine.dispatch.problem import Floats

GENERATIONS, INTERIOR = 30, 2
"""Of so many, the first follow interior points: each takes a third of what the simplex would to get there, and less is left for it."""
BETWEEN = 0.5
"""Columns are looked for at the programme's prices and at such as lie this far from the best known: those of the first generations are far off."""
WORTH = 1e-6
"""A new column has to save at least this part of its cost."""
LARGER = 1e-7
"""How much larger the next lot has to be, as a part and in units."""
SIZES = 100


@dataclass(slots=True, eq=False)
class Bound:
    """The best prices that are known, and the lots that lines may have, by line."""

    prices: Prices
    most: Floats


def certify(
    programme: Programme,
    finder: Finder,
    bound: Bound,
    over: Callable[[], bool],
    generations: Iterable[int] = range(1, GENERATIONS + 1),
    interior: int = INTERIOR,
) -> bool:
    """Generate columns until none is worth it; better prices on the way are told to ``bound``. Whether the programme could be solved.

    It comes with an interior point and is left at a corner. The plan of ``finder`` is without the programme's lines. ``over`` is asked
    at every generation.
    """
    count = len(bound.most)
    if not len(bound.prices.lots):
        bound.prices = replace(bound.prices, lots=np.zeros(count))
    for generation in generations:
        if over():
            break
        here, parts = programme.prices(count), []
        for prices in (_between(bound.prices, here), here):
            value, columns = bound_at(programme, finder, prices, bound.most)
            parts.append(columns)
            if value > bound.prices.bound:
                bound.prices = replace(prices, bound=value)
        new = unknown(programme.known(), together(*parts))
        new = new.only(programme.worth(new) > WORTH * np.abs(new.cost))
        if not len(new):
            break
        programme.add(new)
        if not (
            programme.interior(corner=generation == interior)
            if generation <= interior
            else programme.solve(grown=True)
        ):
            return False
    return programme.at_corner or programme.interior(corner=True)


def _between(one: Prices, other: Prices) -> Prices:
    def mixed(mine: Floats, its: Floats) -> Floats:
        return BETWEEN * mine + (1 - BETWEEN) * its

    return Prices(
        mixed(one.hours, other.hours), mixed(one.promise, other.promise), lots=mixed(one.lots, other.lots)
    )


def bound_at(programme: Programme, finder: Finder, prices: Prices, most: Floats) -> tuple[float, Columns]:
    """L of these prices, and the paths that make it. Setting up is left out."""
    wanted, finder, left = programme.wanted, finder.without_setups(), finder.plan.left
    at = prices.net(programme.promise.firm)
    cheapest, larger, parts = wanted.reject.copy(), np.zeros(len(most)), []
    lines, lots = programme.lines, None
    for _ in range(SIZES):
        found = finder.at(lines, at, lots)
        parts.append(found)
        line, price = found.line, prices.lots[found.line]
        cost, largest = _cost_and_largest(programme, left, found, at)
        np.minimum.at(cheapest, line, cost + _per_unit(price, largest))
        better = (cost + price / wanted.quantity[line] < cheapest[line]) & (price > 0)
        better &= largest < wanted.quantity[line] * (1 - LARGER)
        lines = line[better]
        larger[lines] = largest[better] * (1 + LARGER) + LARGER
        lots = larger[lines]
        if not len(lines):
            break
    else:  # not all sizes were seen: as if all of the line were one lot
        cheapest[line[better]] = np.minimum(cheapest[line], cost + price / wanted.quantity[line])[better]
    value = float(wanted.quantity @ cheapest) - float(prices.lots @ most)
    value -= float((prices.hours * left).sum())
    return value + float(prices.promise @ programme.owed), together(*parts)


def _per_unit(price: Floats, largest: Floats) -> Floats:
    """What a unit bears of a lot's price; where no lot fits at all, more than any, unless lots are free."""
    endless = np.where(price > 0, np.inf, 0.0)
    return np.divide(price, largest, out=endless, where=largest > 0)


def _cost_and_largest(
    programme: Programme, left: Table, columns: Columns, at: Table
) -> tuple[Floats, Floats]:
    """Per unit, with prices of hours; and the largest lot."""
    net, used = programme.net, columns.option >= 0
    option = np.where(used, columns.option, 0)
    centre, hours = net.option_centre[option], np.where(used, net.option_hours[option], 0.0)
    cost = columns.cost + (hours * at[centre, columns.bucket]).sum(axis=1)
    room = np.where(used, left[centre, columns.bucket] / np.maximum(hours, 1e-300), np.inf).min(axis=1)
    return cost, np.minimum(room, programme.wanted.quantity[columns.line])
