"""The slow dive: a linear programme over paths whose violations are settled a few at a time, the most decided first.

A solution of the programme fills the hours exactly, but has lots below the least and lines with too many lots. Each round settles a part
of these, to at least the least lot or to nothing, and solves again: the fewer in a round, the better the plan.
"""

from collections.abc import Iterator
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

NOISY, NOISE = 12, (0.005, 0.03)
"""How often prices are taken a little off, and by how much at first and at last, in costs of an operation."""
GENERATIONS, EVERY, AGAIN = 3, 4, 1
"""New columns come so often before anything is settled, then in every so many rounds: what fell finds other paths that cost little; and in so
many of the last rounds, which leave lines few."""
WORTH = 1e-3
"""A new column has to save at least this part of its cost."""
LOTS = (1.0, 0.5, 0.25, 0.125)
"""Parts of its quantity for which a line that is short of lots looks for room."""
ROUNDS, LAST, PIVOTS = 36, 7, 14_000
"""Rounds; in the last of them all that is left is settled, and these come sooner where so many steps of the simplex were taken."""
FLAT, FASTEST = 3e-5, 4.0
"""A round that makes the plan dearer by less than this part of it lets the next settle twice as much, up to so many times the usual."""
FAR = 0.005
"""The dive begins without columns on which a unit costs this part of its cost more than it saves; they are asked again with new ones."""
APART, NEAR, FARTHER = 4, 0.01, 2
"""At most so many generations of prices come before the dive, fewer where the programme costs less than this part more than is proven:
what is settled far from its end is settled badly. The others follow beside the plan, the first of them interior points."""
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
    if not programme.interior(corner=False):
        return None
    spare = programme.known().only(np.zeros(0, np.int64))
    if bound is not None:
        over, first = partial(watch.over, CERTIFIED), _until_near(programme, bound)
        if not certify(programme, finder, bound, over, first, interior=1) or watch.over():
            return None
        whole, (programme, spare) = programme, programme.twin(FAR)
        beside.begin(partial(_go_on, whole, finder.apart(), Bound(bound.prices, bound.most)), CERTIFIED)
        programme.close(np.flatnonzero(~_has_room(programme.known(), programme)))
        if not programme.solve():
            return None
    elif not all(
        _grow(programme, programme.lines, finder, spare, corner=number == GENERATIONS)
        for number in range(1, GENERATIONS + 1)
    ):
        return None
    return _settle(programme, finder, watch, spare)


def _until_near(programme: Programme, bound: Bound) -> Iterator[int]:
    for generation in range(1, APART + 1):
        yield generation
        if programme.value() <= (1 + NEAR) * bound.prices.bound:
            return


def _go_on(programme: Programme, finder: Finder, bound: Bound, over: Over) -> Prices:
    """What the programme proves at its end, while its twin is settled."""
    certify(programme, finder, bound, over, range(1, ALL), FARTHER)
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


def _grow(
    programme: Programme, lines: Longs, finder: Finder, spare: Columns, corner: bool | None = None
) -> bool:
    """New columns of these lines, at the programme's own prices and for lots as large as lines with a limit need. ``corner``: whether the
    interior point that comes next is to end at one; without it the simplex goes on from where it is."""
    wanted, dear = programme.wanted, FORBIDDEN * np.abs(programme.known().cost).max(initial=1.0)
    prices = np.where(_full(programme), dear, programme.net_prices())
    parts = [finder.at(lines, prices), spare.only(np.isin(spare.line, lines))]
    short = lines[programme.lot_prices()[programme.row[lines]] > 0]
    for part in LOTS if len(short) else ():
        lots = np.maximum(wanted.least[short], wanted.quantity[short] * part)
        parts.append(finder.at(short, prices, lots))
    new = unknown(programme.known(), _with_room(together(*parts), programme))
    new = new.only(programme.worth(new) > WORTH * np.abs(new.cost))
    if len(new):
        programme.add(new)
    return programme.solve(grown=True) if corner is None else programme.interior(corner=corner)


def _settle(programme: Programme, finder: Finder, watch: Watch, spare: Columns) -> Found | None:
    """Round by round, until no lot is too small and no line has too many. Lines that were closed get no new columns."""
    closed = np.zeros(len(programme.lines), bool)
    pace, begun, first = 1.0, programme.pivots, ROUNDS
    for number in range(ROUNDS):
        now, before = state_of(programme), programme.value()
        if not (now.small | now.many).any():
            break
        late = watch.over(0.8)
        if number >= ROUNDS - LAST or programme.pivots - begun > PIVOTS or late:
            first = min(first, number)
        last = number >= first
        up, down = everything(now) if last else most_decided(now, pace)
        if not _tighten(programme, up, down, now.least):
            return None
        closed[now.row[now.many]] = True
        pace = min(2 * pace, FASTEST) if programme.value() - before < FLAT * abs(before) else 1.0
        grows = number - first < AGAIN and not late if last else number % EVERY == 0
        if grows and not _grow(programme, programme.lines[~closed], finder, spare):
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
