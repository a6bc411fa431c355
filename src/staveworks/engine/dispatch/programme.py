"""The linear programme over columns: quantities of paths within hours, the rest rejected. Re-solved warm as bounds tighten.

min Σ cost·x + Σ reject·r     Σ x + r = quantity  (lines)     Σ hours·x ≤ left  (cells)     Σ x / largest ≤ lots  (lines)
"""

from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.columns import Columns
from staveworks.engine.dispatch.network import Network, Table
from staveworks.engine.dispatch.plan import Wanted
from staveworks.engine.dispatch.problem import Floats
from staveworks.engine.dispatch.quiet import Quiet

type Longs = NDArray[np.int64]
ENDLESS = highspy.kHighsInf


@dataclass(slots=True, eq=False)
class Programme:
    """``lines`` are rows 0 … n − 1, the limits of their lots rows n … 2n − 1, cells with hours after these."""

    net: Network
    wanted: Wanted
    lines: Longs
    lots: Longs
    left: Table
    """Hours to plan with."""
    solver: Quiet = field(default_factory=Quiet)
    row: NDArray[np.int64] = field(init=False)
    cell_row: Table = field(init=False)
    columns: Columns | None = None

    def __post_init__(self) -> None:
        count = len(self.lines)
        self.row = np.full(len(self.wanted.kind), -1)
        self.row[self.lines] = np.arange(count)
        cells = self.left > 0
        self.cell_row = np.full(cells.shape, -1)
        self.cell_row[cells] = 2 * count + np.arange(int(cells.sum()))
        for option, value in (
            ("threads", 1),
            ("simplex_strategy", 1),
            ("presolve", "off"),
        ):
            self.solver.setOptionValue(option, value)
        quantity, reject = self.wanted.quantity[self.lines], self.wanted.reject[self.lines]
        low = np.concatenate([quantity, np.full(count + int(cells.sum()), -ENDLESS)])
        high = np.concatenate([quantity, self.lots, self.left[cells]]).astype(float)
        none = np.zeros(0, np.int32)
        self.solver.addRows(len(low), low, high, 0, np.zeros(len(low), np.int32), none, np.zeros(0))
        start = np.arange(count, dtype=np.int32)
        self.solver.addCols(count, reject, np.zeros(count), quantity, count, start, start, np.ones(count))

    def add(self, columns: Columns) -> None:
        """After those that are there: none is checked against them."""
        count = len(columns)
        used = columns.option >= 0
        option = np.where(used, columns.option, 0)
        centre = self.net.option_centre[option]
        largest = self.largest(columns)
        hours = (
            self.net.option_hours[option]
            + self.net.option_setup[option] / self._usual(columns, largest)[:, None]
        )
        cell = self.cell_row[centre, columns.bucket]
        row = self.row[columns.line]
        index = np.concatenate([row[:, None], len(self.lines) + row[:, None], cell], axis=1).astype(np.int32)
        value = np.concatenate(
            [np.ones((count, 1)), 1 / largest[:, None], np.where(used, hours, 0.0)], axis=1
        )
        index, value = _merged(index, value)
        there = value.ravel() != 0
        start = np.concatenate([[0], np.cumsum((value != 0).sum(axis=1))])[:-1].astype(np.int32)
        nothing = np.zeros(count)
        self.solver.addCols(
            count, columns.cost, nothing, np.full(count, ENDLESS), int(there.sum()), start,
            index.ravel()[there], value.ravel()[there],
        )  # fmt: skip
        self.columns = columns if self.columns is None else _appended(self.columns, columns)

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

    def solve(self) -> bool:
        self.solver.run()
        return bool(self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def quantities(self) -> Floats:
        """Of the columns."""
        return np.asarray(self.solver.getSolution().col_value)[len(self.lines) :]

    def hour_prices(self) -> Table:
        """The dual values of the cells."""
        dual = np.asarray(self.solver.getSolution().row_dual)
        prices = np.zeros(self.left.shape)
        cells = self.cell_row >= 0
        prices[cells] = np.maximum(0.0, -dual[2 * len(self.lines) :])
        return prices

    def bound(self, columns: Longs, low: Floats, high: Floats) -> None:
        """New limits of some columns."""
        places = (columns + len(self.lines)).astype(np.int32)
        self.solver.changeColsBounds(len(places), places, low, high)


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
