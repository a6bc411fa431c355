"""What work costs at each place in each bucket, and what done work costs to keep; and the same backwards, for the load."""

import numpy as np

from staveworks.engine.dispatch.compiled import FLOAT, FLOATS, LONG, NETWORK, NONE, TABLE, kernel
from staveworks.engine.dispatch.network import Network, Table
from staveworks.engine.dispatch.prices.soft import exp, log
from staveworks.engine.dispatch.problem import Floats


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
