"""L(π): what every line costs at given prices of hours, and the load that its cheapest paths put on the cells.

At temperature τ > 0 each minimum is soft, −τ·log Σ exp(−x/τ): a smooth function below L whose gradient is the load less the hours.
At τ = 0 it is L itself. One pass is a forward shortest path (over stages, places and buckets, with waiting and lags), a last hop per
want, and the same backwards for the flow. All classes of a kind go together: arrays have a row a place, a column a (bucket, class), so
that loops run along rows. How transport is made one product of tables stands in ``hops``.
"""

import math
from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np

from staveworks.engine.dispatch.compiled import (
    DEMAND,
    FLOAT,
    FLOATS,
    LONG,
    LONGS,
    NETWORK,
    NONE,
    TABLE,
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
from staveworks.engine.dispatch.prices.soft import exp, log
from staveworks.engine.dispatch.problem import Floats

CHUNKS = 16
TOGETHER = 16
"""Classes of a kind that go together at the most: bounds the memory."""


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


@kernel(TABLE, NETWORK, LONG, TABLE, FLOAT)
def make_costs(net: Network, kind: int, prices: Table, tau: float) -> Table:
    """(places, buckets): the cheapest work centre of each place in each bucket, inf where there is none with hours."""
    first, end = net.place_start[net.stage_start[kind]], net.place_start[net.stage_start[kind + 1]]
    buckets = prices.shape[1]
    best = np.full((end - first, buckets), np.inf)
    total = np.empty(buckets)
    for place in range(first, end):
        row = best[place - first]
        for option in range(net.option_start[place], net.option_end[place]):
            centre, cost, hours = net.option_centre[option], net.option_cost[option], net.option_hours[option]
            for bucket in range(buckets):
                value = cost + hours * prices[centre, bucket]
                value = value if net.hours[centre, bucket] > 0.0 else np.inf
                row[bucket] = value if value < row[bucket] else row[bucket]
        if tau > 0.0:
            total[:] = 0.0
            for option in range(net.option_start[place], net.option_end[place]):
                centre, cost, hours = (
                    net.option_centre[option],
                    net.option_cost[option],
                    net.option_hours[option],
                )
                for bucket in range(buckets):
                    part = exp((row[bucket] - cost - hours * prices[centre, bucket]) / tau)
                    total[bucket] += part if net.hours[centre, bucket] > 0.0 else 0.0
            for bucket in range(buckets):
                row[bucket] -= tau * log(total[bucket]) if total[bucket] > 0.0 else 0.0
    return best


@kernel(NONE, NETWORK, LONG, TABLE, FLOAT, TABLE, TABLE, TABLE)
def add_load(
    net: Network, kind: int, prices: Table, tau: float, make: Table, made: Table, load: Table
) -> None:
    """Add the hours of ``made`` to the work centres that make it."""
    first = net.place_start[net.stage_start[kind]]
    for place in range(len(made)):
        for option in range(net.option_start[first + place], net.option_end[first + place]):
            centre, cost, hours = net.option_centre[option], net.option_cost[option], net.option_hours[option]
            for bucket in range(made.shape[1]):
                if made[place, bucket] > 0.0 and net.hours[centre, bucket] > 0.0:
                    part = exp((make[place, bucket] - cost - hours * prices[centre, bucket]) / tau)
                    load[centre, bucket] += made[place, bucket] * part * hours


@kernel(NONE, FLOATS, LONG, FLOAT, FLOAT, FLOATS)
def keep(done: Floats, width: int, hold: float, tau: float, kept: Floats) -> None:
    """Fill ``kept``: done now, or kept since the bucket before for ``hold``."""
    kept[:width] = done[:width]
    cold = 1.0 / tau if tau > 0.0 else 0.0
    low, over = np.empty(width), np.empty(width)
    for start in range(width, len(done), width):
        now, before = done[start : start + width], kept[start - width : start]
        for column in range(width):
            held = before[column] + hold
            less = now[column] < held
            low[column] = now[column] if less else held
            over[column] = (now[column] - held if less else held - now[column]) * cold
        if tau > 0.0:
            for column in range(width):
                more = tau * log(1.0 + exp(over[column]))
                low[column] -= more if low[column] < np.inf else 0.0
        kept[start : start + width] = low


@kernel(NONE, FLOATS, FLOATS, LONG, FLOAT, FLOATS, FLOATS)
def keep_back(done: Floats, kept: Floats, width: int, tau: float, waiting: Floats, flow: Floats) -> None:
    """Add to ``flow`` what of ``waiting``, the flow that leaves, was done in each bucket."""
    cold = 1.0 / tau
    part = np.empty(len(done))
    for column in range(len(done)):
        part[column] = exp((kept[column] - done[column]) * cold) if done[column] < np.inf else 0.0
    for start in range(len(done) - width, 0, -width):
        left, earlier, made, now = waiting[start:], waiting[start - width : start], flow[start:], part[start:]
        for column in range(width):
            moved = left[column] * now[column]
            made[column] += moved
            earlier[column] += left[column] - moved
    for column in range(width):
        flow[column] += waiting[column]


@kernel(NONE, NETWORK, LONG, LONG, TABLE, LONG, FLOAT, BATCH)
def forward(net: Network, kind: int, first: int, make: Table, lags: int, tau: float, batch: Batch) -> None:
    """Fill the batch stage by stage; ``first`` is its first class."""
    base, end = net.place_start[net.stage_start[kind]], net.place_start[net.stage_start[kind + 1]]
    cities, weight = net.place_city[base:end], net.weight[kind]
    columns, buckets = batch.done.shape[1], make.shape[1]
    width = columns // buckets
    scale = np.empty(columns)
    begin = before = 0
    for stage in range(net.stage_start[kind], net.stage_start[kind + 1]):
        before, begin, end = begin, net.place_start[stage] - base, net.place_start[stage + 1] - base
        opens = net.stage_step[stage] == 0
        if not opens and tau > 0.0:
            weigh(batch.kept, before, begin, lags, width, tau, scale, batch.weights)
            spans(batch.kept, before, begin, lags, width, scale, batch.low, batch.high)
        for place in range(begin, end):
            arrive, done = batch.arrive[place], batch.done[place]
            if opens:
                for column in range(columns):
                    open_from = net.class_release[first + column % width]
                    arrive[column] = 0.0 if column // width >= open_from else np.inf
            elif tau > 0.0:
                limit(
                    net, weight, cities, before, begin, cities[place], lags, tau, batch.high, batch.limits[place]
                )  # fmt: skip
                hop(
                    net, weight, cities, batch.kept, before, begin, cities[place], lags, width, tau, scale,
                    batch.weights, batch.low, batch.limits[place], batch.sums[place], batch.single[place], arrive,
                )  # fmt: skip
            else:
                cheapest_hop(net, weight, cities, batch.kept, before, begin, cities[place], width, arrive)
            for column in range(columns):
                done[column] = make[place, column // width] + arrive[column]
            keep(done, width, net.hold[kind], tau, batch.kept[place])


@kernel(NONE, NETWORK, LONG, LONG, FLOAT, BATCH)
def backward(net: Network, kind: int, lags: int, tau: float, batch: Batch) -> None:
    """Push the flow of the last stages back through the stages before."""
    base, end = net.place_start[net.stage_start[kind]], net.place_start[net.stage_start[kind + 1]]
    cities, weight = net.place_city[base:end], net.weight[kind]
    columns = batch.done.shape[1]
    width = columns // net.hours.shape[1]
    for stage in range(net.stage_start[kind + 1] - 1, net.stage_start[kind], -1):
        if net.stage_step[stage] == 0:
            continue
        before, begin, end = (
            net.place_start[stage - 1] - base,
            net.place_start[stage] - base,
            net.place_start[stage + 1] - base,
        )
        waiting = np.zeros((begin - before, columns))
        back = np.zeros((lags * (begin - before), columns))
        for place in range(begin, end):
            hop_back(
                net, weight, cities, before, begin, cities[place], lags, width, tau, batch.low, batch.limits[place],
                batch.flow[place], batch.sums[place], batch.single[place], back, waiting,
            )  # fmt: skip
        collect(back, batch.weights, before, begin, lags, width, waiting)
        for row in range(before, begin):
            keep_back(batch.done[row], batch.kept[row], width, tau, waiting[row - before], batch.flow[row])


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


@kernel(FLOAT, NETWORK, DEMAND, LONG, LONG, TABLE, FLOAT, TABLE, FLOATS)
def price_kinds(
    net: Network, demand: Demand, begin: int, end: int, prices: Table, tau: float, load: Table, costs: Floats
) -> float:
    """Σ quantity · cheapest of the kinds ``begin`` to ``end``, each want's into ``costs``; with τ > 0 their load is added to ``load``."""
    total, lags, buckets = 0.0, int(net.lag.max()) + 1, prices.shape[1]
    for kind in range(begin, end):
        make = make_costs(net, kind, prices, tau)
        made = np.zeros_like(make)
        first = net.class_start[kind]
        while first < net.class_start[kind + 1]:
            width = min(TOGETHER, net.class_start[kind + 1] - first)
            shape = (len(make), buckets * width)
            soft, parts = (lags * len(make), buckets * width) if tau > 0.0 else (0, 0), (lags * len(make), 3)
            batch = Batch(
                np.empty(shape), np.empty(shape), np.empty(shape), np.empty(soft), np.empty(parts), np.empty(parts),
                np.empty(parts), np.empty(shape), np.empty(shape, np.int32), np.zeros(shape),
            )  # fmt: skip
            forward(net, kind, first, make, lags, tau, batch)
            total += price_wants(net, demand, kind, first, lags, tau, batch, costs)
            if tau > 0.0:
                backward(net, kind, lags, tau, batch)
                for place in range(len(made)):
                    for column in range(buckets * width):
                        made[place, column // width] += batch.flow[place, column]
            first += width
        if tau > 0.0:
            add_load(net, kind, prices, tau, make, made, load)
    return total


class Pricing(NamedTuple):
    """A network and its demand, cut into chunks of kinds of about the same work."""

    network: Network
    demand: Demand
    cuts: list[int]

    def value(self, prices: Table, tau: float, pool: Executor) -> tuple[float, Table]:
        """Σ over lines at these prices, hours not subtracted; and the load, zero at τ = 0."""
        total, load, _ = self._run(prices, tau, pool)
        return total, load

    def each(self, prices: Table, pool: Executor) -> Floats:
        """(wants): the cheapest a unit of each could be at these prices, if there were room everywhere."""
        return self._run(prices, 0.0, pool)[2]

    def _run(self, prices: Table, tau: float, pool: Executor) -> tuple[float, Table, Floats]:
        loads = np.zeros((len(self.cuts) - 1 if tau > 0 else 1, *prices.shape))
        costs = np.empty(len(self.demand.quantity))

        def run(chunk: int) -> float:
            load = loads[chunk if tau > 0 else 0]
            begin, end = self.cuts[chunk], self.cuts[chunk + 1]
            return price_kinds(self.network, self.demand, begin, end, prices, tau, load, costs)

        totals = list(pool.map(run, range(len(self.cuts) - 1)))
        return math.fsum(totals), loads.sum(axis=0), costs


def chunked(network: Network, demand: Demand) -> Pricing:
    """Cut the kinds by an estimate of the work of each."""
    kinds = len(network.weight)
    places = np.diff(network.place_start[network.stage_start]).astype(float)
    classes = np.diff(network.class_start)
    wants = np.diff(demand.want_start[network.class_start])
    work = np.cumsum(places**2 * classes + places * wants + 1)
    cuts = np.searchsorted(work, np.linspace(0, work[-1] if kinds else 0, CHUNKS + 1)[1:-1])
    return Pricing(network, demand, [0, *np.unique(cuts[(cuts > 0) & (cuts < kinds)]).tolist(), kinds])
