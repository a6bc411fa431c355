"""What commitments must hold against the rest of the problem: quantities, hours, routes, sequence. Looked at when all else is right."""

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.check.committed import Committed, find_capabilities, settle, work_hours
from staveworks.engine.dispatch.problem import TOLERANCE, Floats, Problem
from staveworks.engine.dispatch.reading.faults import Faults
from staveworks.engine.dispatch.reading.words import (
    NOT_MADE_THERE,
    OTHER_OPERATION,
    OTHER_QUANTITY,
    OVERFULL,
    TOO_EARLY,
    TOO_MUCH,
)
from staveworks.kit.text import Text

type Rows = NDArray[np.int64]


def check_commitments(problem: Problem, rows: Rows, faults: Faults) -> None:
    """``rows``: their numbers as the sender counts."""
    if not len(problem.commitments):
        return
    look = _Look(problem, settle(problem), rows, faults)
    look.quantities()
    look.places()
    look.hours()
    look.sequence()


class _Look:
    def __init__(self, problem: Problem, committed: Committed, rows: Rows, faults: Faults) -> None:
        self.problem, self.committed, self.faults = problem, committed, faults
        self.given, self._rows = problem.commitments, rows
        self.able = find_capabilities(problem, self.given.work_centre, problem.lines.family[self.given.line])

    def _tell(self, column: str, places: Rows, words: list[Text]) -> None:
        self.faults.add_rows("commitments", column, self._rows[places], words.__getitem__)

    def _tell_all(self, column: str, places: Rows, words: Text) -> None:
        self.faults.add_rows("commitments", column, self._rows[places], words)

    def quantities(self) -> None:
        """The lots of a line together are no more than its quantity; the steps of a lot have one."""
        given, lines, committed = self.given, self.problem.lines, self.committed
        other = np.flatnonzero(_differ(given.quantity, committed.quantity[committed.lot]))
        self._tell_all("quantity", other, OTHER_QUANTITY)
        placed = np.bincount(committed.line, committed.quantity, len(lines))
        over = np.flatnonzero(placed > lines.quantity + TOLERANCE * np.maximum(1.0, lines.quantity))
        first = _firsts(given.line, over)
        words = [
            TOO_MUCH.format(
                line=lines.ids[line], placed=f"{placed[line]:g}", quantity=f"{lines.quantity[line]:g}"
            )
            for line in over.tolist()
        ]
        self._tell("quantity", first, words)

    def places(self) -> None:
        """Work that stays is such as its work centre does, at a step of one route of the family."""
        stays, lot = self.committed.stays, self.committed.lot
        self._tell_all("work_centre", np.flatnonzero(stays & (self.able < 0)), NOT_MADE_THERE)
        staying = np.flatnonzero(stays)
        order = staying[np.argsort(lot[staying], kind="stable")]
        groups = np.split(order, np.flatnonzero(np.diff(lot[order])) + 1)
        wrong = [rows[0] for rows in groups if len(rows) and not self._on_a_route(rows)]
        self._tell_all("step", np.array(wrong, np.int64), OTHER_OPERATION)

    def _on_a_route(self, rows: Rows) -> bool:
        routes, given = self.problem.routes, self.given
        operation = self.problem.work_centres.operation[given.work_centre[rows]]
        step = given.step[rows]
        for route in np.flatnonzero(routes.family == self.problem.lines.family[given.line[rows[0]]]).tolist():
            start, end = int(routes.start[route]), int(routes.start[route + 1])
            if step.max() < end - start and (routes.operation[start + step] == operation).all():
                return True
        return False

    def hours(self) -> None:
        """What stays has room in its bucket."""
        given, stays = self.given, self.committed.stays
        hours, buckets = self.problem.work_centres.hours, self.problem.buckets
        cell = given.work_centre.astype(np.int64) * buckets + given.bucket
        work = work_hours(self.problem, given.line, given.work_centre, given.quantity)
        used = np.bincount(cell[stays], work[stays], hours.size)
        free = hours.ravel()
        over = np.flatnonzero(used > free + TOLERANCE * np.maximum(1.0, free))
        first = _firsts(np.where(stays, cell, -1), over)
        self._tell(
            "bucket",
            first,
            [OVERFULL.format(hours=f"{used[each]:g}", free=f"{free[each]:g}") for each in over.tolist()],
        )

    def sequence(self) -> None:
        """Of two steps that follow each other and both stay, the second begins when the first has arrived."""
        given, lot = self.given, self.committed.lot
        staying = np.flatnonzero(self.committed.stays)
        order = staying[np.lexsort((given.step[staying], lot[staying]))]
        one, two = order[:-1], order[1:]
        follows = (lot[one] == lot[two]) & (given.step[two] == given.step[one] + 1)
        one, two = one[follows], two[follows]
        city, transport = self.problem.work_centres.city, self.problem.transport
        pair = city[given.work_centre[one]], city[given.work_centre[two]]
        early = given.bucket[two] < given.bucket[one] + transport.lag[pair]
        self._tell_all("bucket", two[early | ~np.isfinite(transport.cost[pair])], TOO_EARLY)


def _differ(one: Floats, two: Floats) -> NDArray[np.bool_]:
    differ: NDArray[np.bool_] = np.abs(one - two) > TOLERANCE * np.maximum(1.0, np.abs(one))
    return differ


def _firsts(values: NDArray[np.integer], wanted: Rows) -> Rows:
    """Where each of ``wanted`` first stands among ``values``."""
    known, first = np.unique(values, return_index=True)
    places: Rows = first[np.searchsorted(known, wanted)]
    return places
