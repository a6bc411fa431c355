"""For very many lines: each customer's city sees only the places of each stage that are likely for it.

A path among all cities costs cities² to find; the cheapest path at the prices hardly ever leaves the best two dozen places.
"""

import numpy as np

from staveworks.engine.dispatch.network import Indexed, Longs, Network, Table, ranked
from staveworks.engine.dispatch.prices.ascent import Prices
from staveworks.engine.dispatch.prices.pricing import make_costs
from staveworks.engine.dispatch.problem import Ints, Problem

PLACES = 24


def narrowed(indexed: Indexed, problem: Problem, prices: Prices) -> Indexed:
    """The same lines; kinds are kinds for a city now, each with at most ``PLACES`` places a stage."""
    net = indexed.network
    pair, example = ranked(indexed.line_kind, problem.lines.city)
    kind, city = indexed.line_kind[example].tolist(), problem.lines.city[example].tolist()
    hour = prices.net(problem.work_centres.firm)
    places: list[Longs] = []
    stages: list[int] = []
    start = [0]
    best: Table = np.zeros((0, 0))
    for number in range(len(kind)):
        if number == 0 or kind[number] != kind[number - 1]:
            best = make_costs(net, kind[number], hour, 0.0)
        for stage in range(net.stage_start[kind[number]], net.stage_start[kind[number] + 1]):
            places.append(_likely(net, kind[number], stage, city[number], best))
            stages.append(stage)
        start.append(len(stages))
    narrow = _chosen(net, np.array(kind), np.array(start, np.int32), np.array(stages, np.int64), places)
    return indexed._replace(network=narrow, line_kind=pair)


def _likely(net: Network, kind: int, stage: int, city: int, best: Table) -> Longs:
    """The cheapest places of a stage, transport to the customer counted, the likeliest first."""
    base, begin, end = (
        net.place_start[net.stage_start[kind]],
        net.place_start[stage],
        net.place_start[stage + 1],
    )
    way = net.carriage[net.place_city[begin:end], city] * net.weight[kind]
    cost = best[begin - base : end - base].min(axis=1, initial=np.inf) + way
    few: Longs = np.argsort(cost, kind="stable")[:PLACES] + begin
    return few


def _chosen(net: Network, kind: Longs, start: Ints, stages: Longs, places: list[Longs]) -> Network:
    """The network of these places of these stages."""
    counts = np.array([len(each) for each in places], np.int64)
    place = np.concatenate([*places, np.zeros(0, np.int64)]).astype(np.int64)
    sizes = (net.option_start[place + 1] - net.option_start[place]).astype(np.int64)
    ends = np.cumsum(sizes)
    option = np.arange(ends[-1] if len(ends) else 0) + np.repeat(
        net.option_start[place] - (ends - sizes), sizes
    )
    option_place = np.repeat(np.arange(len(place), dtype=np.int32), sizes)
    stage_of_place = np.repeat(np.arange(len(stages), dtype=np.int32), counts)
    return net._replace(
        stage_start=start,
        weight=net.weight[kind],
        hold=net.hold[kind],
        stage_step=net.stage_step[stages],
        stage_last=net.stage_last[stages],
        place_start=_from_zero(counts),
        place_city=net.place_city[place],
        option_start=_from_zero(sizes),
        option_centre=net.option_centre[option],
        option_cost=net.option_cost[option],
        option_hours=net.option_hours[option],
        option_setup=net.option_setup[option],
        option_stage=stage_of_place[option_place],
        option_place=option_place,
        option_city=net.option_city[option],
    )


def _from_zero(counts: Longs) -> Ints:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
