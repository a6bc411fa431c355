"""The problem as flat arrays: lines that may be made alike form *kinds* and *classes*, work centres that may make them *options*.

Lines of the same family, grade, certificates and firms are one kind; with the same release they are one class. Each step of each route of
a kind is a *stage*, a city with a work centre for a stage is a *place*, a work centre there an *option*. Compiled code gets these tuples.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.problem import Firms, Floats, Ints, Problem

type Longs = NDArray[np.int64]
type Table = NDArray[np.float64]
type IntTable = NDArray[np.int32]


class Network(NamedTuple):
    """Ranges are by start: the stages of kind k are ``stage_start[k]`` to ``stage_start[k + 1]``, and so on downwards."""

    stage_start: Ints
    """(kinds + 1) → stages; the stages of a route follow each other."""
    weight: Floats
    hold: Floats
    stage_step: Ints
    """(stages): 0 opens a route."""
    stage_last: Ints
    """(stages): 1 closes a route."""
    place_start: Ints
    """(stages + 1) → places."""
    place_city: Ints
    place_floor: Floats
    """(places): no path through it is cheaper; rising within a stage, −inf where nobody has looked."""
    option_start: Ints
    """(places) → options; places of several stages may have the same."""
    option_end: Ints
    option_centre: Ints
    option_cost: Floats
    option_hours: Floats
    option_setup: Floats
    option_city: Ints
    option_floor: Floats
    """(options): neither it nor one after it at its place is, in any bucket, nearer to the place's cheapest; 0 where nobody has looked."""
    class_start: Ints
    """(kinds + 1) → classes."""
    class_release: Ints
    hours: Table
    """(work centres, buckets)."""
    carriage: Table
    """(cities, cities): transport per weight, inf where there is none."""
    lag: IntTable


class Demand(NamedTuple):
    """What classes want, alike lines together, sorted by class and city: the bound needs no more."""

    want_start: Ints
    """(classes + 1) → wants."""
    city: Ints
    due: Ints
    late: Floats
    reject: Floats
    quantity: Floats


def coarsened(demand: Demand, most: int) -> Demand:
    """At most about ``most`` wants a class: neighbours joined, all their quantity on the middle one."""
    count = np.diff(demand.want_start)
    joined = np.maximum(1, -(-count // most))
    start = np.concatenate([[0], np.cumsum(-(-count // joined))]).astype(np.int32)
    of_class = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(of_class)) - demand.want_start[of_class]
    group = start[of_class] + place // joined[of_class]
    first = np.searchsorted(group, np.arange(start[-1]))
    middle = (first + np.searchsorted(group, np.arange(start[-1]), side="right")) // 2
    return Demand(
        start,
        demand.city[middle],
        demand.due[middle],
        demand.late[middle],
        demand.reject[middle],
        np.bincount(group, demand.quantity, int(start[-1])),
    )


class Indexed(NamedTuple):
    """A network, what is wanted of it, and the class and want of every line."""

    network: Network
    demand: Demand
    line_class: Ints
    line_kind: Ints
    line_want: Ints


def index(problem: Problem) -> Indexed:
    """Lines in buckets below ``frozen`` get no new lots: their release moves there."""
    lines = problem.lines
    sets = _sets_of_firms(lines.allowed, lines.blocked, len(lines))
    words = [lines.certificates[:, word] for word in range(lines.certificates.shape[1])]
    kind, example = ranked(lines.family, lines.grade, *words, sets)
    release = np.maximum(lines.release, problem.frozen)
    line_class, class_line = ranked(kind, release)
    line_want, want_line = ranked(line_class, lines.city, lines.due, lines.late_cost, lines.reject_cost)
    kinds, classes = len(example), len(class_line)
    demand = Demand(
        _starts(line_class[want_line], classes),
        lines.city[want_line].astype(np.int32),
        lines.due[want_line].astype(np.int32),
        np.ascontiguousarray(lines.late_cost[want_line], np.float64),
        np.ascontiguousarray(lines.reject_cost[want_line], np.float64),
        np.bincount(line_want, lines.quantity, len(want_line)),
    )
    network = _network(
        problem, example, _starts(kind[class_line], kinds), release[class_line].astype(np.int32)
    )
    return Indexed(network, demand, line_class, kind, line_want)


def ranked(*columns: NDArray[np.generic]) -> tuple[Ints, Longs]:
    """The place of each row among the distinct rows, sorted by the columns in turn; and a row for each of these."""
    order = np.lexsort(columns[::-1])
    new = np.zeros(len(order), np.bool_)
    new[:1] = True
    for column in columns:
        values = column[order]
        new[1:] |= values[1:] != values[:-1]
    code = np.empty(len(order), np.int32)
    code[order] = np.cumsum(new) - 1
    return code, order[new]


def _starts(of: NDArray[np.integer], count: int) -> Ints:
    """Where each of ``count`` begins in a sorted column."""
    return np.searchsorted(of, np.arange(count + 1)).astype(np.int32)


def _sets_of_firms(allowed: Firms, blocked: Firms, count: int) -> Ints:
    """A number for each line: lines with the same allowed and blocked firms have the same."""
    numbers = np.zeros(count, np.int32)
    named = np.flatnonzero((np.diff(allowed.start) > 0) | (np.diff(blocked.start) > 0))
    known: dict[tuple[bytes, bytes], int] = {}
    for line in named.tolist():
        key = (np.unique(firms_of(allowed, line)).tobytes(), np.unique(firms_of(blocked, line)).tobytes())
        numbers[line] = known.setdefault(key, len(known) + 1)
    return numbers


def firms_of(firms: Firms, line: int) -> Ints:
    return firms.firm[firms.start[line] : firms.start[line + 1]]


class _Stages(NamedTuple):
    """Of all kinds: ``rows`` of the capabilities that may do each stage."""

    start: list[int]
    step: list[int]
    last: list[int]
    rows: list[Longs]


def _stages(problem: Problem, examples: Longs) -> _Stages:
    """``examples``: a line of each kind."""
    capabilities, routes = problem.capabilities, problem.routes
    operation = problem.work_centres.operation[capabilities.work_centre]
    by_work = ranked_rows(capabilities.family, operation)
    of_family = ranked_rows(routes.family)
    stages = _Stages([0], [], [], [])
    for line in examples.tolist():
        family = int(problem.lines.family[line])
        for route in of_family.get((family,), np.zeros(0, np.int64)).tolist():
            operations = routes.operation[routes.start[route] : routes.start[route + 1]].tolist()
            for step, work in enumerate(operations):
                rows = by_work.get((family, work), np.zeros(0, np.int64))
                stages.rows.append(_eligible(problem, line, rows))
                stages.step.append(step)
                stages.last.append(int(step == len(operations) - 1))
        stages.start.append(len(stages.rows))
    return stages


def _network(problem: Problem, examples: Longs, class_start: Ints, class_release: Ints) -> Network:
    capabilities, families = problem.capabilities, problem.families
    stages = _stages(problem, examples)
    rows = np.concatenate([*stages.rows, np.zeros(0, np.int64)]).astype(np.int64)
    stage = np.repeat(np.arange(len(stages.rows)), [len(each) for each in stages.rows])
    city = _ints(problem.work_centres.city[capabilities.work_centre[rows]])
    place, first = ranked(stage, city)
    order = np.argsort(place, kind="stable")
    rows, kind_family = rows[order], problem.lines.family[examples]
    return Network(
        stage_start=np.array(stages.start, np.int32),
        weight=_floats(families.weight[kind_family]),
        hold=_floats(families.hold_cost[kind_family]),
        stage_step=np.array(stages.step, np.int32),
        stage_last=np.array(stages.last, np.int32),
        place_start=_starts(stage[first], len(stages.rows)),
        place_city=city[first],
        place_floor=np.full(len(first), -np.inf),
        option_start=_starts(place[order], len(first))[:-1].copy(),
        option_end=_starts(place[order], len(first))[1:].copy(),
        option_centre=_ints(capabilities.work_centre[rows]),
        option_cost=_floats(capabilities.cost[rows]),
        option_hours=_floats(capabilities.hours[rows]),
        option_setup=_floats(capabilities.setup_hours[rows]),
        option_city=city[order],
        option_floor=np.zeros(len(rows)),
        class_start=class_start,
        class_release=class_release,
        hours=_floats(problem.work_centres.hours),
        carriage=_floats(problem.transport.cost),
        lag=_ints(problem.transport.lag),
    )


def ranked_rows(*columns: NDArray[np.generic]) -> dict[tuple[int, ...], Longs]:
    """The rows of each distinct value of the columns, in their order."""
    if not len(columns[0]):
        return {}
    code, first = ranked(*columns)
    groups = np.split(np.argsort(code, kind="stable"), np.cumsum(np.bincount(code))[:-1])
    keys = zip(*(column[first].tolist() for column in columns), strict=True)
    return dict(zip(keys, groups, strict=True))


def _eligible(problem: Problem, line: int, rows: Longs) -> Longs:
    """Of these capabilities, those whose work centre may make this line: grade, certificates, firms."""
    lines, centres = problem.lines, problem.work_centres
    centre = problem.capabilities.work_centre[rows]
    need = lines.certificates[line]
    fits = (centres.grade[centre] >= lines.grade[line]) & ((centres.certificates[centre] & need) == need).all(
        axis=1
    )
    allowed, blocked = firms_of(lines.allowed, line), firms_of(lines.blocked, line)
    if len(allowed):
        fits &= np.isin(centres.firm[centre], allowed)
    if len(blocked):
        fits &= ~np.isin(centres.firm[centre], blocked)
    chosen: Longs = rows[fits]
    return chosen


def _floats(column: Sequence[float] | Floats) -> Floats:
    return np.array(column, np.float64, order="C")


def _ints(column: Sequence[int] | NDArray[np.generic]) -> Ints:
    return np.array(column, np.int32, order="C")
