"""Transport from all places of a stage to a city as a soft minimum, and back.

Σ exp(−(value + cost) / τ) over places is a product of tables: exp(−value / τ) is computed once a place, exp(−cost / τ) once a pair of cities,
and each pair costs a multiplication a column. A column's weights are scaled by its least value; they reach 1,300 τ above it. What is dearer
still counts only where nothing else arrives: there the plain minimum is taken (``single``), at a cell that hardly matters.

At low temperatures most places are nothing to most cities. ``spans`` says of each place by how much it is at the least and at the most dearer
than the cheapest of a column; a place that is further than ``REACH`` · τ above another one in all columns is passed over by one comparison.
Columns are looked at in three parts, as the first and the last buckets are not to be reached with every lag.

Columns are (bucket, class), ``width`` classes a bucket; a lag moves a row by lag · width. Weights have a row a (lag, place).
"""

import numpy as np

from staveworks.engine.dispatch.compiled import (
    FLOAT,
    FLOATS,
    INTS,
    LONG,
    NETWORK,
    NONE,
    TABLE,
    kernel,
)
from staveworks.engine.dispatch.network import Network, Table
from staveworks.engine.dispatch.prices.soft import exp, log
from staveworks.engine.dispatch.problem import Floats, Ints

REACH = 20.0
"""A term e^−20 below the best is nothing in a soft minimum."""
OFFSET = 600.0
"""The largest weight is e^OFFSET, so that the range of a float is used on both sides of 1."""


@kernel(NONE, TABLE, LONG, LONG, LONG, LONG, FLOAT, FLOATS, TABLE)
def weigh(
    values: Table, begin: int, end: int, lags: int, width: int, tau: float, scale: Floats, weights: Table
) -> None:
    """Fill ``scale`` with the least of each column over rows ``begin`` to ``end`` and all lags, ``weights`` from row lags · begin on."""
    columns, cold = values.shape[1], 1.0 / tau
    scale[:] = np.inf
    for lag in range(lags):
        shift = lag * width
        for row in range(begin, end):
            value, least = values[row], scale[shift:]
            for column in range(min(columns, len(least))):
                least[column] = value[column] if value[column] < least[column] else least[column]
    for lag in range(lags):
        shift = lag * width
        for row in range(begin, end):
            value, weight = values[row], weights[lags * begin + lag * (end - begin) + row - begin]
            weight[:] = 0.0
            least, part = scale[shift:], weight[shift:]
            for column in range(min(columns, len(least))):
                over = (value[column] - least[column]) * cold
                part[column] = exp(OFFSET - over) if value[column] < np.inf else 0.0


@kernel(NONE, TABLE, LONG, LONG, LONG, LONG, FLOATS, TABLE, TABLE)
def spans(
    values: Table, begin: int, end: int, lags: int, width: int, scale: Floats, low: Table, high: Table
) -> None:
    """Fill the rows (lag, place) with how far the values are above ``scale``, by part of the columns: the least, the most."""
    columns, edge = values.shape[1], (lags - 1) * width
    for lag in range(lags):
        for row in range(begin, end):
            at = lags * begin + lag * (end - begin) + row - begin
            low[at], high[at] = np.inf, -np.inf
            for column in range(len(scale)):
                if scale[column] < np.inf:
                    part = 0 if column < edge else (1 if column < columns else 2)
                    source = column - lag * width
                    over = values[row, source] - scale[column] if 0 <= source < columns else np.inf
                    low[at, part] = min(low[at, part], over)
                    high[at, part] = max(high[at, part], over)


@kernel(NONE, NETWORK, FLOAT, INTS, LONG, LONG, LONG, LONG, FLOAT, TABLE, FLOATS)
def limit(
    net: Network,
    weight: float,
    cities: Ints,
    begin: int,
    end: int,
    city: int,
    lags: int,
    tau: float,
    high: Table,
    limits: Floats,
) -> None:
    """Fill ``limits`` with what is too dear to count at the city, by part of the columns."""
    limits[:] = np.inf
    for row in range(begin, end):
        cost, lag = net.carriage[cities[row], city] * weight, net.lag[cities[row], city]
        for part in range(3):
            most = cost + high[lags * begin + lag * (end - begin) + row - begin, part]
            limits[part] = min(limits[part], most)
    limits += REACH * tau


@kernel(LONG, FLOATS, FLOATS, FLOAT)
def counts(low: Floats, limits: Floats, cost: float) -> int:
    """1 if in some column what comes from a place, with this transport, is not too dear."""
    return (
        1 if (cost + low[0] <= limits[0]) | (cost + low[1] <= limits[1]) | (cost + low[2] <= limits[2]) else 0
    )


@kernel(NONE, NETWORK, FLOAT, INTS, TABLE, LONG, LONG, LONG, LONG, FLOATS)
def cheapest_hop(
    net: Network,
    weight: float,
    cities: Ints,
    values: Table,
    begin: int,
    end: int,
    city: int,
    width: int,
    out: Floats,
) -> None:
    """Fill ``out`` with the plain minimum over the places, at ``cities``, of value and transport to the city."""
    out[:] = np.inf
    for row in range(begin, end):
        cost, shift = net.carriage[cities[row], city] * weight, net.lag[cities[row], city] * width
        if cost < np.inf:
            value, least = values[row], out[shift:]
            for column in range(min(len(value), len(least))):
                there = value[column] + cost
                least[column] = there if there < least[column] else least[column]


@kernel(LONG, NETWORK, FLOAT, INTS, TABLE, LONG, LONG, LONG, LONG, LONG)
def nearest(
    net: Network,
    weight: float,
    cities: Ints,
    values: Table,
    begin: int,
    end: int,
    city: int,
    width: int,
    column: int,
) -> int:
    """The row from which the column is reached cheapest, -1 if from none."""
    best, found = np.inf, -1
    for row in range(begin, end):
        source = column - net.lag[cities[row], city] * width
        if 0 <= source < values.shape[1]:
            value = values[row, source] + net.carriage[cities[row], city] * weight
            if value < best:
                best, found = value, row
    return found


@kernel(
    NONE,
    NETWORK,
    FLOAT,
    INTS,
    TABLE,
    LONG,
    LONG,
    LONG,
    LONG,
    LONG,
    FLOAT,
    FLOATS,
    TABLE,
    TABLE,
    FLOATS,
    FLOATS,
    INTS,
    FLOATS,
)
def hop(
    net: Network,
    weight: float,
    cities: Ints,
    values: Table,
    begin: int,
    end: int,
    city: int,
    lags: int,
    width: int,
    tau: float,
    scale: Floats,
    weights: Table,
    low: Table,
    limits: Floats,
    sums: Floats,
    single: Ints,
    out: Floats,
) -> None:
    """Fill ``out`` with the soft minimum of what arrives at the city, ``sums`` with its sums of weights."""
    sums[:] = 0.0
    for row in range(begin, end):
        cost, lag = net.carriage[cities[row], city] * weight, net.lag[cities[row], city]
        at = lags * begin + lag * (end - begin) + row - begin
        if counts(low[at], limits, cost) == 1:
            part, source = exp(-cost / tau), weights[at]
            for column in range(len(sums)):
                sums[column] += part * source[column]
    for column in range(len(sums)):
        out[column] = scale[column] - tau * (log(sums[column]) - OFFSET)
    for column in range(len(sums)):
        if not sums[column] > 1e-300:
            sums[column], out[column] = 0.0, np.inf
            single[column] = (
                nearest(net, weight, cities, values, begin, end, city, width, column)
                if scale[column] < np.inf
                else -1
            )
            row = single[column]
            if row >= 0:
                source_column = column - net.lag[cities[row], city] * width
                out[column] = values[row, source_column] + net.carriage[cities[row], city] * weight


@kernel(
    NONE,
    NETWORK,
    FLOAT,
    INTS,
    LONG,
    LONG,
    LONG,
    LONG,
    LONG,
    FLOAT,
    TABLE,
    FLOATS,
    FLOATS,
    FLOATS,
    INTS,
    TABLE,
    TABLE,
)
def hop_back(
    net: Network,
    weight: float,
    cities: Ints,
    begin: int,
    end: int,
    city: int,
    lags: int,
    width: int,
    tau: float,
    low: Table,
    limits: Floats,
    flow: Floats,
    sums: Floats,
    single: Ints,
    back: Table,
    of: Table,
) -> None:
    """Share out the flow that arrives at the city: into ``back``, by (lag, place), still to be weighed; or straight into ``of``."""
    share = np.zeros(len(flow))
    some = 0.0
    for column in range(len(flow)):
        some += flow[column]
        share[column] = flow[column] / sums[column] if sums[column] > 0.0 else 0.0
    if some == 0.0:
        return
    for row in range(begin, end):
        cost, lag = net.carriage[cities[row], city] * weight, net.lag[cities[row], city]
        if counts(low[lags * begin + lag * (end - begin) + row - begin], limits, cost) == 1:
            part = exp(-cost / tau)
            target = back[lag * (end - begin) + row - begin]
            for column in range(len(share)):
                target[column] += part * share[column]
    for column in range(len(flow)):
        if flow[column] > 0.0 and not sums[column] > 0.0 and single[column] >= 0:
            row = single[column]
            of[row - begin, column - net.lag[cities[row], city] * width] += flow[column]


@kernel(NONE, TABLE, TABLE, LONG, LONG, LONG, LONG, TABLE)
def collect(back: Table, weights: Table, begin: int, end: int, lags: int, width: int, of: Table) -> None:
    """Add to ``of`` (places, columns) the flow that leaves each place: what was shared out, by its weight, moved back by its lag."""
    for lag in range(lags):
        shift = lag * width
        for row in range(end - begin):
            shared = back[lag * (end - begin) + row, shift:]
            weight, left = weights[lags * begin + lag * (end - begin) + row, shift:], of[row]
            for column in range(min(len(left), len(shared))):
                left[column] += shared[column] * weight[column]
