"""L(π): what every line costs at given prices of hours, and the load that its cheapest paths put on the cells.

At temperature τ > 0 each minimum is soft, −τ·log Σ exp(−x/τ): a smooth function below L whose gradient is the load less the hours.
At τ = 0 it is L itself. One pass is a forward shortest path (over stages, places and buckets, with waiting and lags), a last hop per
want, and the same backwards for the flow. All classes of a kind go together: arrays have a row a place, a column a (bucket, class), so
that loops run along rows. How transport is made one product of tables stands in ``hops``, the last hop in ``wants``.
"""

import numpy as np

from staveworks.engine.dispatch.compiled import DEMAND, FLOAT, FLOATS, LONG, NETWORK, NONE, TABLE, kernel
from staveworks.engine.dispatch.network import Demand, Network, Table
from staveworks.engine.dispatch.prices.hops import cheapest_hop, collect, hop, hop_back, limit, spans, weigh
from staveworks.engine.dispatch.prices.making import add_load, keep, keep_back, make_costs
from staveworks.engine.dispatch.prices.wants import BATCH, Batch, price_wants
from staveworks.engine.dispatch.problem import Floats

TOGETHER = 16
"""Classes of a kind that go together at the most: bounds the memory."""


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
