"""The cheapest path of one lot among the cells that still have room for it.

The same shortest path as in ``pricing``, for one line, with room checked and the way back kept. Rows are places of the line's kind.
"""

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
)
from staveworks.engine.dispatch.network import Network, Table
from staveworks.engine.dispatch.plan import IntTable, Longs, Plan, Wanted
from staveworks.engine.dispatch.planning.makers import (
    DESK,
    ROOM,
    Desk,
    cheapest_makers,
    last_place,
    look,
    maker,
)
from staveworks.engine.dispatch.problem import Floats


@kernel(NONE, NETWORK, LONG, LONG, LONG, DESK)
def connect_place(net: Network, kind: int, stage: int, place: int, desk: Desk) -> None:
    """Fill ``done``, ``least`` and ``kept`` of one place (row) from ``make`` and the stage before. Where each came from is looked up later, for
    the one path."""
    base, hold, weight = net.place_start[net.stage_start[kind]], net.hold[kind], net.weight[kind]
    done, city = desk.done[place], net.place_city[place + base]
    if net.stage_step[stage] == 0:
        done[:] = 0.0
    else:
        done[:] = np.inf
        for other in range(net.place_start[stage - 1] - base, last_place(net, kind, stage - 1, desk) - base):
            start = net.place_city[other + base]
            cost, lag = net.carriage[start, city] * weight, net.lag[start, city]
            if cost < np.inf:
                later = done[lag:]
                for bucket in range(len(later)):
                    value = desk.kept[other, bucket] + cost
                    later[bucket] = value if value < later[bucket] else later[bucket]
    before = least = np.inf
    for bucket in range(len(done)):
        done[bucket] += desk.make[place, bucket]
        least = min(least, done[bucket])
        before += hold
        before = done[bucket] if done[bucket] <= before else before
        desk.kept[place, bucket] = before
    desk.least[place] = least


@kernel(NONE, NETWORK, LONG, LONG, LONG, DESK)
def connect(net: Network, kind: int, begin: int, end: int, desk: Desk) -> None:
    """The same of all places that are looked at, of the stages from ``begin`` on."""
    base = net.place_start[net.stage_start[kind]]
    for stage in range(begin, end):
        for place in range(net.place_start[stage] - base, last_place(net, kind, stage, desk) - base):
            connect_place(net, kind, stage, place, desk)


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
            if not desk.least[place] + cost < best:
                continue
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


@kernel(NONE, NETWORK, WANTED, PLAN, LONG, TABLE, FLOAT, FLOAT, LONG, DESK)
def way_back(
    net: Network,
    wanted: Wanted,
    plan: Plan,
    line: int,
    prices: Table,
    lot: float,
    room: float,
    end: int,
    desk: Desk,
) -> None:
    """Lay the path that ends there (see ``last_hop``) on the desk, with its cost; −1 where nothing has room by now."""
    kind, buckets = wanted.kind[line], desk.make.shape[1]
    desk.path_option[:] = -1
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


@kernel(FLOAT, NETWORK, WANTED, PLAN, LONG, TABLE, FLOAT, FLOAT, DESK)
def find_path(
    net: Network, wanted: Wanted, plan: Plan, line: int, prices: Table, lot: float, room: float, desk: Desk
) -> float:
    """The cheapest path with room for the lot (``room`` 1; with 0 the path it would like), within the desk's limit and left on it.

    Its cost per unit at these prices, inf if there is none.
    """
    kind = wanted.kind[line]
    look(net, kind, desk)
    cheapest_makers(net, wanted, plan, line, prices, lot, room, desk)
    connect(net, kind, net.stage_start[kind], net.stage_start[kind + 1], desk)
    end = last_hop(net, wanted, line, desk)
    desk.path_option[:] = -1
    if end < 0:
        return np.inf
    way_back(net, wanted, plan, line, prices, lot, room, end, desk)
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
