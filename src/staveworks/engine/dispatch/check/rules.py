"""Whether a plan keeps to the rules of the problem: each one broken is told, with an example."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.check.committed import Committed, find_capabilities, settle, work_hours
from staveworks.engine.dispatch.check.costs import MOST_STEPS, Sorted, place_keys, routes_end, sort_rows
from staveworks.engine.dispatch.check.eligible import firms_of
from staveworks.engine.dispatch.problem import TOLERANCE, Floats, Problem
from staveworks.engine.dispatch.result import Allocations

type Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that is broken ``count`` times, ``at`` for example."""

    rule: str
    count: int
    at: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.at}" + (f" (and {self.count - 1} more)" if self.count > 1 else "")


def broken_rules(problem: Problem, plan: Allocations) -> list[Broken]:
    """Empty where nothing is wrong."""
    outside = list(_outside(problem, plan))
    if outside:
        return outside
    look = _Look(problem, sort_rows(plan), settle(problem))
    return [*look.steps(), *look.places(), *look.lots(), *look.amounts(), *look.hours(), *look.settled()]


def _outside(problem: Problem, plan: Allocations) -> Iterator[Broken]:
    """Numbers that name nothing: nothing else can be looked at then."""
    limits = (
        ("line", plan.line, len(problem.lines)),
        ("lot", plan.lot, 2**31),
        ("step", plan.step, MOST_STEPS),
        ("work_centre", plan.work_centre, len(problem.work_centres.ids)),
        ("bucket", plan.bucket, problem.buckets),
    )
    for name, values, limit in limits:
        bad = np.flatnonzero((values < 0) | (values >= limit))
        if len(bad):
            yield Broken(f"unknown {name}", len(bad), f"allocation {bad[0]}")
    bad = np.flatnonzero(~(np.isfinite(plan.quantity) & (plan.quantity > 0)))
    if len(bad):
        yield Broken("quantity is not a positive number", len(bad), f"allocation {bad[0]}")


class _Look:
    def __init__(self, problem: Problem, rows: Sorted, committed: Committed) -> None:
        self.problem, self.rows, self.committed = problem, rows, committed
        self.new, self.stays = _new_quantity(problem, rows, committed)

    def _tell(self, rule: str, bad: Flags) -> Iterator[Broken]:
        """``bad`` by allocation."""
        places = np.flatnonzero(bad)
        if len(places):
            rows, problem, row = self.rows, self.problem, int(places[0])
            line, centre = problem.lines.ids[rows.line[row]], problem.work_centres.ids[rows.centre[row]]
            yield Broken(
                rule, len(places), f"line {line}, step {rows.step[row]}, {centre}, bucket {rows.bucket[row]}"
            )

    def _tell_lines(self, rule: str, bad: Flags) -> Iterator[Broken]:
        places = np.flatnonzero(bad)
        if len(places):
            yield Broken(rule, len(places), f"line {self.problem.lines.ids[places[0]]}")

    def steps(self) -> Iterator[Broken]:
        """A lot goes through one route, in sequence, each step after the one before has arrived."""
        rows, city = self.rows, self.problem.work_centres.city
        whole = routes_end(self.problem, rows)[rows.lot]
        begun = np.zeros(len(whole), bool)  # a settled lot may be given up after what is settled
        begun[:] = np.bincount(rows.lot, ~self.stays, rows.lot.max(initial=-1) + 1)[rows.lot] == 0
        yield from self._tell("not one route from end to end", ~whole & ~begun & rows.first)
        to = np.flatnonzero(~rows.first)
        pair = city[rows.centre[to - 1]], city[rows.centre[to]]
        apart, early, other = (np.zeros(len(rows), bool) for _ in range(3))
        apart[to] = ~np.isfinite(self.problem.transport.cost[pair])
        early[to] = rows.bucket[to] < rows.bucket[to - 1] + self.problem.transport.lag[pair]
        other[to] = np.abs(rows.quantity[to] - rows.quantity[to - 1]) > _near(rows.quantity[to])
        yield from self._tell("cities are not connected", apart)
        yield from self._tell("a step before the one before it has arrived", early)
        yield from self._tell("the quantity of a lot changes between steps", other)
        home = self.problem.lines.city[rows.line]
        lost = rows.last & whole & ~np.isfinite(self.problem.transport.cost[city[rows.centre], home])
        yield from self._tell("the customer can't be reached", lost)

    def places(self) -> Iterator[Broken]:
        """Where new work goes: an eligible work centre that can make it, with hours, from the release on, not frozen."""
        rows, problem = self.rows, self.problem
        lines, new = problem.lines, self.new > _near(rows.quantity)
        able = find_capabilities(problem, rows.centre, lines.family[rows.line]) >= 0
        yield from self._tell("the work centre doesn't make the family", ~able)
        yield from self._tell("before release", new & (rows.bucket < lines.release[rows.line]))
        yield from self._tell("in a frozen bucket", new & (rows.bucket < problem.frozen))
        yield from self._tell(
            "where no hours are", new & (problem.work_centres.hours[rows.centre, rows.bucket] <= 0)
        )
        centres, need = problem.work_centres, lines.certificates[rows.line]
        yield from self._tell("grade too low", new & (centres.grade[rows.centre] < lines.grade[rows.line]))
        lacking = ((centres.certificates[rows.centre] & need) != need).any(axis=1)
        yield from self._tell("a certificate is lacking", new & lacking)
        yield from self._tell("the firm is not allowed, or blocked", new & ~lacking & self._wrong_firms(new))

    def _wrong_firms(self, new: Flags) -> Flags:
        """Only lines that name firms are looked at."""
        rows, lines = self.rows, self.problem.lines
        wrong = np.zeros(len(rows), bool)
        names = (np.diff(lines.allowed.start) > 0) | (np.diff(lines.blocked.start) > 0)
        firm = self.problem.work_centres.firm[rows.centre]
        for row in np.flatnonzero(new & names[rows.line]).tolist():
            line = rows.line[row]
            allowed, blocked = firms_of(lines.allowed, line), firms_of(lines.blocked, line)
            wrong[row] = (len(allowed) > 0 and firm[row] not in allowed) or firm[row] in blocked
        return wrong

    def lots(self) -> Iterator[Broken]:
        """No more lots than allowed, each of at least the least lot; those that are settled count, but are as they are."""
        rows, lines = self.rows, self.problem.lines
        begins = np.flatnonzero(rows.first)
        line = rows.line[begins]
        settled = np.bincount(rows.lot, self.stays, len(begins)) > 0
        least = np.minimum(lines.min_lot, lines.quantity)[line]
        small = np.zeros(len(rows), bool)
        small[begins] = ~settled & (rows.quantity[begins] < least - _near(least))
        yield from self._tell("a lot below the least", small)
        count = np.bincount(line, minlength=len(lines))
        old = np.bincount(line[settled], minlength=len(lines))
        yield from self._tell_lines("too many lots", count > np.maximum(lines.max_lots, old))

    def amounts(self) -> Iterator[Broken]:
        rows, lines = self.rows, self.problem.lines
        made = np.bincount(rows.line[rows.first], rows.quantity[rows.first], len(lines))
        yield from self._tell_lines("more made than wanted", made > lines.quantity + _near(lines.quantity))

    def hours(self) -> Iterator[Broken]:
        rows, problem = self.rows, self.problem
        hours, buckets = problem.work_centres.hours, problem.buckets
        work = work_hours(problem, rows.line, rows.centre, rows.quantity)
        used = np.bincount(rows.centre * buckets + rows.bucket, work, hours.size).reshape(hours.shape)
        over = np.argwhere(used > hours + _near(hours))
        if len(over):
            centre, bucket = over[0].tolist()
            amount = f"{used[centre, bucket]:.6g} of {hours[centre, bucket]:.6g} hours"
            at = f"{problem.work_centres.ids[centre]}, bucket {bucket}: {amount}"
            yield Broken("more hours than there are", len(over), at)

    def settled(self) -> Iterator[Broken]:
        """What was started, pinned or frozen is still there."""
        given, stays = self.problem.commitments, self.committed.stays
        keys, first, own = np.unique(
            place_keys(self.problem, given.line, given.step, given.work_centre, given.bucket)[stays],
            return_index=True,
            return_inverse=True,
        )
        if not len(keys):
            return
        wanted = np.bincount(own, given.quantity[stays], len(keys))
        there = _sums(keys, _keys(self.problem, self.rows), self.rows.quantity)
        lacking = np.flatnonzero(there < wanted - _near(wanted))
        if len(lacking):
            row = int(np.flatnonzero(stays)[first[lacking[0]]])
            line = self.problem.lines.ids[given.line[row]]
            yield Broken(
                "a settled commitment has gone", len(lacking), f"line {line}, step {given.step[row]}"
            )


def _near(values: Floats) -> Floats:
    near: Floats = TOLERANCE * np.maximum(1.0, np.abs(values))
    return near


def _keys(problem: Problem, rows: Sorted) -> NDArray[np.int64]:
    return place_keys(problem, rows.line, rows.step, rows.centre, rows.bucket)


def _sums(keys: NDArray[np.int64], there: NDArray[np.int64], quantity: Floats) -> Floats:
    """Of ``quantity`` by the sorted ``keys``."""
    place = np.minimum(np.searchsorted(keys, there), len(keys) - 1)
    hit = keys[place] == there
    sums: Floats = np.bincount(place[hit], quantity[hit], len(keys))
    return sums


def _new_quantity(problem: Problem, rows: Sorted, committed: Committed) -> tuple[Floats, Flags]:
    """What of each allocation isn't a settled commitment; and which ones stand where such a one does."""
    given, stays = problem.commitments, committed.stays
    if not stays.any():
        return rows.quantity, np.zeros(len(rows), bool)
    old = place_keys(problem, given.line, given.step, given.work_centre, given.bucket)[stays]
    keys, own = np.unique(old, return_inverse=True)
    settled = np.bincount(own, given.quantity[stays], len(keys))
    there = _keys(problem, rows)
    place = np.minimum(np.searchsorted(keys, there), len(keys) - 1)
    hit = keys[place] == there
    share = np.ones(len(rows))
    total = _sums(keys, there, rows.quantity)[place[hit]]
    share[hit] = np.maximum(0.0, total - settled[place[hit]]) / total
    return rows.quantity * share, hit
