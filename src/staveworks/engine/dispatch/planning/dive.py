"""The slow dive: a linear programme over paths whose violations are settled a few at a time, the most decided first.

A solution of the programme fills the hours exactly, but has lots below the least and lines with too many lots. Each round settles a part
of these, to at least the least lot or to nothing, and solves again: the fewer in a round, the better the plan.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from staveworks.engine.dispatch.network import Table
from staveworks.engine.dispatch.planning.beside import Beside, Over
from staveworks.engine.dispatch.planning.certify import GENERATIONS as ALL
from staveworks.engine.dispatch.planning.certify import Bound, certify
from staveworks.engine.dispatch.planning.columns import Columns, Finder, Longs, together, unknown
from staveworks.engine.dispatch.planning.decide import NOTHING, Flags, everything, most_decided, state_of
from staveworks.engine.dispatch.planning.programme import Programme
from staveworks.engine.dispatch.planning.promise import Promise
from staveworks.engine.dispatch.prices.ascent import Prices
from staveworks.engine.dispatch.problem import Floats
from staveworks.engine.dispatch.watch import Watch

NOISY, NOISE = 20, (0.005, 0.03)
"""How often prices are taken a little off, and by how much at first and at last, in costs of an operation."""
GENERATIONS, EVERY = 3, 4
"""New columns come so often before anything is settled, then in every so many rounds: what fell finds other paths that cost little."""
WORTH = 1e-3
"""A new column has to save at least this part of its cost."""
LOTS = (1.0, 0.5, 0.25, 0.125)
"""Parts of its quantity for which a line that is short of lots looks for room."""
ROUNDS, LAST = 36, 10
"""Rounds; in the last of them all that is left is settled."""
APART = 4
"""Generations of prices until the bound is looked for beside the plan."""
CERTIFIED = 0.5
"""The part of a run's time after which columns are looked for no longer: what is left is the plan's."""
FORBIDDEN = 1e3
"""What an hour of a full cell costs, in costs."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Lots of lines: a column each, and its quantity."""

    columns: Columns
    quantity: Floats


def dive(
    finder: Finder,
    lines: Longs,
    prices: Table,
    known: Columns,
    promise: Promise,
    money: float,
    seed: int,
    watch: Watch,
    beside: Beside[Prices],
    bound: Bound | None = None,
) -> Found | None:
    """``lines`` are taken out of the plan; ``known`` are paths to begin with. ``None`` if the programme finds nothing.

    ``bound``: of all lines that there are; better prices are told to it, and looked for ``beside`` when the dive begins.
    """
    draw, net, wanted, plan = np.random.default_rng(seed), finder.net, finder.wanted, finder.plan
    owed = promise.owed(net, plan) if len(promise.hours) else promise.hours
    programme = Programme(
        net, wanted, lines, np.diff(wanted.slot_start)[lines], plan.left.copy(), promise, owed
    )
    prices = np.where(_full(programme), FORBIDDEN * money, prices)
    parts = [known, finder.at(lines, prices)]
    for scale in money * np.geomspace(*NOISE, NOISY):
        off = np.maximum(np.minimum(prices, 0.0), prices + scale * draw.standard_normal(prices.shape))
        parts.append(finder.at(lines, off))
    programme.add(_with_room(together(*parts), programme))
    programme.limit(watch.left())
    if not programme.interior(corner=bound is None):
        return None
    if bound is not None:
        first = range(1, APART + 1)
        if not certify(programme, finder, bound, partial(watch.over, CERTIFIED), first) or watch.over():
            return None
        whole, programme = programme, programme.twin()
        beside.begin(partial(_go_on, whole, finder.apart(), Bound(bound.prices, bound.most)), CERTIFIED)
        programme.close(np.flatnonzero(~_has_room(programme.known(), programme)))
        if not programme.solve():
            return None
    elif not all(_grow(programme, programme.lines, finder) for _ in range(GENERATIONS)):
        return None
    return _settle(programme, finder, watch)


def _go_on(programme: Programme, finder: Finder, bound: Bound, over: Over) -> Prices:
    """What the programme proves at its end, while its twin is settled."""
    certify(programme, finder, bound, over, range(APART + 1, ALL + 1))
    return bound.prices


def _full(programme: Programme) -> Flags:
    """Cells in which no lot of any line has room."""
    need = programme.wanted.least[programme.lines].min() * programme.net.option_hours.min(initial=np.inf)
    full: Flags = programme.left < max(need, 1e-9)
    return full


def _with_room(columns: Columns, programme: Programme) -> Columns:
    """Without paths on which not even a least lot fits."""
    return columns.only(_has_room(columns, programme))


def _has_room(columns: Columns, programme: Programme) -> Flags:
    fits = programme.largest(columns) >= programme.wanted.least[columns.line] * (1 - 1e-9)
    used = columns.option >= 0
    centre = programme.net.option_centre[np.where(used, columns.option, 0)]
    there = ((programme.cell_row[centre, columns.bucket] >= 0) | ~used).all(axis=1)
    room: Flags = fits & there
    return room


def _grow(programme: Programme, lines: Longs, finder: Finder) -> bool:
    """New columns of these lines, at the programme's own prices and for lots as large as lines with a limit need."""
    wanted, dear = programme.wanted, FORBIDDEN * np.abs(programme.known().cost).max(initial=1.0)
    prices = np.where(_full(programme), dear, programme.net_prices())
    parts = [finder.at(lines, prices)]
    short = lines[programme.lot_prices()[programme.row[lines]] > 0]
    for part in LOTS if len(short) else ():
        lots = np.maximum(wanted.least[short], wanted.quantity[short] * part)
        parts.append(finder.at(short, prices, lots))
    new = unknown(programme.known(), _with_room(together(*parts), programme))
    new = new.only(programme.worth(new) > WORTH * np.abs(new.cost))
    if len(new):
        programme.add(new)
    return programme.solve(grown=True)


def _settle(programme: Programme, finder: Finder, watch: Watch) -> Found | None:
    """Round by round, until no lot is too small and no line has too many. Lines that were closed get no new columns."""
    closed = np.zeros(len(programme.lines), bool)
    for number in range(ROUNDS):
        now = state_of(programme)
        if not (now.small | now.many).any():
            break
        last = number >= ROUNDS - LAST or watch.over(0.8)
        up, down = (everything if last else most_decided)(now)
        if not _tighten(programme, up, down, now.least):
            return None
        closed[now.row[now.many]] = True
        if number % EVERY == 0 and not last and not _grow(programme, programme.lines[~closed], finder):
            return None
    return _found(programme)


def _found(programme: Programme) -> Found:
    columns = programme.known()
    least, quantity = programme.wanted.least[columns.line], programme.quantities()
    kept = quantity > NOTHING
    quantity = np.where(quantity >= least * (1 - 1e-6), np.maximum(quantity, least), quantity)
    return Found(columns.only(kept), quantity[kept])


def _tighten(programme: Programme, up: Longs, down: Longs, least: Floats) -> bool:
    """What can't rise beside the others gets nothing."""
    programme.close(np.concatenate([down, programme.raise_to(up, least[up])]))
    return programme.solve()
