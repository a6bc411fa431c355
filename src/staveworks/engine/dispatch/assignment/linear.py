"""The linear relaxation: jobs in parts. Its dual values are the prices of hours, and where the multipliers of jobs start."""

from typing import NamedTuple

import highspy
import numpy as np

from staveworks.engine.dispatch.assignment.matrix import Assignment
from staveworks.engine.dispatch.problem import Floats
from staveworks.engine.dispatch.quiet import Quiet


class Linear(NamedTuple):
    cost: float
    hour: Floats
    """By place."""
    job: Floats


def relax_linearly(of: Assignment) -> Linear:
    """Rows: hours of the places but the last, then jobs; a column a pair."""
    places, pairs = of.places - 1, len(of.job)
    real = of.place < places
    entries = np.where(real, 2, 1)
    start = np.concatenate([[0], np.cumsum(entries)])
    row, value = np.empty(start[-1], np.int32), np.ones(start[-1])
    row[start[:-1][real]], value[start[:-1][real]] = of.place[real], of.hours[real]
    row[start[1:] - 1] = places + of.job
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = pairs, places + of.jobs
    model.col_cost_, model.col_lower_, model.col_upper_ = of.cost, np.zeros(pairs), np.full(pairs, np.inf)
    model.row_lower_ = np.concatenate([np.full(places, -np.inf), np.ones(of.jobs)])
    model.row_upper_ = np.concatenate([of.free[:places], np.ones(of.jobs)])
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = start, row, value
    solver = Quiet()
    solver.setOptionValue("threads", 1)
    solver.passModel(model)
    solver.run()
    dual = np.array(solver.getSolution().row_dual)
    return Linear(solver.getObjectiveValue(), np.maximum(0.0, -dual[:places]), dual[places:])
