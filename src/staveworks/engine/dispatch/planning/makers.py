"""The desk of a search for paths, and what its line costs to make where there is room: at each place, in each bucket."""

from typing import NamedTuple

import numpy as np

from staveworks.engine.dispatch.compiled import (
    FLOAT,
    FLOATS,
    LONG,
    NETWORK,
    NONE,
    PLAN,
    TABLE,
    WANTED,
    kernel,
    tuple_type,
)
from staveworks.engine.dispatch.network import Network, Table
from staveworks.engine.dispatch.plan import IntTable, Longs, Plan, Wanted
from staveworks.engine.dispatch.problem import Floats, Ints

ROOM = 1e-9


class Desk(NamedTuple):
    """Room to work in, and the path that was found."""

    make: Table
    """(places, buckets)."""
    planned: IntTable
    """(places, buckets): the option that is cheaper there because the line is planned on it, else -1. Only for lines with a plan."""
    done: Table
    kept: Table
    least: Floats
    """(places): the least of ``done`` in any bucket."""
    path_option: Ints
    """(steps): -1 after the last."""
    path_bucket: Ints
    path_cost: Floats
    """(2): per unit, at the prices asked; without prices."""
    limit: Floats
    """(1): places of which the floor is above it aren't looked at."""
    ends: Longs
    """(stages of a kind): how many places of each that leaves."""
    near: Floats
    """(2): by how much a place's floor may be above its kind's to be looked at first, inf where all are; by how much a path may be above
    its line's floor to be good enough."""
    recent_option: IntTable
    """(kinds, steps): the last path of each kind that was looked for near, -1 where there is none. Empty where ``near`` is inf."""
    recent_bucket: IntTable
    floor: Floats
    """(lines): what a unit would cost if there were room everywhere; empty where ``near`` is inf."""


DESK = tuple_type(Desk)


def desk(network: Network, steps: int) -> Desk:
    places = int(np.diff(network.place_start[network.stage_start]).max(initial=1))
    shape = (places, network.hours.shape[1])

    def table() -> Table:
        return np.zeros(shape)

    def ints() -> IntTable:
        return np.zeros(shape, np.int32)

    return Desk(
        table(),
        ints(),
        table(),
        table(),
        np.zeros(places),
        np.zeros(steps, np.int32),
        np.zeros(steps, np.int32),
        np.zeros(2),
        np.full(1, np.inf),
        np.zeros(int(np.diff(network.stage_start).max(initial=1)), np.int64),
        np.full(2, np.inf),
        np.zeros((0, steps), np.int32),
        np.zeros((0, steps), np.int32),
        np.zeros(0),
    )


@kernel(NONE, NETWORK, LONG, DESK)
def look(net: Network, kind: int, desk: Desk) -> None:
    """Count the places of each stage that are looked at."""
    first, everywhere = net.stage_start[kind], desk.limit[0] == np.inf
    for stage in range(first, net.stage_start[kind + 1]):
        place, end = net.place_start[stage], net.place_start[stage + 1]
        if everywhere:
            place = end
        while place < end and net.place_floor[place] <= desk.limit[0]:
            place += 1
        desk.ends[stage - first] = place - net.place_start[stage]


@kernel(LONG, NETWORK, LONG, LONG, DESK)
def last_place(net: Network, kind: int, stage: int, desk: Desk) -> int:
    """Where the places of the stage end that are looked at."""
    return net.place_start[stage] + desk.ends[stage - net.stage_start[kind]]


@kernel(NONE, NETWORK, WANTED, PLAN, LONG, TABLE, FLOAT, DESK)
def prefer_kept(
    net: Network, wanted: Wanted, plan: Plan, line: int, prices: Table, lot: float, desk: Desk
) -> None:
    """Where the line is planned already a unit is cheaper by what leaving would cost, as far as the plan goes."""
    kind = wanted.kind[line]
    base = net.place_start[net.stage_start[kind]]
    desk.planned[:] = -1
    for keep in range(wanted.keep_start[line], wanted.keep_start[line + 1]):
        centre, bucket = wanted.keep_centre[keep], wanted.keep_bucket[keep]
        saved = wanted.stability[0] * min(1.0, wanted.keep_quantity[keep] / lot)
        if bucket < wanted.release[line]:
            continue
        for stage in range(net.stage_start[kind], net.stage_start[kind + 1]):
            if net.stage_step[stage] != wanted.keep_step[keep]:
                continue
            for place in range(net.place_start[stage], net.place_start[stage + 1]):
                for option in range(net.option_start[place], net.option_end[place]):
                    need = lot * net.option_hours[option] + net.option_setup[option] - ROOM
                    hours = net.option_hours[option] + net.option_setup[option] / lot
                    value = net.option_cost[option] + hours * prices[centre, bucket] - saved
                    if (
                        net.option_centre[option] == centre
                        and plan.left[centre, bucket] >= need
                        and net.hours[centre, bucket] > 0.0
                        and value < desk.make[place - base, bucket]
                    ):
                        desk.make[place - base, bucket] = value
                        desk.planned[place - base, bucket] = option


@kernel(NONE, NETWORK, PLAN, LONG, TABLE, FLOAT, FLOAT, FLOAT, FLOATS)
def cheapest_maker(
    net: Network, plan: Plan, place: int, prices: Table, lot: float, room: float, over: float, make: Floats
) -> None:
    """What the cheapest work centre of a place costs in each bucket that has ``room``, 0 … 1, for the lot; set-up is spread over the lot.
    Those that are always dearer by more than ``over`` than the place's cheapest need not be looked at."""
    make[:] = np.inf
    for option in range(net.option_start[place], net.option_end[place]):
        if net.option_floor[option] > over:
            break
        centre, cost, hours = net.option_centre[option], net.option_cost[option], net.option_hours[option]
        need = room * (lot * hours + net.option_setup[option]) - ROOM
        hours += net.option_setup[option] / lot
        for bucket in range(len(make)):
            fits = (plan.left[centre, bucket] >= need) & (net.hours[centre, bucket] > 0.0)
            value = cost + hours * prices[centre, bucket] if fits else np.inf
            make[bucket] = value if value < make[bucket] else make[bucket]


@kernel(NONE, NETWORK, WANTED, PLAN, LONG, TABLE, FLOAT, FLOAT, DESK)
def cheapest_makers(
    net: Network, wanted: Wanted, plan: Plan, line: int, prices: Table, lot: float, room: float, desk: Desk
) -> None:
    """The same of every place that is looked at, from the line's release on."""
    kind = wanted.kind[line]
    base = net.place_start[net.stage_start[kind]]
    for stage in range(net.stage_start[kind], net.stage_start[kind + 1]):
        for place in range(net.place_start[stage], last_place(net, kind, stage, desk)):
            over = desk.limit[0] - net.place_floor[place]
            cheapest_maker(net, plan, place, prices, lot, room, over, desk.make[place - base])
            desk.make[place - base, : wanted.release[line]] = np.inf
    if wanted.keep_start[line] < wanted.keep_start[line + 1]:
        prefer_kept(net, wanted, plan, line, prices, lot, desk)


@kernel(LONG, NETWORK, WANTED, PLAN, LONG, TABLE, FLOAT, FLOAT, DESK, LONG, LONG)
def maker(
    net: Network,
    wanted: Wanted,
    plan: Plan,
    line: int,
    prices: Table,
    lot: float,
    room: float,
    desk: Desk,
    place: int,
    bucket: int,
) -> int:
    """The option behind what is said of a place (row) and a bucket."""
    if wanted.keep_start[line] < wanted.keep_start[line + 1] and desk.planned[place, bucket] >= 0:
        return desk.planned[place, bucket]
    best, found = np.inf, -1
    place += net.place_start[net.stage_start[wanted.kind[line]]]
    for option in range(net.option_start[place], net.option_end[place]):
        centre, hours = net.option_centre[option], net.option_hours[option]
        need = room * (lot * hours + net.option_setup[option]) - ROOM
        hours += net.option_setup[option] / lot
        if plan.left[centre, bucket] >= need and net.hours[centre, bucket] > 0.0:
            value = net.option_cost[option] + hours * prices[centre, bucket]
            if value < best:
                best, found = value, option
    return found
