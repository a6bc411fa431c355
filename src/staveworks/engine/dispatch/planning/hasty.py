"""A plan in haste: a line takes the cheapest path by what was known of the places when somebody last looked.

Lines of a class in turn: for each only the last hop is looked up, and the way back where none with room is known from there. Where there is
no room on it, the places on the path are looked at again, and what follows from them.
"""

import numpy as np

from staveworks.engine.dispatch.compiled import (
    FLOAT,
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
from staveworks.engine.dispatch.network import Indexed, Longs, Network, Table
from staveworks.engine.dispatch.plan import IntTable, Plan, Wanted, empty_plan, wanted_lines
from staveworks.engine.dispatch.planning.construct import (
    THETAS,
    alike_together,
    by_need,
    giants,
    place_giants,
    place_planned,
)
from staveworks.engine.dispatch.planning.halves import in_halves
from staveworks.engine.dispatch.planning.lots import add_on_path, free_slots
from staveworks.engine.dispatch.planning.makers import (
    DESK,
    ROOM,
    Desk,
    cheapest_maker,
    cheapest_makers,
    desk,
    last_place,
    look,
)
from staveworks.engine.dispatch.planning.moves import Journal, journal
from staveworks.engine.dispatch.planning.paths import (
    connect,
    connect_place,
    last_hop,
    real_cost,
    room_on,
    source,
    way_back,
)
from staveworks.engine.dispatch.prices.ascent import Prices
from staveworks.engine.dispatch.settled import Open
from staveworks.engine.dispatch.watch import Watch

SMALLER = 0.5
"""Part of the lot that was looked for by which all is looked at anew."""
LOOKS = 20
"""How often a line has places looked at again before what is left of it is left."""
TURNS = (1, 2)
"""See ``halves``: in the first all lines, in the second what found no room among the cells of its half."""
LEVELS = 3
"""Parts of the order of lines' need within which those of a class follow each other."""


@kernel(LONG, NETWORK, LONG, LONG, LONGS, TABLE, DESK)
def is_reached(net: Network, kind: int, place: int, changed: Longs, before: Table, desk: Desk) -> int:
    """1 if something at the place (row) may come, or came, from one of the ``changed`` rows, which kept what is in ``before``."""
    base, done, make = net.place_start[net.stage_start[kind]], desk.done[place], desk.make[place]
    city = net.place_city[place + base]
    for other in changed:
        start = net.place_city[other + base]
        cost, lag = net.carriage[start, city] * net.weight[kind], net.lag[start, city]
        for bucket in range(lag, len(done)):
            old, new = before[other, bucket - lag], desk.kept[other, bucket - lag]
            if old != new and make[bucket] < np.inf and min(old, new) + cost + make[bucket] <= done[bucket]:
                return 1
    return 0


@kernel(NONE, NETWORK, LONG, LONG, LONG, LONGS, DESK)
def connect_again(net: Network, kind: int, begin: int, end: int, path: Longs, desk: Desk) -> None:
    """As ``connect``, where work costs something else at the places of the path (rows, by step) alone: what doesn't follow from it stays."""
    base, before = net.place_start[net.stage_start[kind]], desk.kept.copy()
    changed, first, last = np.empty(len(before), np.int64), 0, 0
    for stage in range(begin, end):
        count = last
        for place in range(net.place_start[stage] - base, last_place(net, kind, stage, desk) - base):
            if (
                place == path[stage - begin]
                or is_reached(net, kind, place, changed[first:last], before, desk) == 1
            ):
                connect_place(net, kind, stage, place, desk)
                if (before[place] != desk.kept[place]).any():
                    changed[count] = place
                    count += 1
        first, last = last, count


@kernel(NONE, NETWORK, WANTED, PLAN, LONG, TABLE, FLOAT, LONG, DESK)
def look_again(
    net: Network, wanted: Wanted, plan: Plan, line: int, prices: Table, lot: float, end: int, desk: Desk
) -> None:
    """At the places on the way to the end (see ``last_hop``), with room for the lot."""
    kind, buckets = wanted.kind[line], desk.make.shape[1]
    base = net.place_start[net.stage_start[kind]]
    bucket, place, stage = (
        end % buckets,
        end // buckets % len(desk.make),
        end // (buckets * len(desk.make)),
    )
    route = stage + 1
    path = np.empty(net.stage_step[stage] + 1, np.int64)
    while True:
        path[net.stage_step[stage]] = place
        cheapest_maker(net, plan, place + base, prices, lot, 1.0, np.inf, desk.make[place])
        desk.make[place, : wanted.release[line]] = np.inf
        if net.stage_step[stage] == 0:
            break
        before = source(net, kind, stage, place, bucket, desk)
        bucket -= net.lag[net.place_city[before + base], net.place_city[place + base]]
        while desk.kept[before, bucket] < desk.done[before, bucket]:
            bucket -= 1
        place, stage = before, stage - 1
    connect_again(net, kind, stage, route, path, desk)


@kernel(LONG, NETWORK, WANTED, PLAN, LONG, FLOAT, LONG, DESK)
def fits(net: Network, wanted: Wanted, plan: Plan, line: int, lot: float, end: int, desk: Desk) -> int:
    """1 if the desk's path, way back from the end, has room for the lot in all of its steps."""
    for step in range(net.stage_step[end // (desk.make.shape[1] * len(desk.make))] + 1):
        if desk.path_option[step] < 0:
            return 0
    return 1 if room_on(net, plan, desk) >= lot - ROOM else 0


@kernel(LONG, NETWORK, WANTED, PLAN, LONG, FLOAT, INT_TABLE, DESK)
def follow(net: Network, wanted: Wanted, plan: Plan, line: int, lot: float, way: IntTable, desk: Desk) -> int:
    """Lay the way (its options, its buckets) on the desk, with its cost for the line; 0 if there is none or no room on it for the lot."""
    desk.path_option[:], desk.path_bucket[:] = way[0], way[1]
    if way[0, 0] < 0 or room_on(net, plan, desk) < lot - ROOM:
        return 0
    desk.path_cost[1] = real_cost(net, wanted, line, desk)
    return 1


@kernel(NONE, NETWORK, WANTED, PLAN, LONGS, TABLE, DESK)
def fill_hastily(net: Network, wanted: Wanted, plan: Plan, order: Longs, prices: Table, desk: Desk) -> None:
    """Fill these lines in turn; what finds no room soon is left. Those of a class follow each other, the large ones first."""
    kind, release, known = -1, -1, np.inf
    # By end (row, bucket), its options and buckets: while it has room nothing gets cheaper than it, as lines only fill cells.
    ways = np.full((desk.make.size, 2, len(desk.path_option)), -1, np.int32)
    for line in order:
        least = wanted.least[line]
        for _ in range(LOOKS):
            slots = free_slots(wanted, plan, line)
            if slots == 0 or plan.unmade[line] <= ROOM or plan.unmade[line] < least - ROOM:
                break
            lot = max(least, plan.unmade[line] / slots)
            if wanted.kind[line] != kind or wanted.release[line] != release or lot < known * SMALLER:
                kind, release, known = wanted.kind[line], wanted.release[line], lot
                ways[:] = -1
                look(net, kind, desk)
                cheapest_makers(net, wanted, plan, line, prices, lot, 1.0, desk)
                connect(net, kind, net.stage_start[kind], net.stage_start[kind + 1], desk)
            end = last_hop(net, wanted, line, desk)
            if end < 0 or not desk.path_cost[0] < wanted.reject[line]:
                break
            way = ways[end % desk.make.size]
            if follow(net, wanted, plan, line, lot, way, desk) == 0:
                way_back(net, wanted, plan, line, prices, lot, 1.0, end, desk)
                if fits(net, wanted, plan, line, lot, end, desk) == 0:
                    look_again(net, wanted, plan, line, prices, lot, end, desk)
                    continue
                way[0], way[1] = desk.path_option, desk.path_bucket
            if add_on_path(net, wanted, plan, line, plan.unmade[line], desk) == 0:
                break


def hasty_plan(
    part: Open, indexed: Indexed, prices: Prices, threads: int, watch: Watch
) -> tuple[Plan, Wanted]:
    """A plan of very many lines at rough prices."""
    net, lines = indexed.network, part.problem.lines
    order = alike_together(by_need(indexed, lines.quantity), indexed.line_class, LEVELS)
    wanted = wanted_lines(part.problem, indexed, part.lots)
    plan = empty_plan(part.problem, wanted, part.left, uses=False)
    table = prices.net(part.problem.work_centres.firm)
    rooms = [(desk(net, plan.option.shape[1]), journal(plan)) for _ in range(2)]
    if len(wanted.keep_step):
        place_planned(net, wanted, plan, rooms[0][0])
    place_giants(net, wanted, plan, giants(wanted, part.left), table, THETAS, rooms[0][0])

    def run(plan: Plan, lines: Longs, desk: Desk, _: Journal) -> None:
        fill_hastily(net, wanted, plan, lines, table, desk)

    for turn in TURNS:
        in_halves(plan, order, rooms, threads, turn, watch.over, run)
    return plan, wanted
