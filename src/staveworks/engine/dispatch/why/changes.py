"""For one line that is late or not made: which rule binds, and the smallest change of each kind that would help."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.check.committed import work_hours
from staveworks.engine.dispatch.check.costs import sort_rows
from staveworks.engine.dispatch.check.eligible import eligible, usable
from staveworks.engine.dispatch.check.paths import Priced, arrivals, class_ends, price
from staveworks.engine.dispatch.problem import TOLERANCE, Floats, Problem, WorkCentres
from staveworks.engine.dispatch.result import Result
from staveworks.engine.dispatch.why.enough import least_enough, lots_enough
from staveworks.engine.dispatch.why.room import missing
from staveworks.engine.dispatch.why.trace import Trace, routes_of, trace
from staveworks.engine.dispatch.why.words import CHANGES, SENTENCES, WHY
from staveworks.kit.text import Text

type Kind = Literal[
    "capability", "grade", "certificates", "firms", "hours", "later_due", "worth", "min_lot", "max_lots"
]


@dataclass(frozen=True, slots=True)
class Change:
    """``amount``: hours, buckets, money or quantity, by ``kind``; ``price`` of an hour there, where hours are what is short, and
    ``beyond``: how many of them are more than is worked there; ``lacking``: the certificates."""

    kind: Kind
    text: Text
    amount: float = 0.0
    work_centre: int | None = None
    bucket: int | None = None
    price: float = 0.0
    beyond: float = 0.0
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineWhy:
    """``code`` is a word of ``WHY``, empty where the line is made in time."""

    line: int
    code: str
    text: Text | None
    changes: tuple[Change, ...]


def explain_line(problem: Problem, result: Result, line: int, *, machine: float = np.inf) -> LineWhy:
    """What binds it, and what would help, each change by itself (several hours of one path go together).

    ``machine``: the hours that a bucket has. No work centre is told to have more than all machines that its declared hours show; and more
    than is worked there only where nobody's working hours would do.
    """
    code = WHY[result.lines.why[line]]
    if not code:
        return LineWhy(line, "", None, ())
    look = _Look(problem, result, line, machine)
    return LineWhy(line, code, SENTENCES[code], tuple(look.changes(code)))


def _machine_hours(centres: WorkCentres, machine: float) -> Floats:
    """Hours that each cell (W, B) can have: of as many machines as the best bucket shows."""
    machines = np.maximum(1.0, np.ceil(centres.hours.max(axis=1) / machine))
    return np.broadcast_to((machine * machines)[:, None], centres.hours.shape)


def _working_hours(centres: WorkCentres, machines: Floats) -> Floats:
    """Hours that are worked in each cell (W, B): what was said, else what its machines can."""
    if centres.working_hours is None:
        return machines
    return np.minimum(machines, np.maximum(centres.working_hours, centres.hours))


class _Look:
    def __init__(self, problem: Problem, result: Result, line: int, machine: float) -> None:
        self.problem, self.result, self.line = problem, result, line
        self.rejected = float(result.lines.rejected[line])
        self.free = price(problem, np.zeros_like(result.prices), np.zeros(0))
        self.priced = price(problem, result.prices, result.fairness_prices)
        self.machines = _machine_hours(problem.work_centres, machine)
        self.worked = _working_hours(problem.work_centres, self.machines)

    def changes(self, code: str) -> Iterator[Change]:
        match code:
            case "capability" | "grade" | "certificates" | "firms":
                yield from self._rule(code)
            case "hours":
                yield from self._any_hours()
            case "release":
                yield from self._later()
            case "cheaper":
                yield from self._worth()
            case "capacity":
                yield from self._hours()
                yield from self._later()
            case "lots":
                yield from self._lots()
                yield from self._hours()

    def _say(self, kind: Kind, **values: object) -> Text:
        return CHANGES[kind].format(**values)

    def _rule(self, code: str) -> Iterator[Change]:
        """At the first operation that has nobody: who comes nearest."""
        problem = self.problem
        before = {
            "capability": (),
            "grade": (),
            "certificates": ("grade",),
            "firms": ("grade", "certificates"),
        }[code]
        upto = (*before, code) if code != "capability" else ()
        able = problem.capabilities.work_centre[
            problem.capabilities.family == problem.lines.family[self.line]
        ]
        near, fine = (able[eligible(problem, self.line, rules=rules)[able]] for rules in (before, upto))
        for operation in min(routes_of(problem, self.line), key=len):
            of = near[problem.work_centres.operation[near] == operation]
            if (problem.work_centres.operation[fine] == operation).any() and code != "capability":
                continue
            if code == "capability" and not len(of):
                yield Change("capability", self._say("capability", operation=problem.operations[operation]))
                return
            if len(of):
                yield self._nearest(code, of)
                return

    def _nearest(self, code: str, centres: NDArray[np.int32]) -> Change:
        problem, lines = self.problem, self.problem.lines
        names = problem.work_centres.ids
        if code == "grade":
            best = int(centres[np.argmax(problem.work_centres.grade[centres])])
            grade = int(problem.work_centres.grade[best])
            text = self._say(
                "grade", work_centre=names[best], grade=grade, wanted=int(lines.grade[self.line])
            )
            return Change("grade", text, float(lines.grade[self.line] - grade), best)
        if code == "certificates":
            lacking = [missing(problem, self.line, int(centre)) for centre in centres]
            best = min(range(len(centres)), key=lambda place: len(lacking[place]))
            said = "、".join(lacking[best]), ", ".join(lacking[best])
            text = CHANGES["certificates"].format(work_centre=names[centres[best]], zh=said[0], en=said[1])
            count, centre = float(len(lacking[best])), int(centres[best])
            return Change("certificates", text, count, centre, lacking=tuple(lacking[best]))
        best = int(centres[0])
        firm = problem.firms[problem.work_centres.firm[best]]
        return Change("firms", self._say("firms", firm=firm), 1.0, best)

    def _any_hours(self) -> Iterator[Change]:
        """The cheapest eligible work centre, at the line's release."""
        problem, lines = self.problem, self.problem.lines
        able, rows = problem.capabilities, usable(problem, self.line)
        start = max(int(lines.release[self.line]), problem.frozen)
        rows = rows[~np.isfinite(self.free.hour[able.work_centre[rows], start:]).any(axis=1)]
        if start >= problem.buckets:
            return
        want = self.rejected * able.hours[rows] + able.setup_hours[rows]
        within = (want <= limit[able.work_centre[rows], start] for limit in (self.worked, self.machines))
        rows = next((rows[fits] for fits in within if fits.any()), rows[:0])
        if len(rows):
            row = int(rows[np.argmin(able.cost[rows])])
            need = self.rejected * float(able.hours[row]) + float(able.setup_hours[row])
            yield self._more(row, start, need)

    def _more(self, row: int, bucket: int, hours: float) -> Change:
        centre = int(self.problem.capabilities.work_centre[row])
        worth = float(self.result.prices[centre, bucket])
        name = self.problem.work_centres.ids[centre]
        declared, worked = self.problem.work_centres.hours[centre, bucket], self.worked[centre, bucket]
        beyond = max(0.0, float(declared + hours - worked))
        if beyond <= TOLERANCE:
            beyond, words = 0.0, CHANGES["hours" if worth > 0 else "hours_free"]
        else:
            words = CHANGES["hours_beyond"]
        said = {"hours": f"{hours:.4g}", "price": f"{worth:.4g}", "beyond": f"{beyond:.4g}"}
        text = words.format(work_centre=name, bucket=bucket, **said)
        return Change("hours", text, hours, centre, bucket, worth, beyond)

    def _hours(self) -> Iterator[Change]:
        """What the path lacks on which the fewest hours are lacking, for what is rejected or late."""
        timely = self.rejected <= TOLERANCE
        quantity = self._late_quantity() if timely else self.rejected
        paths = (self._path_within(limit, quantity, timely) for limit in (self.worked, self.machines))
        path = next((path for path in paths if path), None)
        if path is None:
            return
        able, left = self.problem.capabilities, self._left()
        for row, bucket in zip(path.rows, path.buckets, strict=True):
            need = self._want(quantity, row) - float(left[able.work_centre[row], bucket])
            if need > TOLERANCE:
                yield self._more(row, bucket, need)

    def _path_within(self, most: Floats, quantity: float, timely: bool) -> Trace | None:
        there = self._there_could_be(most, quantity)
        return self._nearest_path(there, quantity, timely=timely) or trace(there, self.line, timely=timely)

    def _want(self, quantity: float, row: int) -> float:
        able = self.problem.capabilities
        return quantity * float(able.hours[row]) + float(able.setup_hours[row])

    def _there_could_be(self, most: Floats, quantity: float) -> Priced:
        """Without the cells in which, beside what they do, there can't be the hours for it."""
        able, hour = self.problem.capabilities, self.priced.hour.copy()
        could = most - np.maximum(0.0, self.problem.work_centres.hours - self._left())
        for row in usable(self.problem, self.line).tolist():
            centre = able.work_centre[row]
            hour[centre] = np.where(could[centre] < self._want(quantity, row), np.inf, hour[centre])
        return replace(self.priced, hour=hour)

    def _nearest_path(self, there: Priced, quantity: float, *, timely: bool) -> Trace | None:
        """Lacking cells cost far more than others, so that few are on it; ``None`` where, once they had the hours, it wouldn't pay."""
        able, left = self.problem.capabilities, self._left()
        far = 10.0 * (1.0 + float(self.problem.lines.reject_cost[self.line]))
        hour, lacks = there.hour.copy(), np.zeros(left.shape, bool)
        for row in usable(self.problem, self.line).tolist():
            centre = able.work_centre[row]
            lacks[centre] = left[centre] < self._want(quantity, row) - TOLERANCE
            hour[centre] = np.where(lacks[centre] & np.isfinite(hour[centre]), far, hour[centre])
        path = trace(replace(there, hour=hour), self.line, timely=timely)
        now = trace(self.priced, self.line)
        if path is None or now is None:
            return None
        steps = zip(path.rows, path.buckets, strict=True)
        given = far * sum(
            float(able.hours[row]) for row, bucket in steps if lacks[able.work_centre[row], bucket]
        )
        limit = now.cost if timely else float(self.problem.lines.reject_cost[self.line])
        return path if path.cost - given <= limit + TOLERANCE else None

    def _left(self) -> Floats:
        """Hours that the plan leaves."""
        plan, hours = self.result.allocations, self.problem.work_centres.hours.copy()
        used = work_hours(self.problem, plan.line, plan.work_centre, plan.quantity)
        np.subtract.at(hours, (plan.work_centre, plan.bucket), used)
        hours[:, : self.problem.frozen] = 0.0
        return np.maximum(hours, 0.0)

    def _arrivals(self) -> tuple[NDArray[np.int64], Floats]:
        """Of its lots: when they come to the customer, and how much."""
        rows = sort_rows(self.result.allocations)
        end = np.flatnonzero(rows.last & (rows.line == self.line))
        city = self.problem.work_centres.city[rows.centre[end]]
        lag = self.problem.transport.lag[city, self.problem.lines.city[self.line]]
        return rows.bucket[end] + lag, rows.quantity[end]

    def _late_quantity(self) -> float:
        arrival, quantity = self._arrivals()
        return float(quantity[arrival > self.problem.lines.due[self.line]].sum())

    def _later(self) -> Iterator[Change]:
        """The due bucket with which nothing would be late."""
        arrival, _ = self._arrivals()
        due = int(self.problem.lines.due[self.line])
        if len(arrival) and int(arrival.max()) > due:
            more = int(arrival.max()) - due
            yield Change("later_due", self._say("later_due", n=more, due=due + more), float(more))

    def _worth(self) -> Iterator[Change]:
        """What rejection, or a bucket of lateness, would have to cost."""
        lines = self.problem.lines
        if self.rejected > TOLERANCE:
            path = trace(self.free, self.line)
            if path is not None:
                yield Change("worth", self._say("worth", cost=f"{path.cost:.6g}"), path.cost)
            return
        ends = class_ends(self.free, self.line)
        there = arrivals(self.free, ends, int(lines.family[self.line]))[lines.city[self.line]]
        due = int(lines.due[self.line])
        timely = there[: due + 1].min()
        after = there[due + 1 :]
        if np.isfinite(timely) and len(after):
            cost = float(np.max((timely - after) / np.arange(1, len(after) + 1)))
            yield Change("worth", CHANGES["worth_late"].format(cost=f"{cost:.6g}"), cost)

    def _lots(self) -> Iterator[Change]:
        """As many lots, or as small ones, as would be enough; nothing where that isn't known."""
        left = self._left()
        lots = lots_enough(self.free, self.result, self.line, left)
        if lots is not None and lots > int(self.problem.lines.max_lots[self.line]):
            yield Change("max_lots", self._say("max_lots", lots=lots), float(lots))
        least = least_enough(self.free, self.result, self.line, left)
        if least is not None:
            yield Change("min_lot", self._say("min_lot", quantity=f"{least:.4g}"), least)
