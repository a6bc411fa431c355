"""A mixed integer programme, built row by row and solved by HiGHS; everything here is maximised or minimised, nothing is chosen."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

INFINITE = highspy.kHighsInf
PRECISE = 1e-9
"""Feasibility and integrality: a hundredfold below what counts as a tie."""
SEED = 20260101

Terms = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Answer:
    """``values`` is None where nothing feasible was found; ``proved`` where the search ended by itself.

    ``bound``: no solution can be better than this (+∞ or −∞ where nothing is known).
    """

    values: Sequence[float] | None
    bound: float
    proved: bool

    @property
    def impossible(self) -> bool:
        return self.proved and self.values is None


@dataclass
class Milp:
    """Columns are added first; rows refer to them by number."""

    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[float, float, dict[int, float]]] = field(default_factory=list)

    def add(self, low: float, high: float, *, whole: bool = False) -> int:
        self.low.append(low)
        self.high.append(high)
        self.whole.append(whole)
        return len(self.low) - 1

    def add_binary(self) -> int:
        return self.add(0.0, 1.0, whole=True)

    def at_least(self, terms: Terms, amount: float) -> None:
        self.rows.append((amount, INFINITE, dict(terms)))

    def at_most(self, terms: Terms, amount: float) -> None:
        self.rows.append((-INFINITE, amount, dict(terms)))

    def solve(self, objective: Terms, *, maximise: bool, seconds: float, gap: float = 0.0) -> Answer:
        """The best value of ``objective``, exact but for ``gap`` (absolute), within ``seconds``."""
        if seconds <= 0:
            return Answer(None, math.inf if maximise else -math.inf, proved=False)
        if not self.low:  # HiGHS calls that empty, and says nothing of the rows
            holds = all(low <= 0 <= high for low, high, _ in self.rows)
            return Answer([] if holds else None, 0.0, proved=True)
        solver = _solver(seconds, gap)
        solver.passModel(self._model(objective, maximise=maximise))
        solver.run()
        return _answer(solver, maximise=maximise)

    def _model(self, objective: Terms, *, maximise: bool) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.low), len(self.rows)
        lp.sense_ = highspy.ObjSense.kMaximize if maximise else highspy.ObjSense.kMinimize
        lp.col_cost_ = np.array([objective.get(column, 0.0) for column in range(len(self.low))])
        lp.col_lower_, lp.col_upper_ = np.array(self.low), np.array(self.high)
        lp.row_lower_ = np.array([low for low, _, _ in self.rows])
        lp.row_upper_ = np.array([high for _, high, _ in self.rows])
        matrix = lp.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_ = np.cumsum([0, *(len(terms) for _, _, terms in self.rows)])
        matrix.index_ = np.array([column for _, _, terms in self.rows for column in terms])
        matrix.value_ = np.array([value for _, _, terms in self.rows for value in terms.values()])
        lp.integrality_ = [
            highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
            for whole in self.whole
        ]
        return lp


class _Silent(highspy.Highs):
    """Prints no header: its constructor prints one unless output is off before the callbacks are enabled."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def enableCallbacks(self) -> None:
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _solver(seconds: float, gap: float) -> highspy.Highs:
    solver = _Silent()
    options = {
        "random_seed": SEED,
        "threads": 1,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": gap,
        "mip_feasibility_tolerance": PRECISE,
        "primal_feasibility_tolerance": PRECISE,
        "time_limit": seconds,
    }
    for name, value in options.items():
        solver.setOptionValue(name, value)
    return solver


def _answer(solver: highspy.Highs, *, maximise: bool) -> Answer:
    status = solver.getModelStatus()
    info = solver.getInfo()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return Answer(None, -math.inf if maximise else math.inf, proved=True)
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = list(solver.getSolution().col_value) if found else None
    return Answer(values, info.mip_dual_bound, proved=status == highspy.HighsModelStatus.kOptimal)
