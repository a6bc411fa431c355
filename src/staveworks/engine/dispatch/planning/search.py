"""A search: a line taken out of a plan with those that stand in its way, and all put in again."""

import numpy as np

from staveworks.engine.dispatch.compiled import (
    FLOAT,
    FLOATS,
    INTS,
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
from staveworks.engine.dispatch.plan import Longs, Plan, Wanted
from staveworks.engine.dispatch.planning.lots import fill
from staveworks.engine.dispatch.planning.makers import DESK, ROOM, Desk
from staveworks.engine.dispatch.planning.moves import (
    JOURNAL,
    Journal,
    line_cost,
    remember,
    restore,
    take_line,
)
from staveworks.engine.dispatch.planning.paths import find_path
from staveworks.engine.dispatch.problem import Floats, Ints


@kernel(FLOAT, LONGS)
def random(state: Longs) -> float:
    """0 … 1, by xorshift: the same on every machine and in every thread."""
    word = state[0]
    word ^= word << 13
    word ^= (word >> 7) & 0x01FFFFFFFFFFFFFF
    word ^= word << 17
    state[0] = word
    return ((word >> 11) & 0x1FFFFFFFFFFFFF) / 9007199254740992.0


@kernel(LONG, LONGS, LONG)
def below(state: Longs, count: int) -> int:
    return min(count - 1, int(random(state) * count))


@kernel(LONG, NETWORK, WANTED, PLAN, TABLE, FLOATS, LONGS)
def worst_of_some(
    net: Network, wanted: Wanted, plan: Plan, prices: Table, floor: Floats, state: Longs
) -> int:
    """Of a few lines, the one that costs most above what it would at the prices alone."""
    best, chosen = -1.0, 0
    for _ in range(1 + below(state, 6)):
        line = below(state, len(floor))
        loss = line_cost(net, wanted, plan, line, prices) - wanted.quantity[line] * floor[line]
        if loss > best:
            best, chosen = loss, line
    return chosen


@kernel(NONE, NETWORK, WANTED, PLAN, LONG, LONGS, JOURNAL, DESK)
def clear_way(
    net: Network, wanted: Wanted, plan: Plan, most: int, state: Longs, journal: Journal, desk: Desk
) -> None:
    """Note some of the lines that use the cells of the desk's path."""
    steps = plan.option.shape[1]
    for step in range(steps):
        option = desk.path_option[step]
        if option < 0:
            break
        use = plan.first_use[net.option_centre[option], desk.path_bucket[step]]
        taken = 0
        while use >= 0 and taken < most:
            line, following = plan.line[use // steps], plan.next_use[use]
            if random(state) < 0.7 and remember(wanted, plan, journal, line) == 1:
                taken += 1
            use = following


@kernel(NONE, LONGS, INTS, LONG)
def shuffle(state: Longs, values: Ints, count: int) -> None:
    for place in range(count - 1, 0, -1):
        other = below(state, place + 1)
        values[place], values[other] = values[other], values[place]


@kernel(FLOAT, NETWORK, WANTED, PLAN, TABLE, TABLE, LONGS, DESK, JOURNAL)
def put_again(
    net: Network,
    wanted: Wanted,
    plan: Plan,
    asked: Table,
    real: Table,
    state: Longs,
    desk: Desk,
    journal: Journal,
) -> float:
    """Take the noted lines out and fill them again, as they are noted or in a chance order. The change of their real cost."""
    lines, change = journal.noted[1], 0.0
    for place in range(lines):
        change -= line_cost(net, wanted, plan, journal.line[place], real)
        take_line(net, wanted, plan, journal.line[place])
    if random(state) < 0.5:
        shuffle(state, journal.line, lines)
    for place in range(lines):
        fill(net, wanted, plan, journal.line[place], asked, desk)
    for place in range(lines):
        line = journal.line[place]
        if plan.unmade[line] > ROOM:
            fill(net, wanted, plan, line, real, desk)
        change += line_cost(net, wanted, plan, line, real)
    return change


@kernel(FLOAT, NETWORK, WANTED, PLAN, LONG, TABLE, TABLE, FLOATS, FLOATS, LONGS, DESK, JOURNAL)
def search(
    net: Network,
    wanted: Wanted,
    plan: Plan,
    rounds: int,
    prices: Table,
    real: Table,
    floor: Floats,
    heat: Floats,
    state: Longs,
    desk: Desk,
    journal: Journal,
) -> float:
    """Rounds of: a line that costs too much, the way to its best path cleared, all put in again at a share of the prices.

    A round that makes the plan dearer is kept by chance, less and less (``heat``: first, last; in money). ``real`` are the prices of
    hours that the objective knows (fairness only). Returns the change of the objective.
    """
    total = 0.0
    for number in range(rounds):
        journal.noted[:] = 0
        seed = worst_of_some(net, wanted, plan, prices, floor, state)
        lot = max(wanted.least[seed], wanted.quantity[seed] / 2)
        if lot <= 0.0 or remember(wanted, plan, journal, seed) == 0:
            continue
        if find_path(net, wanted, plan, seed, prices, lot, 0.0, desk) < np.inf:
            clear_way(net, wanted, plan, 1 + below(state, 6), state, journal, desk)
        theta = 1.0 - random(state) ** 2
        change = put_again(net, wanted, plan, theta * prices + (1 - theta) * real, real, state, desk, journal)
        if change < -heat[0] * (heat[1] / heat[0]) ** (number / rounds) * np.log(random(state) + 1e-300):
            total += change
        else:
            restore(net, wanted, plan, journal, desk)
    return total
