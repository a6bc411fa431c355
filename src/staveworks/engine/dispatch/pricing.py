"""L(π): what every line costs at given prices of hours, and the load that its cheapest paths put on the cells.

At temperature τ > 0 each minimum is soft, −τ·log Σ exp(−x/τ): a smooth function below L whose gradient is the load less the hours.
At τ = 0 it is L itself. One pass is a forward shortest path per class (over stages, places and buckets, with waiting and lags), a last
hop per want, and the same backwards for the flow. Arrays of a kind have a row a place, a column a bucket.
"""

import math
from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np

from staveworks.engine.dispatch.compiled import DEMAND, FLOAT, FLOATS, LONG, NETWORK, NONE, TABLE, kernel
from staveworks.engine.dispatch.network import Demand, Network, Table
from staveworks.engine.dispatch.problem import Floats

CHUNKS = 16
REACH = 20.0
"""A term e^−20 below the best is nothing in a soft minimum."""


@kernel(FLOAT, FLOAT, FLOAT, FLOAT)
def soft_min(a: float, b: float, tau: float) -> float:
    """The soft minimum of two."""
    low, high = (a, b) if a < b else (b, a)
    if tau <= 0.0 or not high - low < REACH * tau:
        return low
    return low - tau * math.log1p(math.exp((low - high) / tau))


@kernel(FLOAT, FLOAT, FLOAT, FLOAT)
def share(value: float, total: float, tau: float) -> float:
    """The part of the flow that goes where the cost is ``value`` when the soft minimum is ``total``."""
    over = value - total
    if not over < REACH * tau:
        return 0.0
    return math.exp(-over / tau)


@kernel(TABLE, NETWORK, LONG, TABLE, FLOAT)
def make_costs(net: Network, kind: int, prices: Table, tau: float) -> Table:
    """(places, buckets): the cheapest work centre of each place in each bucket, inf where there is none with hours."""
    first, end = net.place_start[net.stage_start[kind]], net.place_start[net.stage_start[kind + 1]]
    buckets = prices.shape[1]
    best = np.full((end - first, buckets), np.inf)
    for place in range(first, end):
        row = best[place - first]
        for option in range(net.option_start[place], net.option_start[place + 1]):
            centre, cost, hours = net.option_centre[option], net.option_cost[option], net.option_hours[option]
            for bucket in range(buckets):
                if net.hours[centre, bucket] > 0.0:
                    row[bucket] = soft_min(row[bucket], cost + hours * prices[centre, bucket], tau)
    return best


@kernel(NONE, NETWORK, LONG, LONG, LONG, TABLE, FLOAT, FLOATS)
def soften(net: Network, kind: int, stage: int, place: int, kept: Table, tau: float, row: Floats) -> None:
    """Turn the minimum in ``row``, of what arrives at the place, into the soft minimum."""
    base = net.place_start[net.stage_start[kind]]
    buckets = kept.shape[1]
    city, weight = net.place_city[place + base], net.weight[kind]
    total = np.zeros(buckets)
    for other in range(net.place_start[stage - 1] - base, net.place_start[stage] - base):
        source = net.place_city[other + base]
        cost, lag = net.carriage[source, city] * weight, net.lag[source, city]
        if cost < np.inf:
            for bucket in range(lag, buckets):
                over = kept[other, bucket - lag] + cost - row[bucket]
                if over < REACH * tau:
                    total[bucket] += math.exp(-over / tau)
    for bucket in range(buckets):
        if total[bucket] > 0.0:
            row[bucket] -= tau * math.log(total[bucket])


@kernel(NONE, NETWORK, LONG, LONG, LONG, TABLE, FLOAT, TABLE)
def arrive(net: Network, kind: int, stage: int, place: int, kept: Table, tau: float, extra: Table) -> None:
    """Row ``place`` of ``extra``: the soft minimum over the places of the stage before, with transport and its lag."""
    base = net.place_start[net.stage_start[kind]]
    buckets = kept.shape[1]
    city, weight = net.place_city[place + base], net.weight[kind]
    row = extra[place]
    row[:] = np.inf
    for other in range(net.place_start[stage - 1] - base, net.place_start[stage] - base):
        source = net.place_city[other + base]
        cost, lag = net.carriage[source, city] * weight, net.lag[source, city]
        if cost < np.inf:
            for bucket in range(lag, buckets):
                value = kept[other, bucket - lag] + cost
                row[bucket] = min(value, row[bucket])
    if tau > 0.0:
        soften(net, kind, stage, place, kept, tau, row)


@kernel(NONE, NETWORK, LONG, TABLE, TABLE, FLOAT, LONG, TABLE, TABLE)
def forward(
    net: Network, kind: int, make: Table, extra: Table, tau: float, release: int, done: Table, kept: Table
) -> None:
    """Fill ``done``: cheapest way to have a stage made at a place in a bucket; ``kept``: the same, made then or earlier and held.

    ``extra`` is room for what arrives at a place before it is made there.
    """
    base = net.place_start[net.stage_start[kind]]
    buckets = make.shape[1]
    hold = net.hold[kind]
    for stage in range(net.stage_start[kind], net.stage_start[kind + 1]):
        for place in range(net.place_start[stage] - base, net.place_start[stage + 1] - base):
            if net.stage_step[stage] == 0:
                for bucket in range(buckets):
                    extra[place, bucket] = 0.0 if bucket >= release else np.inf
            else:
                arrive(net, kind, stage, place, kept, tau, extra)
            before = np.inf
            for bucket in range(buckets):
                done[place, bucket] = make[place, bucket] + extra[place, bucket]
                before = soft_min(done[place, bucket], before + hold, tau)
                kept[place, bucket] = before


@kernel(NONE, NETWORK, LONG, LONG, TABLE, FLOATS)
def first_arrivals(net: Network, kind: int, city: int, done: Table, arrival: Floats) -> None:
    """Fill ``arrival``: cheapest way to be at the customer's city in each bucket, also past the last."""
    base = net.place_start[net.stage_start[kind]]
    arrival[:] = np.inf
    for stage in range(net.stage_start[kind], net.stage_start[kind + 1]):
        if net.stage_last[stage] == 1:
            for place in range(net.place_start[stage] - base, net.place_start[stage + 1] - base):
                source = net.place_city[place + base]
                cost, lag = net.carriage[source, city] * net.weight[kind], net.lag[source, city]
                if cost < np.inf:
                    for bucket in range(done.shape[1]):
                        arrival[bucket + lag] = min(arrival[bucket + lag], done[place, bucket] + cost)


@kernel(NONE, NETWORK, LONG, LONG, TABLE, FLOAT, FLOATS)
def deliver(net: Network, kind: int, city: int, done: Table, tau: float, arrival: Floats) -> None:
    """The same as a soft minimum."""
    first_arrivals(net, kind, city, done, arrival)
    if tau <= 0.0:
        return
    base = net.place_start[net.stage_start[kind]]
    total = np.zeros(len(arrival))
    for stage in range(net.stage_start[kind], net.stage_start[kind + 1]):
        if net.stage_last[stage] == 1:
            for place in range(net.place_start[stage] - base, net.place_start[stage + 1] - base):
                source = net.place_city[place + base]
                cost, lag = net.carriage[source, city] * net.weight[kind], net.lag[source, city]
                if cost < np.inf:
                    for bucket in range(done.shape[1]):
                        over = done[place, bucket] + cost - arrival[bucket + lag]
                        if over < REACH * tau:
                            total[bucket + lag] += math.exp(-over / tau)
    for bucket in range(len(arrival)):
        if total[bucket] > 0.0:
            arrival[bucket] -= tau * math.log(total[bucket])


@kernel(FLOAT, DEMAND, LONG, FLOATS, FLOAT)
def want_cost(demand: Demand, want: int, arrival: Floats, tau: float) -> float:
    """Of one unit: reject it, or the cheapest arrival with its lateness."""
    value = demand.reject[want]
    for bucket in range(len(arrival)):
        late = demand.late[want] * max(0, bucket - demand.due[want])
        value = soft_min(value, arrival[bucket] + late, tau)
    return value


@kernel(NONE, DEMAND, LONG, FLOATS, FLOAT, FLOAT, FLOATS)
def want_flow(demand: Demand, want: int, arrival: Floats, value: float, tau: float, flow: Floats) -> None:
    """Add to ``flow`` the quantity that arrives in each bucket."""
    for bucket in range(len(arrival)):
        late = demand.late[want] * max(0, bucket - demand.due[want])
        flow[bucket] += demand.quantity[want] * share(arrival[bucket] + late, value, tau)


@kernel(NONE, NETWORK, LONG, LONG, TABLE, FLOAT, FLOATS, FLOATS, TABLE)
def deliver_back(
    net: Network, kind: int, city: int, done: Table, tau: float, arrival: Floats, flow: Floats, made: Table
) -> None:
    """Add to ``made`` the flow that each place sends to the customer's city."""
    base = net.place_start[net.stage_start[kind]]
    for stage in range(net.stage_start[kind], net.stage_start[kind + 1]):
        if net.stage_last[stage] == 1:
            for place in range(net.place_start[stage] - base, net.place_start[stage + 1] - base):
                source = net.place_city[place + base]
                cost, lag = net.carriage[source, city] * net.weight[kind], net.lag[source, city]
                if cost < np.inf:
                    for bucket in range(done.shape[1]):
                        moved = flow[bucket + lag]
                        if moved > 0.0:
                            made[place, bucket] += moved * share(
                                done[place, bucket] + cost, arrival[bucket + lag], tau
                            )


@kernel(NONE, NETWORK, LONG, LONG, LONG, TABLE, TABLE, FLOAT, TABLE, FLOATS)
def leave(
    net: Network,
    kind: int,
    stage: int,
    other: int,
    extra: Table,
    kept: Table,
    tau: float,
    made: Table,
    waiting: Floats,
) -> None:
    """Fill ``waiting`` with the flow that leaves the place ``other`` of the stage in each bucket, for the stage after it."""
    base = net.place_start[net.stage_start[kind]]
    source = net.place_city[other + base]
    waiting[:] = 0.0
    for place in range(net.place_start[stage + 1] - base, net.place_start[stage + 2] - base):
        city = net.place_city[place + base]
        cost, lag = net.carriage[source, city] * net.weight[kind], net.lag[source, city]
        if cost < np.inf:
            for bucket in range(lag, len(waiting)):
                if made[place, bucket] > 0.0:
                    part = share(kept[other, bucket - lag] + cost, extra[place, bucket], tau)
                    waiting[bucket - lag] += made[place, bucket] * part


@kernel(NONE, NETWORK, LONG, TABLE, TABLE, TABLE, FLOAT, TABLE)
def backward(
    net: Network, kind: int, extra: Table, done: Table, kept: Table, tau: float, made: Table
) -> None:
    """Push the flow of ``made``'s last stages back through the stages before."""
    base = net.place_start[net.stage_start[kind]]
    waiting = np.zeros(done.shape[1])
    for stage in range(net.stage_start[kind + 1] - 2, net.stage_start[kind] - 1, -1):
        if net.stage_last[stage] == 1:
            continue
        for other in range(net.place_start[stage] - base, net.place_start[stage + 1] - base):
            leave(net, kind, stage, other, extra, kept, tau, made, waiting)
            for bucket in range(done.shape[1] - 1, -1, -1):
                if waiting[bucket] > 0.0:
                    now = waiting[bucket] * share(done[other, bucket], kept[other, bucket], tau)
                    made[other, bucket] += now
                    if bucket > 0:
                        waiting[bucket - 1] += waiting[bucket] - now


@kernel(NONE, NETWORK, LONG, TABLE, FLOAT, TABLE, TABLE, TABLE)
def add_load(
    net: Network, kind: int, prices: Table, tau: float, make: Table, made: Table, load: Table
) -> None:
    """Add the hours of ``made`` to the work centres that make it."""
    first = net.place_start[net.stage_start[kind]]
    for place in range(len(made)):
        for option in range(net.option_start[first + place], net.option_start[first + place + 1]):
            centre, cost, hours = net.option_centre[option], net.option_cost[option], net.option_hours[option]
            for bucket in range(made.shape[1]):
                if made[place, bucket] > 0.0 and net.hours[centre, bucket] > 0.0:
                    part = share(cost + hours * prices[centre, bucket], make[place, bucket], tau)
                    load[centre, bucket] += made[place, bucket] * part * hours


@kernel(FLOAT, NETWORK, DEMAND, LONG, LONG, TABLE, FLOAT, FLOATS, FLOATS, TABLE)
def price_wants(
    net: Network,
    demand: Demand,
    kind: int,
    group: int,
    done: Table,
    tau: float,
    arrival: Floats,
    flow: Floats,
    made: Table,
) -> float:
    """Σ quantity · cheapest of the wants of a class; with τ > 0 their flow is added to ``made``. City by city."""
    total = 0.0
    want = demand.want_start[group]
    while want < demand.want_start[group + 1]:
        city = demand.city[want]
        deliver(net, kind, city, done, tau, arrival)
        flow[:] = 0.0
        while want < demand.want_start[group + 1] and demand.city[want] == city:
            value = want_cost(demand, want, arrival, tau)
            total += value * demand.quantity[want]
            if tau > 0.0:
                want_flow(demand, want, arrival, value, tau, flow)
            want += 1
        if tau > 0.0:
            deliver_back(net, kind, city, done, tau, arrival, flow, made)
    return total


@kernel(FLOAT, NETWORK, DEMAND, LONG, LONG, TABLE, FLOAT, TABLE)
def price_kinds(
    net: Network, demand: Demand, begin: int, end: int, prices: Table, tau: float, load: Table
) -> float:
    """Σ quantity · cheapest of the kinds ``begin`` to ``end``; with τ > 0 their load is added to ``load``."""
    total = 0.0
    arrival = np.empty(prices.shape[1] + net.lag.max())
    flow = np.empty_like(arrival)
    for kind in range(begin, end):
        make = make_costs(net, kind, prices, tau)
        extra, done, kept = np.empty_like(make), np.empty_like(make), np.empty_like(make)
        made, of_class = np.zeros_like(make), np.zeros_like(make)
        for group in range(net.class_start[kind], net.class_start[kind + 1]):
            if demand.want_start[group] == demand.want_start[group + 1]:
                continue
            forward(net, kind, make, extra, tau, net.class_release[group], done, kept)
            of_class[:] = 0.0
            total += price_wants(net, demand, kind, group, done, tau, arrival, flow, of_class)
            if tau > 0.0:
                backward(net, kind, extra, done, kept, tau, of_class)
                made += of_class
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
        loads = np.zeros((len(self.cuts) - 1 if tau > 0 else 1, *prices.shape))

        def run(chunk: int) -> float:
            load = loads[chunk if tau > 0 else 0]
            return price_kinds(
                self.network, self.demand, self.cuts[chunk], self.cuts[chunk + 1], prices, tau, load
            )

        totals = list(pool.map(run, range(len(self.cuts) - 1)))
        return math.fsum(totals), loads.sum(axis=0)


def chunked(network: Network, demand: Demand) -> Pricing:
    """Cut the kinds by an estimate of the work of each."""
    kinds = len(network.weight)
    places = np.diff(network.place_start[network.stage_start]).astype(float)
    classes = np.diff(network.class_start)
    wants = np.diff(demand.want_start[network.class_start])
    work = np.cumsum(places**2 * classes + places * wants + 1)
    cuts = np.searchsorted(work, np.linspace(0, work[-1] if kinds else 0, CHUNKS + 1)[1:-1])
    return Pricing(network, demand, [0, *np.unique(cuts[(cuts > 0) & (cuts < kinds)]).tolist(), kinds])
