"""Lots put into a plan and taken out of it; a line filled with lots on its cheapest paths."""

import numpy as np

from staveworks.engine.dispatch.compiled import (
    FLOAT,
    LONG,
    NETWORK,
    NONE,
    PLAN,
    TABLE,
    WANTED,
    kernel,
)
from staveworks.engine.dispatch.network import Network, Table
from staveworks.engine.dispatch.plan import Plan, Wanted
from staveworks.engine.dispatch.planning.makers import DESK, ROOM, Desk
from staveworks.engine.dispatch.planning.paths import find_path, real_cost, room_on

SMALLER = 0.6
FURTHER, FURTHEST = 4.0, 20.0
"""How much further a line looks the next time, and from where on at everything."""


@kernel(NONE, PLAN, LONG, LONG, LONG, LONG)
def link(plan: Plan, slot: int, step: int, centre: int, bucket: int) -> None:
    """Enter the lot's step in the list of the cell's uses, if there are lists."""
    if len(plan.next_use) == 0:
        return
    use = slot * plan.option.shape[1] + step
    after = plan.first_use[centre, bucket]
    plan.first_use[centre, bucket] = use
    plan.next_use[use] = after
    plan.last_use[use] = -1
    if after >= 0:
        plan.last_use[after] = use


@kernel(NONE, PLAN, LONG, LONG, LONG, LONG)
def unlink(plan: Plan, slot: int, step: int, centre: int, bucket: int) -> None:
    if len(plan.next_use) == 0:
        return
    use = slot * plan.option.shape[1] + step
    before, after = plan.last_use[use], plan.next_use[use]
    if before >= 0:
        plan.next_use[before] = after
    else:
        plan.first_use[centre, bucket] = after
    if after >= 0:
        plan.last_use[after] = before


@kernel(NONE, NETWORK, PLAN, LONG, FLOAT)
def resize(net: Network, plan: Plan, slot: int, more: float) -> None:
    """Make the lot larger by ``more`` (or smaller); room is the caller's to see to."""
    plan.quantity[slot] += more
    plan.unmade[plan.line[slot]] -= more
    for step in range(plan.option.shape[1]):
        option = plan.option[slot, step]
        if option >= 0:
            plan.left[net.option_centre[option], plan.bucket[slot, step]] -= more * net.option_hours[option]


@kernel(NONE, NETWORK, PLAN, LONG, FLOAT, DESK)
def put_lot(net: Network, plan: Plan, slot: int, quantity: float, desk: Desk) -> None:
    """A new lot on the desk's path, in a free slot."""
    plan.cost[slot] = desk.path_cost[1]
    for step in range(plan.option.shape[1]):
        option, bucket = desk.path_option[step], desk.path_bucket[step]
        plan.option[slot, step] = option
        plan.bucket[slot, step] = bucket
        if option >= 0:
            centre = net.option_centre[option]
            plan.left[centre, bucket] -= net.option_setup[option]
            link(plan, slot, step, centre, bucket)
    resize(net, plan, slot, quantity)


@kernel(NONE, NETWORK, PLAN, LONG)
def take_lot(net: Network, plan: Plan, slot: int) -> None:
    """Free the slot; its hours and its quantity are there again."""
    resize(net, plan, slot, -plan.quantity[slot])
    plan.quantity[slot] = 0.0
    for step in range(plan.option.shape[1]):
        option, bucket = plan.option[slot, step], plan.bucket[slot, step]
        if option >= 0:
            centre = net.option_centre[option]
            plan.left[centre, bucket] += net.option_setup[option]
            unlink(plan, slot, step, centre, bucket)
            plan.option[slot, step] = -1


@kernel(FLOAT, NETWORK, PLAN, LONG)
def room_in(net: Network, plan: Plan, slot: int) -> float:
    """How much larger the lot may become."""
    most = np.inf
    for step in range(plan.option.shape[1]):
        option = plan.option[slot, step]
        if option < 0:
            break
        centre, bucket = net.option_centre[option], plan.bucket[slot, step]
        hours = 0.0
        for other in range(plan.option.shape[1]):
            twin = plan.option[slot, other]
            if twin >= 0 and net.option_centre[twin] == centre and plan.bucket[slot, other] == bucket:
                hours += net.option_hours[twin]
        if hours > 0.0:
            most = min(most, plan.left[centre, bucket] / hours)
    return max(0.0, most)


@kernel(FLOAT, NETWORK, PLAN, LONG, TABLE)
def priced(net: Network, plan: Plan, slot: int, prices: Table) -> float:
    """What a unit of the lot costs at these prices."""
    total = plan.cost[slot]
    for step in range(plan.option.shape[1]):
        option = plan.option[slot, step]
        if option < 0:
            break
        total += net.option_hours[option] * prices[net.option_centre[option], plan.bucket[slot, step]]
    return total


@kernel(LONG, PLAN, LONG, DESK)
def same_path(plan: Plan, slot: int, desk: Desk) -> int:
    """1 if the lot is on the desk's path."""
    for step in range(plan.option.shape[1]):
        if plan.option[slot, step] != desk.path_option[step]:
            return 0
        if plan.option[slot, step] >= 0 and plan.bucket[slot, step] != desk.path_bucket[step]:
            return 0
    return 1


@kernel(LONG, NETWORK, WANTED, PLAN, LONG, FLOAT, DESK)
def add_on_path(net: Network, wanted: Wanted, plan: Plan, line: int, unmade: float, desk: Desk) -> int:
    """As much as fits on the desk's path: into the lot that is there already, else a new one. 1 if something was added."""
    free = -1
    for slot in range(wanted.slot_start[line], wanted.slot_start[line + 1]):
        if plan.quantity[slot] <= 0.0:
            free = slot
        elif plan.fixed[slot] == 0 and same_path(plan, slot, desk) == 1:
            size = min(unmade, room_in(net, plan, slot))
            if size > ROOM:
                resize(net, plan, slot, size)
                return 1
    if free < 0:
        return 0
    least = wanted.least[line]
    size = min(unmade, room_on(net, plan, desk))
    rest = unmade - size
    if ROOM < rest < least and size - (least - rest) >= least:
        size -= least - rest
    if size < least - ROOM:
        return 0
    put_lot(net, plan, free, size, desk)
    return 1


@kernel(LONG, WANTED, PLAN, LONG)
def free_slots(wanted: Wanted, plan: Plan, line: int) -> int:
    count = 0
    for slot in range(wanted.slot_start[line], wanted.slot_start[line + 1]):
        if plan.quantity[slot] <= 0.0:
            count += 1
    return count


@kernel(NONE, NETWORK, WANTED, PLAN, LONG, TABLE)
def enlarge(net: Network, wanted: Wanted, plan: Plan, line: int, prices: Table) -> None:
    """What isn't made goes into the line's own lots as far as they have room, the cheapest first."""
    start, end = wanted.slot_start[line], wanted.slot_start[line + 1]
    done = np.zeros(end - start, np.int8)
    for _ in range(start, end):
        best, best_slot = wanted.reject[line], -1
        for slot in range(start, end):
            if plan.quantity[slot] > 0.0 and plan.fixed[slot] == 0 and done[slot - start] == 0:
                cost = priced(net, plan, slot, prices)
                if cost < best:
                    best, best_slot = cost, slot
        if best_slot < 0 or plan.unmade[line] <= ROOM:
            return
        done[best_slot - start] = 1
        size = min(plan.unmade[line], room_in(net, plan, best_slot))
        if size > ROOM:
            resize(net, plan, best_slot, size)


@kernel(FLOAT, NETWORK, WANTED, PLAN, LONG, TABLE, FLOAT, DESK)
def follow(
    net: Network, wanted: Wanted, plan: Plan, line: int, prices: Table, lot: float, desk: Desk
) -> float:
    """Lay the last path of the line's kind on the desk: what it costs, inf if there is none or no room for the lot."""
    kind, cost = wanted.kind[line], 0.0
    if desk.recent_option[kind, 0] < 0 or desk.recent_bucket[kind, 0] < wanted.release[line]:
        return np.inf
    desk.path_option[:] = desk.recent_option[kind]
    desk.path_bucket[:] = desk.recent_bucket[kind]
    if room_on(net, plan, desk) < lot:
        return np.inf
    for step in range(len(desk.path_option)):
        option = desk.path_option[step]
        if option >= 0:
            hours = net.option_hours[option] + net.option_setup[option] / lot
            cost += hours * prices[net.option_centre[option], desk.path_bucket[step]]
    desk.path_cost[1] = real_cost(net, wanted, line, desk)
    return cost + desk.path_cost[1]


@kernel(FLOAT, NETWORK, LONG, DESK)
def kind_floor(net: Network, kind: int, desk: Desk) -> float:
    """No path of the kind is cheaper."""
    floor = np.inf
    for stage in range(net.stage_start[kind], net.stage_start[kind + 1]):
        if net.place_start[stage] < net.place_start[stage + 1]:
            floor = min(floor, net.place_floor[net.place_start[stage]])
    return floor


@kernel(FLOAT, NETWORK, WANTED, PLAN, LONG, TABLE, FLOAT, DESK)
def find_near(
    net: Network, wanted: Wanted, plan: Plan, line: int, prices: Table, lot: float, desk: Desk
) -> float:
    """As ``find_path`` with room for the lot: first the path of a line before, then among the places near the cheapest, then a little further,
    until it is good enough or all were looked at that could be part of something cheaper. Exact but for what is good enough; where anything
    is (inf), nobody looks further than near."""
    near, enough, kind = desk.near[0], desk.near[1], wanted.kind[line]
    if not near < np.inf or wanted.keep_start[line] < wanted.keep_start[line + 1]:
        return find_path(net, wanted, plan, line, prices, lot, 1.0, desk)
    good = desk.floor[line] + enough
    cost = follow(net, wanted, plan, line, prices, lot, desk)
    if cost < np.inf and cost <= good:
        return cost
    limit = kind_floor(net, kind, desk) + near
    while True:
        desk.limit[0] = limit
        cost = find_path(net, wanted, plan, line, prices, lot, 1.0, desk)
        if cost <= good or cost - enough <= limit or limit == np.inf:
            break
        near *= FURTHER
        limit = min(limit + near, cost - enough) if near < desk.near[0] * FURTHEST else cost - enough
    desk.limit[0] = np.inf
    if cost < np.inf:
        desk.recent_option[kind] = desk.path_option
        desk.recent_bucket[kind] = desk.path_bucket
    return cost


@kernel(NONE, NETWORK, WANTED, PLAN, LONG, TABLE, DESK)
def fill(net: Network, wanted: Wanted, plan: Plan, line: int, prices: Table, desk: Desk) -> None:
    """Make what isn't made yet, on cheapest paths, as long as that costs less than rejecting it.

    A lot must hold its share of what is left over the slots that are left; if no path has room for that, then a smaller lot.
    """
    least = wanted.least[line]
    while plan.unmade[line] > ROOM and plan.unmade[line] >= least - ROOM:
        slots = free_slots(wanted, plan, line)
        if slots == 0:
            break
        lot = max(least, plan.unmade[line] / slots)
        cost = find_near(net, wanted, plan, line, prices, lot, desk)
        hopeless = False
        if not cost < wanted.reject[line] and lot > least and desk.near[0] < np.inf:
            hopeless = not find_near(net, wanted, plan, line, prices, least, desk) < wanted.reject[line]
        if hopeless:
            break
        while not cost < wanted.reject[line] and lot > least:
            lot = max(least, lot * SMALLER)
            cost = find_near(net, wanted, plan, line, prices, lot, desk)
        if (
            not cost < wanted.reject[line]
            or add_on_path(net, wanted, plan, line, plan.unmade[line], desk) == 0
        ):
            break
    if plan.unmade[line] > ROOM:
        enlarge(net, wanted, plan, line, prices)
