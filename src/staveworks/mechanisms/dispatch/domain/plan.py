"""A plan with what follows from it for every lot: hours, where and when it is made, when it arrives. All pages' figures come from here."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from staveworks.engine.dispatch import Problem, Result
from staveworks.engine.dispatch.problem import TOLERANCE, Floats, Ints

WEEK_HOURS = 168.0
"""Of one machine: nobody is told of hours that a week doesn't have, or gets them."""


@dataclass(frozen=True, eq=False)
class Plan:
    """Columns beside ``result.allocations``, one entry for each of its rows."""

    problem: Problem
    result: Result

    @cached_property
    def capability(self) -> Ints:
        """The row of ``problem.capabilities`` by which it is made."""
        return capability_of(
            self.problem,
            self.result.allocations.work_centre,
            self.problem.lines.family[self.result.allocations.line],
        )

    @cached_property
    def hours(self) -> Floats:
        able = self.problem.capabilities
        made = self.result.allocations.quantity * able.hours[self.capability]
        return np.asarray(made + able.setup_hours[self.capability], np.float64)

    @cached_property
    def pay(self) -> Floats:
        """The firm's own price for it."""
        return np.asarray(
            self.result.allocations.quantity * self.problem.capabilities.cost[self.capability], np.float64
        )

    @cached_property
    def operation(self) -> Ints:
        return self.problem.work_centres.operation[self.result.allocations.work_centre]

    @cached_property
    def city(self) -> Ints:
        return self.problem.work_centres.city[self.result.allocations.work_centre]

    @cached_property
    def firm(self) -> Ints:
        return self.problem.work_centres.firm[self.result.allocations.work_centre]

    @cached_property
    def last(self) -> Ints:
        """The rows that are the last step of their lot."""
        made = self.result.allocations
        if not len(made):
            return np.zeros(0, np.int32)
        ends = (made.line[1:] != made.line[:-1]) | (made.lot[1:] != made.lot[:-1])
        return np.flatnonzero(np.append(ends, True)).astype(np.int32)

    @cached_property
    def lateness(self) -> Ints:
        """Buckets after due, of the lot that a row belongs to."""
        made, lines = self.result.allocations, self.problem.lines
        late = np.zeros(len(made), np.int32)
        if not len(made):
            return late
        line = made.line[self.last]
        lag = self.problem.transport.lag[self.city[self.last], lines.city[line]]
        lot_late = np.maximum(0, made.bucket[self.last] + lag - lines.due[line])
        lots = np.searchsorted(self.last, np.arange(len(made)))
        return np.asarray(lot_late[lots], np.int32)

    @cached_property
    def line_lateness(self) -> Ints:
        """The latest lot of each line."""
        latest = np.zeros(len(self.problem.lines), np.int32)
        np.maximum.at(latest, self.result.allocations.line, self.lateness)
        return latest

    @cached_property
    def is_late(self) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        return np.asarray(self.result.lines.late > TOLERANCE)

    @cached_property
    def is_rejected(self) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """In part or whole; rounding isn't a rejection."""
        return np.asarray(self.result.lines.rejected > TOLERANCE * np.maximum(1, self.problem.lines.quantity))

    @cached_property
    def used(self) -> Floats:
        """Hours by (work centre, bucket)."""
        found = np.zeros_like(self.problem.work_centres.hours)
        made = self.result.allocations
        np.add.at(found, (made.work_centre, made.bucket), self.hours)
        return found


def capability_of(problem: Problem, work_centre: Ints, family: Ints) -> Ints:
    """The row of the capabilities for each pair; −1 where the work centre doesn't make the family."""
    able, families = problem.capabilities, len(problem.families.ids)
    keys = able.work_centre.astype(np.int64) * families + able.family
    order = np.argsort(keys, kind="stable")
    wanted = work_centre.astype(np.int64) * families + family
    if not len(keys):
        return np.full(len(wanted), -1, np.int32)
    at = np.minimum(np.searchsorted(keys, wanted, sorter=order), len(keys) - 1)
    found = order[at]
    return np.where(keys[found] == wanted, found, -1).astype(np.int32)
