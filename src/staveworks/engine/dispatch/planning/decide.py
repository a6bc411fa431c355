"""What a round of the dive settles: lots below the least that rise or get nothing, and lines that lose lots which they may not have."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.planning.columns import Longs
from staveworks.engine.dispatch.planning.programme import Programme
from staveworks.engine.dispatch.problem import Floats

UP, DOWN, CLOSE = 0.25, 0.15, 0.1
"""Of the lots below the least that part is settled in a round; of the lots that lines with room to spare may not have that part is closed."""
THIN = 0.2
"""Of the lots that a line without room to spare may not have that part is closed in a round: it would lose its quantity if all were at once."""
SPARE = 2.0
"""Room to spare: the lots that a line may keep hold so many times what it makes."""
RISE = 0.35
"""What has this part of the least lot is nearly there."""
NOTHING = 1e-7

type Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """A solution of the programme, by column: its line's row, what it has, the least and the largest lot, what is against the rules."""

    row: Longs
    quantity: Floats
    least: Floats
    largest: Floats
    small: Flags
    """Below the least lot."""
    many: Flags
    """The smallest lots of lines with more lots than they may have."""

    @property
    def used(self) -> Flags:
        return self.quantity > NOTHING


def state_of(programme: Programme) -> State:
    columns, quantity = programme.known(), programme.quantities()
    row, least = programme.row[columns.line], programme.wanted.least[columns.line]
    small = (quantity > NOTHING) & (quantity < least * (1 - 1e-7))
    many = _too_many(row, quantity, programme.lots)
    return State(row, quantity, least, programme.largest(columns), small, many)


def _too_many(row: Longs, quantity: Floats, lots: Longs) -> Flags:
    there = np.flatnonzero(quantity > NOTHING)
    there = there[np.lexsort((-quantity[there], row[there]))]
    rank = np.arange(len(there)) - np.searchsorted(row[there], row[there])
    many = np.zeros(len(quantity), bool)
    many[there[rank >= lots[row[there]]]] = True
    return many


def most_decided(now: State, pace: float = 1.0) -> tuple[Longs, Longs]:
    """Columns that get at least the least lot, nearly there already; and such that get nothing.

    Most of what is settled rises: it is settled for good, while what gets nothing mostly comes back on another path. A line that has
    all the lots that it may have is closed to other paths.
    """
    ratio = now.quantity / now.least
    rise = np.flatnonzero(now.small & ~now.many & (ratio >= RISE))
    rise = rise[np.argsort(-ratio[rise], kind="stable")[: _part_of(UP * pace, rise)]]
    fall = np.flatnonzero(now.small & (ratio < RISE))
    fall = fall[np.argsort(ratio[fall], kind="stable")[: _part_of(DOWN * pace, fall)]]
    return rise, np.union1d(fall, np.flatnonzero(_closed(now, pace)))


def _closed(now: State, pace: float) -> Flags:
    """Of lines with too many lots. With room to spare a line is settled at once, those first whose lots are the smallest; others lose
    a few lots a round, so that the rest grow or move in time."""
    count = int(now.row.max()) + 1
    kept = now.used & ~now.many
    holds = np.bincount(now.row, np.where(kept, now.largest, 0.0), count)
    spare = holds >= SPARE * np.bincount(now.row, now.quantity, count)
    over = np.flatnonzero(now.many & spare[now.row])
    over = over[np.argsort(now.quantity[over], kind="stable")[: _part_of(CLOSE * pace, over)]]
    at_once = np.isin(now.row, now.row[over]) & (~now.used | now.many)
    surplus = np.bincount(now.row[now.many], minlength=count)
    tight = (surplus > 0) & ~spare
    return at_once | (tight[now.row] & ~now.used) | _smallest(now, tight, np.ceil(THIN * surplus))


def _smallest(now: State, lines: Flags, count: Floats) -> Flags:
    """So many of the lots that these lines may not have."""
    lots = np.flatnonzero(now.many & lines[now.row])
    row = now.row[lots]
    lots = lots[np.lexsort((now.quantity[lots], row))]
    row = now.row[lots]
    chosen = np.zeros(len(now.row), bool)
    chosen[lots[np.arange(len(lots)) - np.searchsorted(row, row) < count[row]]] = True
    return chosen


def _part_of(share: float, some: Longs) -> int:
    return int(np.ceil(share * len(some)))


def everything(now: State) -> tuple[Longs, Longs]:
    """The last rounds: nothing but what is used, and of that all is settled."""
    rise = now.small & ~now.many & (now.quantity >= 0.5 * now.least)
    return np.flatnonzero(rise), np.flatnonzero(~now.used | ((now.small | now.many) & ~rise))
