"""For very many lines: each customer's city sees the likeliest places of each stage, with what a path through them costs at the least.

A path among all cities costs cities² to find; the cheapest with room hardly ever leaves the best two dozen places, and mostly the best few:
what a place costs at the least (its *floor*, at the prices and with room everywhere) says which are worth looking at. Options are not copied;
theirs is how much dearer they are than the cheapest of their place.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from staveworks.engine.dispatch.compiled import FLOATS, INTS, LONG, LONGS, NETWORK, NONE, TABLE, kernel
from staveworks.engine.dispatch.network import Longs, Network, Table, ranked
from staveworks.engine.dispatch.planning.makers import DESK, Desk, desk, look
from staveworks.engine.dispatch.planning.paths import connect
from staveworks.engine.dispatch.prices.making import make_costs
from staveworks.engine.dispatch.problem import Floats, Ints

PLACES = 24
CHUNKS = 32


class Pairs(NamedTuple):
    """Kinds of lines for a city."""

    of_line: Ints
    kind: Longs
    """(pairs): which kind of the network."""
    city: Longs


def pairs_of(kind: Ints, city: Ints) -> Pairs:
    """By the kind and the city of each line."""
    of_line, example = ranked(kind, city)
    return Pairs(of_line, kind[example].astype(np.int64), city[example].astype(np.int64))


def narrowed(net: Network, pairs: Pairs, prices: Table, threads: int) -> Network:
    """Its kinds are the pairs, each with at most ``PLACES`` places a stage, those of the lowest floors at these prices."""
    stages = (net.stage_start[pairs.kind + 1] - net.stage_start[pairs.kind]).astype(np.int64)
    start = _from_zero(stages)
    stage = np.arange(start[-1]) + np.repeat(net.stage_start[pairs.kind] - start[:-1], stages)
    place_start = _from_zero(np.minimum(PLACES, np.diff(net.place_start))[stage])
    place, floor = np.empty(place_start[-1], np.int64), np.empty(place_start[-1])
    ends = np.linspace(0, len(pairs.kind), CHUNKS + 1).astype(np.int64)

    def run(chunk: int) -> None:
        table = desk(net, 1)
        likeliest(net, pairs.kind, pairs.city, ends[chunk], ends[chunk + 1], prices, table, start, place_start, place, floor)  # fmt: skip

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, range(CHUNKS)))
    return net._replace(
        stage_start=start,
        weight=net.weight[pairs.kind],
        hold=net.hold[pairs.kind],
        stage_step=net.stage_step[stage],
        stage_last=net.stage_last[stage],
        place_start=place_start,
        place_city=net.place_city[place],
        place_floor=floor,
        option_start=net.option_start[place],
        option_end=net.option_end[place],
        option_floor=rising(net, options_over(net, prices)),
    )


def nearest_first(net: Network, prices: Table) -> Network:
    """The options of each place, the likeliest at these prices first."""
    place = np.repeat(np.arange(len(net.place_city)), net.option_end - net.option_start)
    order = np.lexsort((options_over(net, prices), place))
    columns = ("option_centre", "option_cost", "option_hours", "option_setup", "option_city")
    return net._replace(**{name: getattr(net, name)[order] for name in columns})


@kernel(FLOATS, NETWORK, TABLE)
def options_over(net: Network, prices: Table) -> Floats:
    """(options): how much dearer each is than the cheapest of its place in the bucket where that is least."""
    over = np.full(len(net.option_centre), np.inf)
    for kind in range(len(net.weight)):
        make, base = make_costs(net, kind, prices, 0.0), net.place_start[net.stage_start[kind]]
        for row in range(len(make)):
            for option in range(net.option_start[base + row], net.option_end[base + row]):
                centre = net.option_centre[option]
                for bucket in range(make.shape[1]):
                    if net.hours[centre, bucket] > 0.0:
                        value = net.option_cost[option] + net.option_hours[option] * prices[centre, bucket]
                        over[option] = min(over[option], value - make[row, bucket])
    return over


@kernel(FLOATS, NETWORK, FLOATS)
def rising(net: Network, over: Floats) -> Floats:
    """The least of each option and those after it at its place."""
    floor = over.copy()
    for place in range(len(net.place_city)):
        for option in range(net.option_end[place] - 2, net.option_start[place] - 1, -1):
            floor[option] = min(floor[option], floor[option + 1])
    return floor


@kernel(NONE, NETWORK, LONG, LONG, DESK, TABLE)
def go_on(net: Network, kind: int, city: int, desk: Desk, onward: Table) -> None:
    """Fill ``onward`` (places, buckets) with what it costs at the least to get from what is done there to the city, late or not."""
    base, weight, hold = net.place_start[net.stage_start[kind]], net.weight[kind], net.hold[kind]
    buckets = desk.make.shape[1]
    for stage in range(net.stage_start[kind + 1] - 1, net.stage_start[kind] - 1, -1):
        for place in range(net.place_start[stage], net.place_start[stage + 1]):
            here, way = net.place_city[place], onward[place - base]
            if net.stage_last[stage] == 1:
                way[:] = net.carriage[here, city] * weight
                continue
            way[:] = np.inf
            for other in range(net.place_start[stage + 1], net.place_start[stage + 2]):
                there = net.place_city[other]
                cost, lag = net.carriage[here, there] * weight, net.lag[here, there]
                if cost < np.inf:
                    next_make, next_way = desk.make[other - base, lag:], onward[other - base, lag:]
                    for bucket in range(len(next_make)):
                        value = next_make[bucket] + next_way[bucket] + cost
                        way[bucket] = value if value < way[bucket] else way[bucket]
            for bucket in range(buckets - 2, -1, -1):
                held = way[bucket + 1] + hold
                way[bucket] = held if held < way[bucket] else way[bucket]


@kernel(NONE, NETWORK, LONGS, LONGS, LONG, LONG, TABLE, DESK, INTS, INTS, LONGS, FLOATS)
def likeliest(
    net: Network,
    kinds: Longs,
    cities: Longs,
    begin: int,
    end: int,
    prices: Table,
    desk: Desk,
    start: Ints,
    place_start: Ints,
    chosen: Longs,
    floor: Floats,
) -> None:
    """Fill ``chosen`` and ``floor`` for the pairs ``begin`` to ``end``, whose stages begin at ``start`` and places at ``place_start``."""
    onward = np.empty_like(desk.make)
    through = np.empty(len(desk.make))
    for pair in range(begin, end):
        kind = kinds[pair]
        base = net.place_start[net.stage_start[kind]]
        if pair == begin or kind != kinds[pair - 1]:
            make = make_costs(net, kind, prices, 0.0)
            desk.make[: len(make)] = make
            desk.make[:, : net.class_release[net.class_start[kind]]] = np.inf
            look(net, kind, desk)
            connect(net, kind, net.stage_start[kind], net.stage_start[kind + 1], desk)
        go_on(net, kind, cities[pair], desk, onward)
        for stage in range(net.stage_start[kind], net.stage_start[kind + 1]):
            first, last = net.place_start[stage] - base, net.place_start[stage + 1] - base
            for row in range(first, last):
                through[row] = np.inf
                for bucket in range(desk.make.shape[1]):
                    through[row] = min(through[row], desk.done[row, bucket] + onward[row, bucket])
            order = np.argsort(through[first:last], kind="mergesort")
            into = start[pair] + stage - net.stage_start[kind]
            for place in range(place_start[into], place_start[into + 1]):
                row = first + order[place - place_start[into]]
                chosen[place], floor[place] = base + row, through[row]


def _from_zero(counts: Longs) -> Ints:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
