"""The last hop: what each want costs, city by city, and the flow that it asks of the places where routes end."""

import math
from typing import NamedTuple

import numpy as np

from staveworks.engine.dispatch.compiled import (
    DEMAND,
    FLOAT,
    FLOATS,
    LONG,
    LONGS,
    NETWORK,
    kernel,
    tuple_type,
)
from staveworks.engine.dispatch.network import Demand, Network, Table
from staveworks.engine.dispatch.plan import IntTable, Longs
from staveworks.engine.dispatch.prices.hops import (
    REACH,
    cheapest_hop,
    collect,
    hop,
    hop_back,
    limit,
    spans,
    weigh,
)
from staveworks.engine.dispatch.prices.soft import exp
from staveworks.engine.dispatch.problem import Floats


class Batch(NamedTuple):
    """Classes of one kind on their way. Rows are places of the kind, columns (bucket, class)."""

    arrive: Table
    """Cheapest way to be at a place before the work there."""
    done: Table
    """The same with the work done there in a bucket."""
    kept: Table
    """The same, done then or earlier and held."""
    weights: Table
    """(lags · places): of what is kept, for the stage after it; see ``hops``."""
    low: Table
    high: Table
    """(lags · places, 3): how far what is kept is above the cheapest."""
    limits: Table
    """(places, 3): what is too dear to count there."""
    sums: Table
    single: IntTable
    flow: Table
    """Quantity that is done."""


BATCH = tuple_type(Batch)


@kernel(FLOAT, DEMAND, LONG, FLOATS, LONG, LONG, FLOAT, FLOATS, FLOATS)
def price_want(
    demand: Demand,
    want: int,
    arrival: Floats,
    column: int,
    width: int,
    tau: float,
    flow: Floats,
    value: Floats,
) -> float:
    """Cost of one unit: reject it, or the cheapest arrival with its lateness; with τ > 0 the quantity is added to ``flow``."""
    best = demand.reject[want]
    late, due = demand.late[want], demand.due[want]
    for bucket in range(len(value)):
        over = bucket - due
        cost = arrival[bucket * width + column] + late * (over if over > 0 else 0)
        value[bucket] = cost
        best = cost if cost < best else best
    if not tau > 0.0:
        return best
    total = math.exp((best - demand.reject[want]) / tau)
    for bucket in range(len(value)):
        if value[bucket] - best < REACH * tau:
            value[bucket] = exp((best - value[bucket]) / tau)
            total += value[bucket]
        else:
            value[bucket] = 0.0
    part = demand.quantity[want] / total
    for bucket in range(len(value)):
        if value[bucket] > 0.0:
            flow[bucket * width + column] += part * value[bucket]
    return best - tau * math.log(total)


@kernel(LONGS, NETWORK, LONG)
def last_places(net: Network, kind: int) -> Longs:
    """Rows of the places where a route of the kind ends."""
    base, count = net.place_start[net.stage_start[kind]], 0
    found = np.empty(net.place_start[net.stage_start[kind + 1]] - base, np.int64)
    for stage in range(net.stage_start[kind], net.stage_start[kind + 1]):
        if net.stage_last[stage] == 1:
            for place in range(net.place_start[stage], net.place_start[stage + 1]):
                found[count] = place - base
                count += 1
    return found[:count]


@kernel(LONG, DEMAND, LONG, LONGS, LONG)
def next_city(demand: Demand, first: int, want: Longs, none: int) -> int:
    """The first city that the next wants of the classes from ``first`` on are for; ``none`` at the end."""
    city = none
    for number in range(len(want)):
        if want[number] < demand.want_start[first + number + 1]:
            city = min(city, demand.city[want[number]])
    return city


@kernel(FLOAT, DEMAND, LONG, LONGS, LONG, FLOATS, FLOAT, FLOATS, FLOATS, FLOATS)
def price_city(
    demand: Demand,
    first: int,
    want: Longs,
    city: int,
    arrival: Floats,
    tau: float,
    flow: Floats,
    value: Floats,
    costs: Floats,
) -> float:
    """Σ quantity · cheapest of each class's next wants as far as they are for this city; ``want`` moves past them."""
    total, width = 0.0, len(want)
    for number in range(width):
        while want[number] < demand.want_start[first + number + 1] and demand.city[want[number]] == city:
            cost = price_want(demand, want[number], arrival, number, width, tau, flow, value)
            costs[want[number]] = cost
            total += cost * demand.quantity[want[number]]
            want[number] += 1
    return total


@kernel(FLOAT, NETWORK, DEMAND, LONG, LONG, LONG, FLOAT, BATCH, FLOATS)
def price_wants(
    net: Network, demand: Demand, kind: int, first: int, lags: int, tau: float, batch: Batch, costs: Floats
) -> float:
    """Σ quantity · cheapest of the wants of the batch's classes; with τ > 0 their flow is put into it. City by city."""
    base, weight = net.place_start[net.stage_start[kind]], net.weight[kind]
    columns, buckets = batch.done.shape[1], net.hours.shape[1]
    width = columns // buckets
    ends = columns + (lags - 1) * width
    scale, sums, arrival, flow = np.empty(ends), np.empty(ends), np.empty(ends), np.empty(ends)
    single, value = np.empty(ends, np.int32), np.empty(buckets + lags - 1)
    last = last_places(net, kind)
    rows, cities = len(last), np.empty(len(last), np.int32)
    done, of = np.empty((rows, columns)), np.zeros((rows, columns))
    for row in range(rows):
        cities[row] = net.place_city[base + last[row]]
        done[row] = batch.done[last[row]]
    weights, back = np.empty((lags * rows, ends)), np.zeros((lags * rows, ends))
    low, high, limits = np.empty((lags * rows, 3)), np.empty((lags * rows, 3)), np.empty(3)
    if tau > 0.0:
        weigh(done, 0, rows, lags, width, tau, scale, weights)
        spans(done, 0, rows, lags, width, scale, low, high)
    total, nowhere = 0.0, len(net.carriage)
    want = np.empty(width, np.int64)
    for number in range(width):
        want[number] = demand.want_start[first + number]
    city = next_city(demand, first, want, nowhere)
    while city < nowhere:
        flow[:] = 0.0
        if tau > 0.0:
            limit(net, weight, cities, 0, rows, city, lags, tau, high, limits)
            hop(
                net, weight, cities, done, 0, rows, city, lags, width, tau, scale, weights, low, limits, sums, single,
                arrival,
            )  # fmt: skip
            total += price_city(demand, first, want, city, arrival, tau, flow, value, costs)
            hop_back(
                net,
                weight,
                cities,
                0,
                rows,
                city,
                lags,
                width,
                tau,
                low,
                limits,
                flow,
                sums,
                single,
                back,
                of,
            )
        else:
            cheapest_hop(net, weight, cities, done, 0, rows, city, width, arrival)
            total += price_city(demand, first, want, city, arrival, tau, flow, value, costs)
        city = next_city(demand, first, want, nowhere)
    if tau > 0.0:
        collect(back, weights, 0, rows, lags, width, of)
        for row in range(rows):
            batch.flow[last[row]] = of[row]
    return total
