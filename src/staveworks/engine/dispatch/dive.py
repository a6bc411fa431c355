"""The slow dive: a linear programme over paths whose violations are settled a few at a time, the most decided first.

A solution of the programme fills the hours exactly, but has lots below the least and lines with too many lots. Each round settles a part
of these, to at least the least lot or to nothing, and solves again: the fewer in a round, the better the plan.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.columns import Columns, Longs, found_at, together
from staveworks.engine.dispatch.network import Network, Table
from staveworks.engine.dispatch.paths import Desk
from staveworks.engine.dispatch.plan import Plan, Wanted
from staveworks.engine.dispatch.problem import Floats
from staveworks.engine.dispatch.programme import ENDLESS, Programme
from staveworks.engine.dispatch.watch import Watch

NOISY, NOISE = 20, (0.005, 0.03)
"""How often prices are taken a little off, and by how much at first and at last, in costs of an operation."""
GENERATIONS = 1
ROUNDS = 120
UP, DOWN, CLOSE = 0.3, 0.1, 0.15
"""Of the lots below the least that part is settled in a round; of lines with too many lots that part is closed."""
RISE = 0.35
"""What has this part of the least lot is nearly there."""
NOTHING = 1e-7

type Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Lots of lines: a column each, and its quantity."""

    columns: Columns
    quantity: Floats


def dive(
    net: Network,
    wanted: Wanted,
    plan: Plan,
    lines: Longs,
    prices: Table,
    known: Columns,
    money: float,
    desk: Desk,
    seed: int,
    watch: Watch,
) -> Found | None:
    """``lines`` are taken out of ``plan``; ``known`` are paths to begin with. ``None`` if the programme finds nothing."""
    draw = np.random.default_rng(seed)
    programme = Programme(net, wanted, lines, np.diff(wanted.slot_start)[lines], plan.left)
    parts = [known, found_at(net, wanted, plan, lines, prices, desk)]
    for scale in money * np.geomspace(*NOISE, NOISY):
        off = np.maximum(0.0, prices + scale * draw.standard_normal(prices.shape))
        parts.append(found_at(net, wanted, plan, lines, off, desk))
    programme.add(_with_room(together(*parts), programme))
    programme.limit(watch.left())
    return _settle(programme, watch) if _generate(programme, plan, desk) else None


def _with_room(columns: Columns, programme: Programme) -> Columns:
    """Without paths on which not even a least lot fits."""
    fits = programme.largest(columns) >= programme.wanted.least[columns.line] * (1 - 1e-9)
    used = columns.option >= 0
    centre = programme.net.option_centre[np.where(used, columns.option, 0)]
    there = ((programme.cell_row[centre, columns.bucket] >= 0) | ~used).all(axis=1)
    return columns.only(fits & there)


def _generate(programme: Programme, plan: Plan, desk: Desk) -> bool:
    """Columns at the programme's own prices, as long as there are new ones."""
    for _ in range(GENERATIONS):
        if not programme.solve() or programme.columns is None:
            return False
        known = programme.columns
        new = found_at(programme.net, programme.wanted, plan, programme.lines, programme.hour_prices(), desk)
        both = together(known, _with_room(new, programme))
        if len(both) == len(known):
            break
        programme.add(both.only(np.arange(len(known), len(both))))
    return programme.solve()


def _settle(programme: Programme, watch: Watch) -> Found | None:
    columns = programme.columns
    assert columns is not None
    least = programme.wanted.least[columns.line]
    for part in np.append(np.full(ROUNDS, 1.0), 0.0):
        quantity = programme.quantities()
        small = (quantity > NOTHING) & (quantity < least * (1 - 1e-7))
        many = _too_many(programme, columns, quantity)
        if not (small | many).any():
            break
        if part and watch.over(0.8):
            continue
        up, down = (
            _decided(columns, quantity, least, small, many) if part else _all(quantity, least, small, many)
        )
        if not _tighten(programme, up, down, least):
            return None
    quantity = programme.quantities()
    kept = quantity > NOTHING
    quantity = np.where(quantity >= least * (1 - 1e-6), np.maximum(quantity, least), quantity)
    return Found(columns.only(kept), quantity[kept])


def _decided(
    columns: Columns, quantity: Floats, least: Floats, small: Flags, many: Flags
) -> tuple[Longs, Longs]:
    """Columns that get at least the least lot, nearly there already; and such that get nothing.

    Most of what is settled rises: it is settled for good, while what gets nothing mostly comes back on another path. A line that has
    all the lots that it may have is closed to other paths.
    """
    rise = np.flatnonzero(small & ~many & (quantity >= RISE * least))
    rise = rise[np.argsort(-quantity[rise] / least[rise], kind="stable")[: int(np.ceil(UP * len(rise)))]]
    fall = np.flatnonzero(small & (quantity < RISE * least))
    fall = fall[np.argsort(quantity[fall] / least[fall], kind="stable")[: int(np.ceil(DOWN * len(fall)))]]
    over = np.flatnonzero(many)
    over = over[np.argsort(quantity[over], kind="stable")[: int(np.ceil(CLOSE * len(over)))]]
    shut = np.isin(columns.line, columns.line[over]) & ((quantity <= NOTHING) | many)
    return rise, np.union1d(fall, np.flatnonzero(shut))


def _all(quantity: Floats, least: Floats, small: Flags, many: Flags) -> tuple[Longs, Longs]:
    """The last round: nothing but what is used, and of that all is settled."""
    rise = small & ~many & (quantity >= 0.5 * least)
    return np.flatnonzero(rise), np.flatnonzero((quantity <= NOTHING) | ((small | many) & ~rise))


def _too_many(programme: Programme, columns: Columns, quantity: Floats) -> Flags:
    """The smallest lots of lines with more lots than they may have."""
    there = np.flatnonzero(quantity > NOTHING)
    there = there[np.lexsort((-quantity[there], columns.line[there]))]
    row = programme.row[columns.line[there]]
    rank = np.arange(len(there)) - np.searchsorted(row, row)
    many = np.zeros(len(quantity), bool)
    many[there[rank >= programme.lots[row]]] = True
    return many


def _tighten(programme: Programme, up: Longs, down: Longs, least: Floats) -> bool:
    """If not all can rise at once, they get nothing."""
    programme.bound(down, np.zeros(len(down)), np.zeros(len(down)))
    programme.bound(up, least[up], np.full(len(up), ENDLESS))
    if programme.solve():
        return True
    programme.bound(up, np.zeros(len(up)), np.zeros(len(up)))
    return programme.solve()
