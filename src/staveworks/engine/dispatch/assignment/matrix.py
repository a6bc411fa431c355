"""A dispatch problem as an assignment: jobs that can't be split, places with room for some of them.

A *job* is a line; a *place* is a work centre with free hours; the last place is to be rejected, which needs no room. A *pair* is a job
at a place where it is allowed and fits. Pairs are sorted by place.

Room is counted in whole grains, so that a place's best choice of jobs can be tabulated. Where hours are whole numbers (or tenths, …)
nothing is lost. Otherwise needs are rounded down: whatever fits in hours fits in grains, so bounds hold; plans are held to the hours.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.check.bound import eligible
from staveworks.engine.dispatch.problem import Floats, Problem

type Longs = NDArray[np.int64]
type States = NDArray[np.int8]

GRAINS = 4_000
"""The most a place may have."""
PAIRS = 20_000
"""The most that can be searched in some seconds; larger problems are better served by prices alone."""
HAIR = 1e-9
"""Hours that don't matter."""


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """``start``: place p has the pairs ``start[p]`` to ``start[p + 1]``. Costs and hours are of the whole job."""

    jobs: int
    start: Longs
    job: Longs
    place: Longs
    cost: Floats
    hours: Floats
    need: Longs
    """Grains."""
    free: Floats
    """Hours, by place."""
    room: Longs
    """Grains, by place."""
    centre: Longs
    """By place but the last."""
    step: float
    """All costs are multiples of it, and so is every plan's: a bound may be raised to the next multiple. 0: none was found."""

    @property
    def places(self) -> int:
        return len(self.room)


def is_assignment(problem: Problem) -> bool:
    """One operation, one bucket, every line in one lot or not at all, nothing promised or settled before, not too many pairs."""
    lines = problem.lines
    if problem.buckets != 1 or problem.fairness or len(problem.commitments) or problem.frozen:
        return False
    one_step = bool((np.diff(problem.routes.start) == 1).all())
    whole = bool((lines.min_lot >= lines.quantity).all()) and bool((lines.quantity > 0).all())
    return one_step and whole and 0 < len(lines) * len(problem.work_centres.ids) <= PAIRS


def read_assignment(problem: Problem, *, whole: bool = True) -> Assignment:
    """``whole`` False: as the problem's linear programme, without set-up and with pairs of jobs that fit in part only."""
    centres, able, lines = problem.work_centres, problem.capabilities, problem.lines
    job, row = _allowed(problem)
    centre, quantity = able.work_centre[row], lines.quantity[job]
    hours = quantity * able.hours[row] + able.setup_hours[row] * whole
    fits = (hours <= centres.hours[centre, 0] + HAIR) | (not whole)
    order = np.lexsort((job[fits], centre[fits]))
    job, row, hours = job[fits][order], row[fits][order], hours[fits][order]
    used, place = np.unique(able.work_centre[row], return_inverse=True)
    cost = np.concatenate([_costs(problem, job, row), lines.reject_cost * lines.quantity])
    free = centres.hours[used, 0]
    need, room = _grains(hours, free)
    count = len(lines)
    place = np.concatenate([place, np.full(count, len(used))])
    return Assignment(
        jobs=count,
        start=np.searchsorted(place, np.arange(len(used) + 2)),
        job=np.concatenate([job, np.arange(count)]),
        place=place,
        cost=cost,
        hours=np.concatenate([hours, np.zeros(count)]),
        need=np.concatenate([need, np.zeros(count, np.int64)]),
        free=np.append(free, 0.0),
        room=np.append(room, 0),
        centre=used.astype(np.int64),
        step=_common_step(cost),
    )


def _allowed(problem: Problem) -> tuple[Longs, Longs]:
    """(line, capability) that operations, grades, certificates, firms and transport permit."""
    able, centres, lines, routes = problem.capabilities, problem.work_centres, problem.lines, problem.routes
    by_family = np.argsort(able.family, kind="stable")
    begin = np.searchsorted(able.family[by_family], np.arange(len(problem.families.ids) + 1))
    jobs, rows = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for line in np.flatnonzero(lines.release == 0).tolist():
        family = lines.family[line]
        some = by_family[begin[family] : begin[family + 1]]
        centre = able.work_centre[some]
        fine = eligible(problem, line)[centre]
        fine &= np.isin(centres.operation[centre], routes.operation[routes.family == family])
        fine &= np.isfinite(problem.transport.cost[centres.city[centre], lines.city[line]])
        fine &= centres.hours[centre, 0] > 0
        rows.append(some[fine])
        jobs.append(np.full(int(fine.sum()), line))
    return np.concatenate(jobs), np.concatenate(rows)


def _costs(problem: Problem, job: Longs, row: Longs) -> Floats:
    lines, able, transport = problem.lines, problem.capabilities, problem.transport
    way = problem.work_centres.city[able.work_centre[row]], lines.city[job]
    late = np.maximum(0, transport.lag[way] - lines.due[job]) * lines.late_cost[job]
    carried = transport.cost[way] * problem.families.weight[lines.family[job]]
    cost: Floats = lines.quantity[job] * (able.cost[row] + carried + late)
    return cost


def _grains(hours: Floats, free: Floats) -> tuple[Longs, Longs]:
    """Needs and rooms in the largest grain that loses nothing, or the finest of which no place has too many."""
    size = _common_step(hours)
    if not size or free.max(initial=0.0) / size > GRAINS:
        size = free.max(initial=1.0) / GRAINS
    whole = np.floor(hours / size + 1e-6).astype(np.int64)
    return whole, np.floor(free / size + 1e-6).astype(np.int64)


def _common_step(values: Floats) -> float:
    """The greatest number of which all are multiples, looking as far as thousandths; 0 if there is none."""
    for scale in (1, 10, 100, 1_000):
        scaled = np.round(values * scale)
        if np.abs(values * scale - scaled).max(initial=0.0) < 1e-7 and scaled.max(initial=0.0) < 1e12:
            return float(np.gcd.reduce(scaled.astype(np.int64), initial=0)) / scale
    return 0.0
