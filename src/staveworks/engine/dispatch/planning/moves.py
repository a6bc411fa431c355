"""Lines taken out of a plan and put in again, in turn: a sweep."""

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
from staveworks.engine.dispatch.plan import IntTable, Longs, Plan, ShortTable, Wanted
from staveworks.engine.dispatch.planning.lots import fill, priced, put_lot, take_lot
from staveworks.engine.dispatch.planning.makers import DESK, ROOM, Desk
from staveworks.engine.dispatch.planning.paths import find_path, room_on
from staveworks.engine.dispatch.problem import Floats, Ints

GAIN = 1e-9


class Journal(NamedTuple):
    """Lots as they were before a move, and the lines that it touches."""

    noted: Longs
    """(2): lots, lines."""
    slot: Longs
    quantity: Floats
    cost: Floats
    option: IntTable
    bucket: ShortTable
    line: Ints


JOURNAL = tuple_type(Journal)


def journal(plan: Plan) -> Journal:
    """Room for the largest line and some hundreds of others."""
    slots = int(np.bincount(plan.line).max(initial=1)) + 1024
    steps = plan.option.shape[1]
    return Journal(
        np.zeros(2, np.int64),
        np.zeros(slots, np.int64),
        np.zeros(slots),
        np.zeros(slots),
        np.zeros((slots, steps), np.int32),
        np.zeros((slots, steps), np.int16),
        np.zeros(slots, np.int32),
    )


@kernel(LONG, WANTED, PLAN, JOURNAL, LONG)
def remember(wanted: Wanted, plan: Plan, journal: Journal, line: int) -> int:
    """Note the line's lots as they are; 0 if there is no room for them or they are noted."""
    lots, lines = journal.noted
    start, end = wanted.slot_start[line], wanted.slot_start[line + 1]
    if lots + end - start > len(journal.slot) or lines >= len(journal.line):
        return 0
    for known in range(lines):
        if journal.line[known] == line:
            return 0
    for slot in range(start, end):
        if plan.quantity[slot] > 0.0 and plan.fixed[slot] == 0:
            journal.slot[lots] = slot
            journal.quantity[lots] = plan.quantity[slot]
            journal.cost[lots] = plan.cost[slot]
            journal.option[lots] = plan.option[slot]
            journal.bucket[lots] = plan.bucket[slot]
            lots += 1
    journal.line[lines] = line
    journal.noted[0], journal.noted[1] = lots, lines + 1
    return 1


@kernel(NONE, NETWORK, WANTED, PLAN, LONG)
def take_line(net: Network, wanted: Wanted, plan: Plan, line: int) -> None:
    for slot in range(wanted.slot_start[line], wanted.slot_start[line + 1]):
        if plan.quantity[slot] > 0.0 and plan.fixed[slot] == 0:
            take_lot(net, plan, slot)


@kernel(NONE, NETWORK, WANTED, PLAN, JOURNAL, DESK)
def restore(net: Network, wanted: Wanted, plan: Plan, journal: Journal, desk: Desk) -> None:
    """Everything that is noted as it was."""
    for place in range(journal.noted[1]):
        take_line(net, wanted, plan, journal.line[place])
    for lot in range(journal.noted[0]):
        desk.path_option[:] = journal.option[lot]
        desk.path_bucket[:] = journal.bucket[lot]
        desk.path_cost[1] = journal.cost[lot]
        put_lot(net, plan, journal.slot[lot], journal.quantity[lot], desk)


@kernel(FLOAT, NETWORK, WANTED, PLAN, LONG)
def moved(net: Network, wanted: Wanted, plan: Plan, line: int) -> float:
    """How much of the line's planned commitments isn't made at its place, step by step."""
    total = 0.0
    for keep in range(wanted.keep_start[line], wanted.keep_start[line + 1]):
        step, short = wanted.keep_step[keep], wanted.keep_quantity[keep]
        for slot in range(wanted.slot_start[line], wanted.slot_start[line + 1]):
            option = plan.option[slot, step]
            if (
                plan.quantity[slot] <= 0.0
                or option < 0
                or plan.bucket[slot, step] != wanted.keep_bucket[keep]
            ):
                continue
            if net.option_centre[option] == wanted.keep_centre[keep]:
                short -= plan.quantity[slot]
        total += max(0.0, short)
    return total


@kernel(FLOAT, NETWORK, WANTED, PLAN)
def moving_cost(net: Network, wanted: Wanted, plan: Plan) -> float:
    """What all that left its planned place costs."""
    total = 0.0
    if len(wanted.keep_step) > 0:
        for line in range(len(wanted.kind)):
            total += moved(net, wanted, plan, line)
    return wanted.stability[0] * total


@kernel(FLOAT, NETWORK, WANTED, PLAN, LONG, TABLE)
def line_cost(net: Network, wanted: Wanted, plan: Plan, line: int, prices: Table) -> float:
    """What the line costs at these prices, set-ups not counted; what left its planned place with it."""
    total = plan.unmade[line] * wanted.reject[line]
    if wanted.keep_start[line] < wanted.keep_start[line + 1]:
        total += wanted.stability[0] * moved(net, wanted, plan, line)
    for slot in range(wanted.slot_start[line], wanted.slot_start[line + 1]):
        if plan.quantity[slot] > 0.0:
            total += plan.quantity[slot] * priced(net, plan, slot, prices)
    return total


@kernel(FLOATS, NETWORK, WANTED, PLAN, TABLE)
def line_costs(net: Network, wanted: Wanted, plan: Plan, prices: Table) -> Floats:
    costs = np.empty(len(wanted.kind))
    for line in range(len(costs)):
        costs[line] = line_cost(net, wanted, plan, line, prices)
    return costs


@kernel(NONE, NETWORK, WANTED, PLAN, LONGS, TABLE, DESK)
def fill_lines(net: Network, wanted: Wanted, plan: Plan, order: Longs, prices: Table, desk: Desk) -> None:
    """Fill these lines in turn."""
    for line in order:
        if plan.unmade[line] > ROOM:
            fill(net, wanted, plan, line, prices, desk)


@kernel(LONG, NETWORK, WANTED, PLAN, LONGS, TABLE, DESK, JOURNAL)
def sweep(
    net: Network, wanted: Wanted, plan: Plan, order: Longs, prices: Table, desk: Desk, journal: Journal
) -> int:
    """Take each line out and fill it again, unless that is dearer at these prices. How many changed."""
    changed = 0
    for line in order:
        before = line_cost(net, wanted, plan, line, prices)
        journal.noted[:] = 0
        if remember(wanted, plan, journal, line) == 0:
            continue
        take_line(net, wanted, plan, line)
        fill(net, wanted, plan, line, prices, desk)
        if line_cost(net, wanted, plan, line, prices) < before - GAIN:
            changed += 1
        else:
            restore(net, wanted, plan, journal, desk)
    return changed


@kernel(NONE, NETWORK, WANTED, PLAN, LONGS)
def take_lines(net: Network, wanted: Wanted, plan: Plan, lines: Longs) -> None:
    for line in lines:
        take_line(net, wanted, plan, line)


@kernel(NONE, NETWORK, WANTED, PLAN, LONGS, INT_TABLE, INT_TABLE, FLOATS, FLOATS, DESK)
def put_lots(
    net: Network,
    wanted: Wanted,
    plan: Plan,
    lines: Longs,
    option: IntTable,
    bucket: IntTable,
    cost: Floats,
    quantity: Floats,
    desk: Desk,
) -> None:
    """A lot of each row, as large as is said and there is room; none where there is no room for a least one."""
    for row in range(len(lines)):
        line = lines[row]
        for slot in range(wanted.slot_start[line], wanted.slot_start[line + 1]):
            if plan.quantity[slot] <= 0.0:
                desk.path_option[:] = option[row]
                desk.path_bucket[:] = bucket[row]
                desk.path_cost[1] = cost[row]
                size = min(quantity[row], plan.unmade[line], room_on(net, plan, desk))
                if size >= wanted.least[line] - ROOM:
                    put_lot(net, plan, slot, size, desk)
                break


@kernel(FLOATS, NETWORK, WANTED, PLAN, TABLE, DESK)
def floors(net: Network, wanted: Wanted, plan: Plan, prices: Table, desk: Desk) -> Floats:
    """What a unit of each line would cost at these prices if there were room everywhere."""
    floor = np.empty(len(wanted.kind))
    for line in range(len(floor)):
        lot = max(wanted.least[line], wanted.quantity[line] / 2)
        path = find_path(net, wanted, plan, line, prices, lot, 0.0, desk) if lot > 0.0 else np.inf
        floor[line] = min(wanted.reject[line], path)
    return floor
