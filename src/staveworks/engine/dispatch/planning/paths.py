"""The cheapest path of one lot among the cells that still have room for it.

The same shortest path as in ``pricing``, for one line, with room checked and the way back kept. Rows are places of the line's kind.
"""

from typing import NamedTuple

import numpy as np

from staveworks.engine.dispatch.compiled import (
    FLOAT,
    FLOATS,
    INT_TABLE,
    LONG,
    LONGS,
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


@kernel(NONE, NETWORK, PLAN, LONG, TABLE, FLOAT, FLOAT, FLOATS)
def cheapest_maker(
    net: Network, plan: Plan, place: int, prices: Table, lot: float, room: float, make: Floats
) -> None:
    """What the cheapest work centre of a place costs in each bucket that has ``room``, 0 … 1, for the lot; set-up is spread over the lot."""
    make[:] = np.inf
    for option in range(net.option_start[place], net.option_end[place]):
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
            cheapest_maker(net, plan, place, prices, lot, room, desk.make[place - base])
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


@kernel(NONE, NETWORK, LONG, DESK)
def connect(net: Network, kind: int, desk: Desk) -> None:
    """Fill ``done`` and ``kept`` from ``make``, stage by stage. Where each came from is looked up later, for the one path."""
    base = net.place_start[net.stage_start[kind]]
    buckets, hold, weight = desk.make.shape[1], net.hold[kind], net.weight[kind]
    for stage in range(net.stage_start[kind], net.stage_start[kind + 1]):
        for place in range(net.place_start[stage] - base, last_place(net, kind, stage, desk) - base):
            done, city = desk.done[place], net.place_city[place + base]
            if net.stage_step[stage] == 0:
                done[:] = 0.0
            else:
                done[:] = np.inf
                for other in range(
                    net.place_start[stage - 1] - base, last_place(net, kind, stage - 1, desk) - base
                ):
                    start = net.place_city[other + base]
                    cost, lag = net.carriage[start, city] * weight, net.lag[start, city]
                    if cost < np.inf:
                        later = done[lag:]
                        for bucket in range(len(later)):
                            value = desk.kept[other, bucket] + cost
                            later[bucket] = value if value < later[bucket] else later[bucket]
            before = np.inf
            for bucket in range(buckets):
                done[bucket] += desk.make[place, bucket]
                before += hold
                before = done[bucket] if done[bucket] <= before else before
                desk.kept[place, bucket] = before


@kernel(LONG, NETWORK, WANTED, LONG, DESK)
def last_hop(net: Network, wanted: Wanted, line: int, desk: Desk) -> int:
    """Choose the last stage, place (row) and bucket: as one number, -1 if there is none. Leaves the cost at the prices asked."""
    kind = wanted.kind[line]
    base, buckets = net.place_start[net.stage_start[kind]], desk.make.shape[1]
    best, found = np.inf, -1
    for stage in range(net.stage_start[kind], net.stage_start[kind + 1]):
        if net.stage_last[stage] == 0:
            continue
        for place in range(net.place_start[stage] - base, last_place(net, kind, stage, desk) - base):
            city = net.place_city[place + base]
            cost = net.carriage[city, wanted.city[line]] * net.weight[kind]
            lag = net.lag[city, wanted.city[line]]
            for bucket in range(buckets):
                late = wanted.late[line] * max(0, bucket + lag - wanted.due[line])
                value = desk.done[place, bucket] + cost + late
                if value < best:
                    best, found = value, (stage * len(desk.make) + place) * buckets + bucket
    desk.path_cost[0] = best
    return found


@kernel(LONG, NETWORK, LONG, LONG, LONG, LONG, DESK)
def source(net: Network, kind: int, stage: int, place: int, bucket: int, desk: Desk) -> int:
    """The row of the stage before from which what is made at the place in the bucket came."""
    base = net.place_start[net.stage_start[kind]]
    city, best, found = net.place_city[place + base], np.inf, -1
    for other in range(net.place_start[stage - 1] - base, last_place(net, kind, stage - 1, desk) - base):
        start = net.place_city[other + base]
        lag = net.lag[start, city]
        if lag <= bucket:
            value = desk.kept[other, bucket - lag] + net.carriage[start, city] * net.weight[kind]
            if value < best:
                best, found = value, other
    return found


@kernel(FLOAT, NETWORK, WANTED, LONG, DESK)
def real_cost(net: Network, wanted: Wanted, line: int, desk: Desk) -> float:
    """Per unit, of the path on the desk: making, transport, waiting, lateness."""
    kind = wanted.kind[line]
    total, city, ready = 0.0, -1, 0
    for step in range(len(desk.path_option)):
        option = desk.path_option[step]
        if option < 0:
            break
        total += net.option_cost[option]
        place = net.option_city[option]
        if step > 0:
            arrival = ready + net.lag[city, place]
            total += net.carriage[city, place] * net.weight[kind] + net.hold[kind] * (
                desk.path_bucket[step] - arrival
            )
        city, ready = place, desk.path_bucket[step]
    arrival = ready + net.lag[city, wanted.city[line]]
    total += net.carriage[city, wanted.city[line]] * net.weight[kind]
    return total + wanted.late[line] * max(0, arrival - wanted.due[line])


@kernel(FLOAT, NETWORK, WANTED, PLAN, LONG, TABLE, FLOAT, FLOAT, DESK)
def find_path(
    net: Network, wanted: Wanted, plan: Plan, line: int, prices: Table, lot: float, room: float, desk: Desk
) -> float:
    """The cheapest path with room for the lot (``room`` 1; with 0 the path it would like), within the desk's limit and left on it.

    Its cost per unit at these prices, inf if there is none.
    """
    kind, buckets = wanted.kind[line], desk.make.shape[1]
    look(net, kind, desk)
    cheapest_makers(net, wanted, plan, line, prices, lot, room, desk)
    connect(net, kind, desk)
    end = last_hop(net, wanted, line, desk)
    desk.path_option[:] = -1
    if end < 0:
        return np.inf
    base, bucket, place = (
        net.place_start[net.stage_start[kind]],
        end % buckets,
        end // buckets % len(desk.make),
    )
    stage = end // (buckets * len(desk.make))
    for step in range(net.stage_step[stage], -1, -1):
        desk.path_option[step] = maker(net, wanted, plan, line, prices, lot, room, desk, place, bucket)
        desk.path_bucket[step] = bucket
        if step > 0:
            before = source(net, kind, stage, place, bucket, desk)
            bucket -= net.lag[net.place_city[before + base], net.place_city[place + base]]
            while desk.kept[before, bucket] < desk.done[before, bucket]:
                bucket -= 1
            place, stage = before, stage - 1
    desk.path_cost[1] = real_cost(net, wanted, line, desk)
    return desk.path_cost[0]


@kernel(FLOAT, NETWORK, PLAN, DESK)
def room_on(net: Network, plan: Plan, desk: Desk) -> float:
    """How much a new lot on the path may hold; a cell used twice gives its hours once."""
    most = np.inf
    for step in range(len(desk.path_option)):
        option = desk.path_option[step]
        if option < 0:
            break
        centre, bucket = net.option_centre[option], desk.path_bucket[step]
        hours, setup = 0.0, 0.0
        for other in range(len(desk.path_option)):
            twin = desk.path_option[other]
            if twin >= 0 and net.option_centre[twin] == centre and desk.path_bucket[other] == bucket:
                hours += net.option_hours[twin]
                setup += net.option_setup[twin]
        room = plan.left[centre, bucket] - setup
        if hours > 0.0:
            most = min(most, room / hours)
        elif room < -ROOM:
            most = 0.0
    return most


@kernel(NONE, NETWORK, WANTED, PLAN, LONGS, FLOATS, FLOAT, TABLE, DESK, INT_TABLE, INT_TABLE, FLOATS)
def best_paths(
    net: Network,
    wanted: Wanted,
    plan: Plan,
    lines: Longs,
    lots: Floats,
    room: float,
    prices: Table,
    desk: Desk,
    option: IntTable,
    bucket: IntTable,
    cost: Floats,
) -> None:
    """Fill the rows ``option`` and ``bucket`` (lines, steps) with the path that each line would like; its real cost per unit.

    For a lot of ``lots`` (lines), with ``room``, 0 … 1, for that part of it.
    """
    for row in range(len(lines)):
        lot = lots[row]
        if lot > 0.0 and find_path(net, wanted, plan, lines[row], prices, lot, room, desk) < np.inf:
            option[row] = desk.path_option
            bucket[row] = desk.path_bucket
            cost[row] = desk.path_cost[1]
