"""A first plan: what is planned already where it is, giant lines, then lines with few alternatives and large quantities, at the prices."""

import numpy as np

from staveworks.engine.dispatch.compiled import (
    FLOATS,
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
from staveworks.engine.dispatch.plan import Plan, Wanted
from staveworks.engine.dispatch.planning.lots import fill, put_lot
from staveworks.engine.dispatch.planning.makers import DESK, ROOM, Desk
from staveworks.engine.dispatch.planning.moves import line_cost, take_line
from staveworks.engine.dispatch.planning.paths import real_cost, room_on
from staveworks.engine.dispatch.problem import Floats, Ints

THETAS = np.array([1.0, 0.9, 0.8, 0.7, 0.6, 0.4, 0.2, 0.0])
"""Shares of the prices at which giant lines are tried."""


@kernel(NONE, NETWORK, WANTED, PLAN, LONGS, TABLE, FLOATS, DESK)
def place_giants(
    net: Network, wanted: Wanted, plan: Plan, order: Longs, prices: Table, thetas: Floats, desk: Desk
) -> None:
    """Each giant at the share of the prices that serves it best at the whole prices: its few lots are worth a dearer cell."""
    for line in order:
        best, chosen = np.inf, 1.0
        for theta in thetas:
            fill(net, wanted, plan, line, theta * prices, desk)
            cost = line_cost(net, wanted, plan, line, prices)
            take_line(net, wanted, plan, line)
            if cost < best - ROOM:
                best, chosen = cost, theta
        fill(net, wanted, plan, line, chosen * prices, desk)


@kernel(LONG, NETWORK, WANTED, LONG, DESK)
def legal(net: Network, wanted: Wanted, line: int, desk: Desk) -> int:
    """1 if the desk's path keeps to release, lags, connections and cells with hours."""
    before, ready = -1, wanted.release[line]
    for step in range(len(desk.path_option)):
        option, bucket = desk.path_option[step], desk.path_bucket[step]
        if option < 0:
            break
        city = net.option_city[option]
        if before >= 0:
            ready += net.lag[before, city]
            if not net.carriage[before, city] < np.inf:
                return 0
        if bucket < ready or not net.hours[net.option_centre[option], bucket] > 0.0:
            return 0
        before, ready = city, bucket
    return 1 if before >= 0 and net.carriage[before, wanted.city[line]] < np.inf else 0


@kernel(LONG, NETWORK, WANTED, PLAN, LONG, LONG, DESK)
def find_planned(net: Network, wanted: Wanted, plan: Plan, line: int, keep: int, desk: Desk) -> int:
    """Lay the planned lot whose commitments begin at ``keep`` on the desk; 0 if it can't be made so any more."""
    kind, steps = wanted.kind[line], plan.option.shape[1]
    for stage in range(net.stage_start[kind], net.stage_start[kind + 1]):
        if net.stage_step[stage] != 0:
            continue
        desk.path_option[:] = -1
        for step in range(steps):
            if keep + step >= wanted.keep_start[line + 1] or wanted.keep_step[keep + step] != step:
                break
            begin, end = net.place_start[stage + step], net.place_start[stage + step + 1]
            for place in range(begin, end):
                for option in range(net.option_start[place], net.option_end[place]):
                    if net.option_centre[option] == wanted.keep_centre[keep + step]:
                        desk.path_option[step] = option
                        desk.path_bucket[step] = wanted.keep_bucket[keep + step]
            if desk.path_option[step] < 0:
                break
            if net.stage_last[stage + step] == 1:
                return legal(net, wanted, line, desk)
    return 0


@kernel(NONE, NETWORK, WANTED, PLAN, DESK)
def place_planned(net: Network, wanted: Wanted, plan: Plan, desk: Desk) -> None:
    """Put every planned lot that still fits where it is planned."""
    for line in range(len(wanted.kind)):
        slot, keep = wanted.slot_start[line], wanted.keep_start[line]
        while keep < wanted.keep_start[line + 1] and slot < wanted.slot_start[line + 1]:
            if wanted.keep_step[keep] == 0 and find_planned(net, wanted, plan, line, keep, desk) == 1:
                size = min(wanted.keep_quantity[keep], plan.unmade[line], room_on(net, plan, desk))
                if size >= wanted.least[line] - ROOM:
                    desk.path_cost[1] = real_cost(net, wanted, line, desk)
                    put_lot(net, plan, slot, size, desk)
                    slot += 1
            keep += 1


def giants(wanted: Wanted, hours: Table) -> Longs:
    """Lines whose lots would have to be larger than half of what a usual cell holds, the largest first."""
    lots = wanted.quantity / np.maximum(1, np.diff(wanted.slot_start))
    usual = float(np.median(hours[hours > 0])) if (hours > 0).any() else 0.0
    found = np.flatnonzero((lots > usual / 2) & (wanted.quantity > 0))
    return found[np.argsort(-lots[found], kind="stable")].astype(np.int64)


def by_need(indexed: Indexed, quantity: Floats) -> Longs:
    """Few alternatives and large quantities first."""
    net = indexed.network
    ends = np.append(0, np.cumsum(net.option_end - net.option_start))[net.place_start[net.stage_start]]
    alternatives = np.maximum(1, np.diff(ends))[indexed.line_kind]
    return np.argsort(-np.sqrt(quantity) / alternatives, kind="stable").astype(np.int64)


def alike_together(order: Longs, want: Ints, levels: int) -> Longs:
    """Within each of so many parts of the order, lines of like wants follow each other: what served the one mostly serves the next."""
    level = np.arange(len(order)) * levels // max(1, len(order))
    return order[np.lexsort((want[order], level))]
