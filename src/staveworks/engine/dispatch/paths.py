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
    option: IntTable
    """(places, buckets): the work centre behind ``make``."""
    done: Table
    kept: Table
    since: IntTable
    """(places, buckets): the bucket in which what is kept was made."""
    source: IntTable
    """(places, buckets): the place of the step before."""
    path_option: Ints
    """(steps): -1 after the last."""
    path_bucket: Ints
    path_cost: Floats
    """(2): per unit, at the prices asked; without prices."""


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
        ints(),
        ints(),
        np.zeros(steps, np.int32),
        np.zeros(steps, np.int32),
        np.zeros(2),
    )


@kernel(NONE, NETWORK, WANTED, PLAN, LONG, TABLE, FLOAT, DESK)
def prefer_kept(
    net: Network, wanted: Wanted, plan: Plan, line: int, prices: Table, lot: float, desk: Desk
) -> None:
    """Where the line is planned already a unit is cheaper by what leaving would cost, as far as the plan goes."""
    kind = wanted.kind[line]
    base, end = net.place_start[net.stage_start[kind]], net.place_start[net.stage_start[kind + 1]]
    for keep in range(wanted.keep_start[line], wanted.keep_start[line + 1]):
        centre, bucket = wanted.keep_centre[keep], wanted.keep_bucket[keep]
        saved = wanted.stability[0] * min(1.0, wanted.keep_quantity[keep] / lot)
        for option in range(net.option_start[base], net.option_start[end]):
            fits = net.option_centre[option] == centre and bucket >= wanted.release[line]
            if fits and net.stage_step[net.option_stage[option]] == wanted.keep_step[keep]:
                need = lot * net.option_hours[option] + net.option_setup[option] - ROOM
                hours = net.option_hours[option] + net.option_setup[option] / lot
                value = net.option_cost[option] + hours * prices[centre, bucket] - saved
                place = net.option_place[option] - base
                if (
                    plan.left[centre, bucket] >= need
                    and net.hours[centre, bucket] > 0.0
                    and value < desk.make[place, bucket]
                ):
                    desk.make[place, bucket] = value
                    desk.option[place, bucket] = option


@kernel(NONE, NETWORK, WANTED, PLAN, LONG, TABLE, FLOAT, FLOAT, DESK)
def cheapest_makers(
    net: Network, wanted: Wanted, plan: Plan, line: int, prices: Table, lot: float, room: float, desk: Desk
) -> None:
    """The cheapest work centre of each place and bucket that has ``room``, 0 … 1, for the lot; set-up is spread over the lot."""
    kind = wanted.kind[line]
    base, end = net.place_start[net.stage_start[kind]], net.place_start[net.stage_start[kind + 1]]
    for place in range(base, end):
        make, chosen = desk.make[place - base], desk.option[place - base]
        make[:] = np.inf
        for option in range(net.option_start[place], net.option_start[place + 1]):
            centre, cost, hours = net.option_centre[option], net.option_cost[option], net.option_hours[option]
            need = room * (lot * hours + net.option_setup[option]) - ROOM
            hours += net.option_setup[option] / lot
            for bucket in range(wanted.release[line], prices.shape[1]):
                if plan.left[centre, bucket] >= need and net.hours[centre, bucket] > 0.0:
                    value = cost + hours * prices[centre, bucket]
                    if value < make[bucket]:
                        make[bucket] = value
                        chosen[bucket] = option
    if wanted.keep_start[line] < wanted.keep_start[line + 1]:
        prefer_kept(net, wanted, plan, line, prices, lot, desk)


@kernel(NONE, NETWORK, LONG, DESK)
def connect(net: Network, kind: int, desk: Desk) -> None:
    """Fill ``done`` and ``kept`` from ``make``, stage by stage, keeping where each came from."""
    base = net.place_start[net.stage_start[kind]]
    buckets, hold, weight = desk.make.shape[1], net.hold[kind], net.weight[kind]
    for stage in range(net.stage_start[kind], net.stage_start[kind + 1]):
        for place in range(net.place_start[stage] - base, net.place_start[stage + 1] - base):
            make, done, kept, source = (
                desk.make[place],
                desk.done[place],
                desk.kept[place],
                desk.source[place],
            )
            if net.stage_step[stage] == 0:
                done[:] = 0.0
            else:
                done[:] = np.inf
                city = net.place_city[place + base]
                for other in range(net.place_start[stage - 1] - base, net.place_start[stage] - base):
                    start = net.place_city[other + base]
                    cost, lag = net.carriage[start, city] * weight, net.lag[start, city]
                    if cost < np.inf:
                        for bucket in range(lag, buckets):
                            value = desk.kept[other, bucket - lag] + cost
                            if value < done[bucket]:
                                done[bucket] = value
                                source[bucket] = other
            before, since = np.inf, 0
            for bucket in range(buckets):
                done[bucket] += make[bucket]
                before += hold
                if done[bucket] <= before:
                    before, since = done[bucket], bucket
                kept[bucket] = before
                desk.since[place, bucket] = since


@kernel(NONE, NETWORK, WANTED, LONG, DESK)
def last_hop(net: Network, wanted: Wanted, line: int, desk: Desk) -> None:
    """Choose the last place and bucket, then walk back: the path and its cost at the prices asked, inf if there is none."""
    kind = wanted.kind[line]
    base, buckets = net.place_start[net.stage_start[kind]], desk.make.shape[1]
    best, best_stage, best_place, best_bucket = np.inf, -1, 0, 0
    for stage in range(net.stage_start[kind], net.stage_start[kind + 1]):
        if net.stage_last[stage] == 0:
            continue
        for place in range(net.place_start[stage] - base, net.place_start[stage + 1] - base):
            city = net.place_city[place + base]
            cost, lag = (
                net.carriage[city, wanted.city[line]] * net.weight[kind],
                net.lag[city, wanted.city[line]],
            )
            for bucket in range(buckets):
                late = wanted.late[line] * max(0, bucket + lag - wanted.due[line])
                value = desk.done[place, bucket] + cost + late
                if value < best:
                    best, best_stage, best_place, best_bucket = value, stage, place, bucket
    desk.path_cost[0] = best
    desk.path_option[:] = -1
    if best_stage < 0:
        return
    for step in range(net.stage_step[best_stage], -1, -1):
        desk.path_option[step] = desk.option[best_place, best_bucket]
        desk.path_bucket[step] = best_bucket
        if step > 0:
            before = desk.source[best_place, best_bucket]
            lag = net.lag[net.place_city[before + base], net.place_city[best_place + base]]
            best_bucket = desk.since[before, best_bucket - lag]
            best_place = before


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
    """The cheapest path with room for the lot (``room`` 1; with 0 the path it would like), left on the desk.

    Its cost per unit at these prices, inf if there is none.
    """
    cheapest_makers(net, wanted, plan, line, prices, lot, room, desk)
    connect(net, wanted.kind[line], desk)
    last_hop(net, wanted, line, desk)
    if desk.path_cost[0] < np.inf:
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


@kernel(NONE, NETWORK, WANTED, PLAN, LONGS, TABLE, DESK, INT_TABLE, INT_TABLE, FLOATS)
def best_paths(
    net: Network,
    wanted: Wanted,
    plan: Plan,
    lines: Longs,
    prices: Table,
    desk: Desk,
    option: IntTable,
    bucket: IntTable,
    cost: Floats,
) -> None:
    """Fill the rows ``option`` and ``bucket`` (lines, steps) with the path that each line would like; its real cost per unit."""
    for row in range(len(lines)):
        line = lines[row]
        lot = max(wanted.least[line], wanted.quantity[line] / 2)
        if lot > 0.0 and find_path(net, wanted, plan, line, prices, lot, 0.0, desk) < np.inf:
            option[row] = desk.path_option
            bucket[row] = desk.path_bucket
            cost[row] = desk.path_cost[1]
