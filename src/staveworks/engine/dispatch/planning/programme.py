"""The linear programme over columns: quantities of paths within hours, the rest rejected. Re-solved warm as bounds tighten.

min Σ cost·x + Σ reject·r + Σ penalty·s     Σ x + r = quantity  (lines)     Σ hours·x ≤ left  (cells)
                                           Σ x / largest ≤ lots  (lines)    Σ hours·x + s ≥ owed  (firms that are promised hours)
"""

from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.network import Network, Table
from staveworks.engine.dispatch.plan import Wanted
from staveworks.engine.dispatch.planning.columns import Columns
from staveworks.engine.dispatch.planning.promise import Promise
from staveworks.engine.dispatch.prices.ascent import Prices
from staveworks.engine.dispatch.problem import Floats
from staveworks.engine.dispatch.quiet import Quiet

type Longs = NDArray[np.int64]
ENDLESS = highspy.kHighsInf
DUAL, PRIMAL = 1, 4
"""Methods of the simplex."""
ROUGH = 1e-6
"""How near to the optimum an interior point is whose prices alone are wanted."""


@dataclass(slots=True, eq=False)
class Programme:
    """``lines`` are rows 0 … n − 1, the limits of their lots rows n … 2n − 1, cells with hours after these, then firms.

    Columns are what is rejected of the lines, hours short of firms, then paths.
    """

    net: Network
    wanted: Wanted
    lines: Longs
    lots: Longs
    left: Table
    """Hours to plan with."""
    promise: Promise
    owed: Floats
    """By firm, as ``promise`` has them: hours that others' work leaves owing."""
    most: Floats = field(init=False)
    """(rows): what lines, lots and hours give."""
    solver: Quiet = field(default_factory=Quiet)
    row: NDArray[np.int64] = field(init=False)
    cell_row: Table = field(init=False)
    firm_row: int = field(init=False)
    columns: Columns | None = None
    pivots: int = 0
    """Steps of the simplex so far."""
    at_corner: bool = False
    """Whether the last solution is one of the simplex."""
    low: Floats = field(init=False)
    """(columns): the least quantity that is asked of each."""
    taken: Floats = field(init=False)
    """(rows): what these take of lines, lots and hours."""

    def __post_init__(self) -> None:
        count = len(self.lines)
        self.row = np.full(len(self.wanted.kind), -1)
        self.row[self.lines] = np.arange(count)
        cells = self.left > 0
        self.cell_row = np.full(cells.shape, -1)
        self.cell_row[cells] = 2 * count + np.arange(int(cells.sum()))
        for option, value in (
            ("threads", 1),
            ("presolve", "off"),
        ):
            self.solver.setOptionValue(option, value)
        firms = len(self.owed)
        self.firm_row = 2 * count + int(cells.sum())
        quantity, reject = self.wanted.quantity[self.lines], self.wanted.reject[self.lines]
        low = np.concatenate([quantity, np.full(count + int(cells.sum()), -ENDLESS), self.owed])
        high = np.concatenate([quantity, self.lots, self.left[cells], np.full(firms, ENDLESS)]).astype(float)
        self.low, self.taken, self.most = np.zeros(0), np.zeros(len(low)), high
        none = np.zeros(0, np.int32)
        self.solver.addRows(len(low), low, high, 0, np.zeros(len(low), np.int32), none, np.zeros(0))
        slack = count + firms
        start = np.arange(slack, dtype=np.int32)
        rows = np.where(start < count, start, start + self.firm_row - count).astype(np.int32)
        cost = np.append(reject, np.full(firms, self.promise.penalty))
        most = np.append(quantity, np.full(firms, ENDLESS))
        self.solver.addCols(slack, cost, np.zeros(slack), most, slack, start, rows, np.ones(slack))

    def add(self, columns: Columns) -> None:
        """After those that are there: none is checked against them."""
        count = len(columns)
        index, value = self._entries(columns)
        there = value.ravel() != 0
        start = np.concatenate([[0], np.cumsum((value != 0).sum(axis=1))])[:-1].astype(np.int32)
        nothing = np.zeros(count)
        self.solver.addCols(
            count, columns.cost, nothing, np.full(count, ENDLESS), int(there.sum()), start,
            index.ravel()[there], value.ravel()[there],
        )  # fmt: skip
        self.columns = columns if self.columns is None else _appended(self.columns, columns)
        self.low = np.concatenate([self.low, nothing])

    def _entries(self, columns: Columns) -> tuple[NDArray[np.int32], Floats]:
        """(columns, entries): rows and what a unit takes of them."""
        option = np.where(columns.option >= 0, columns.option, 0)
        largest, row = self.largest(columns), self.row[columns.line][:, None]
        centre = self.net.option_centre[option]
        index: list[NDArray[Any]] = [row, len(self.lines) + row, self.cell_row[centre, columns.bucket]]
        value = [np.ones((len(columns), 1)), 1 / largest[:, None], self._hours(columns, largest)]
        if len(self.owed):
            index.append(self.firm_row + self.promise.firm[centre])
            value.append(np.where(columns.option >= 0, self.net.option_hours[option], 0.0))
        return _merged(np.concatenate(index, axis=1).astype(np.int32), np.concatenate(value, axis=1))

    def largest(self, columns: Columns) -> Floats:
        """The largest lot that fits on each path."""
        used = columns.option >= 0
        option = np.where(used, columns.option, 0)
        hours, setup = self.net.option_hours[option], self.net.option_setup[option]
        room = (self.left[self.net.option_centre[option], columns.bucket] - setup) / np.maximum(hours, 1e-12)
        fits = np.where(used, room, np.inf).min(axis=1)
        quantity = self.wanted.quantity[columns.line]
        return np.maximum(np.minimum(fits, quantity), 1e-6 * np.maximum(quantity, 1e-6))

    def _usual(self, columns: Columns, largest: Floats) -> Floats:
        """The lot over which set-ups are spread."""
        half = self.wanted.quantity[columns.line] / 2
        return np.maximum(np.minimum(half, largest), self.wanted.least[columns.line])

    def limit(self, seconds: float) -> None:
        self.solver.setOptionValue("time_limit", min(seconds, 1e9))

    def solve(self, *, grown: bool = False) -> bool:
        """``grown``: only columns have come, so the last solution is still one: the primal method goes on from it."""
        self.solver.setOptionValue("simplex_strategy", PRIMAL if grown else DUAL)
        self.solver.run()
        self.pivots += int(self.solver.getInfo().simplex_iteration_count)
        self.at_corner = True
        return bool(self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def interior(self, *, corner: bool) -> bool:
        """A solution without one to begin from: an interior point; then a corner, where the simplex is to go on.

        Its prices lie amid all that are as good, and the columns found at them are the better ones.
        """
        self.solver.clearSolver()
        for option, value in (
            ("solver", "ipm"),
            ("run_crossover", "on" if corner else "off"),
            ("ipm_optimality_tolerance", 1e-8 if corner else ROUGH),
        ):
            self.solver.setOptionValue(option, value)
        done = self.solve()
        self.at_corner = corner
        self.solver.setOptionValue("solver", "simplex")
        return done

    def twin(self, far: float) -> tuple["Programme", Columns]:
        """The same programme at the same corner, before anything is asked of columns, and the columns that it does without: a unit on
        them would cost ``far`` of their cost more than it saves."""
        columns, basis = self.known(), self.solver.getBasis()
        status = basis.col_status
        basic = [each == highspy.HighsBasisStatus.kBasic for each in status[self.slack :]]
        kept = np.flatnonzero(np.array(basic, bool) | (self.worth(columns) > -far * np.abs(columns.cost)))
        twin = Programme(self.net, self.wanted, self.lines, self.lots, self.left, self.promise, self.owed)
        twin.add(columns.only(kept))
        basis.col_status = [*status[: self.slack], *(status[self.slack + place] for place in kept)]
        twin.solver.setBasis(basis)
        left = np.ones(len(columns), bool)
        left[kept] = False
        return twin, columns.only(left)

    def value(self) -> float:
        """What the last solution costs."""
        return float(self.solver.getInfo().objective_function_value)

    def quantities(self) -> Floats:
        """Of the columns."""
        return np.asarray(self.solver.getSolution().col_value)[self.slack :]

    @property
    def slack(self) -> int:
        """Columns before those of paths."""
        return len(self.lines) + len(self.owed)

    def firm_prices(self) -> Floats:
        """(firms): the dual values of what is owed to them."""
        return np.asarray(self.solver.getSolution().row_dual)[self.firm_row :]

    def net_prices(self) -> Table:
        """What an hour costs a line: its price, less what the promise gives."""
        prices = self.hour_prices()
        return prices - self.firm_prices()[self.promise.firm][:, None] if len(self.owed) else prices

    def hour_prices(self) -> Table:
        """The dual values of the cells."""
        dual = np.asarray(self.solver.getSolution().row_dual)
        prices = np.zeros(self.left.shape)
        cells = self.cell_row >= 0
        prices[cells] = np.maximum(0.0, -dual[2 * len(self.lines) : self.firm_row])
        return prices

    def prices(self, count: int) -> Prices:
        """The dual values of the programme; lots have them by line, of ``count`` lines."""
        lots = np.zeros(count)
        lots[self.lines] = self.lot_prices()
        return Prices(self.hour_prices(), np.clip(self.firm_prices(), 0.0, self.promise.penalty), lots=lots)

    def known(self) -> Columns:
        assert self.columns is not None
        return self.columns

    def lot_prices(self) -> Floats:
        """(lines): what another lot would save."""
        dual = np.asarray(self.solver.getSolution().row_dual)
        return np.maximum(0.0, -dual[len(self.lines) : 2 * len(self.lines)])

    def worth(self, columns: Columns) -> Floats:
        """By how much a unit on each path would lower the cost at the dual values; for columns that aren't there yet."""
        dual = np.asarray(self.solver.getSolution().row_dual)
        row, used = self.row[columns.line], columns.option >= 0
        option = np.where(used, columns.option, 0)
        largest = self.largest(columns)
        hours = self._hours(columns, largest)
        price = self.hour_prices()[self.net.option_centre[option], columns.bucket]
        earned = dual[row] + dual[len(self.lines) + row] / largest
        if len(self.owed):
            given = self.firm_prices()[self.promise.firm[self.net.option_centre[option]]]
            earned += np.where(used, self.net.option_hours[option] * given, 0.0).sum(axis=1)
        worth: Floats = earned - columns.cost - (hours * price).sum(axis=1)
        return worth

    def _hours(self, columns: Columns, largest: Floats) -> Table:
        """(columns, steps): per unit, setting-up spread over a usual lot; 0 after the last step."""
        used = columns.option >= 0
        option = np.where(used, columns.option, 0)
        setup = self.net.option_setup[option] / self._usual(columns, largest)[:, None]
        return np.where(used, self.net.option_hours[option] + setup, 0.0)

    def close(self, columns: Longs) -> None:
        """These get nothing."""
        places = (columns + self.slack).astype(np.int32)
        nothing = np.zeros(len(places))
        self.solver.changeColsBounds(len(places), places, nothing, nothing)

    def raise_to(self, columns: Longs, least: Floats) -> Longs:
        """Ask that much of these, in turn, as far as all can be had together; those that aren't asked for it are returned.

        Nothing else has to be made, so what fits into lines, lots and hours beside what was asked before is possible.
        """
        assert self.columns is not None
        index, value = self._entries(self.columns.only(columns))
        asked = np.zeros(len(columns), bool)
        for place in range(len(columns)):
            rows, more = index[place], value[place] * (least[place] - self.low[columns[place]])
            if (self.taken[rows] + more <= self.most[rows] * (1 + 1e-9)).all():
                self.taken[rows] += more
                asked[place] = True
        chosen = columns[asked]
        self.low[chosen] = least[asked]
        places = (chosen + self.slack).astype(np.int32)
        self.solver.changeColsBounds(len(places), places, least[asked], np.full(len(places), ENDLESS))
        return columns[~asked]


def _merged(index: NDArray[np.int32], value: Floats) -> tuple[NDArray[np.int32], Floats]:
    """A cell that a path uses twice is one entry."""
    for step in range(3, index.shape[1]):
        for other in range(2, step):
            twice = (index[:, step] == index[:, other]) & (value[:, step] != 0)
            value[twice, other] += value[twice, step]
            value[twice, step] = 0.0
    return index, value


def _appended(first: Columns, more: Columns) -> Columns:
    return Columns(
        np.concatenate([first.line, more.line]),
        np.concatenate([first.option, more.option]),
        np.concatenate([first.bucket, more.bucket]),
        np.concatenate([first.cost, more.cost]),
    )
