"""A plan while it is made: lots in slots, the hours that are left, and which lots use a cell. Written to by kernels, in place."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.network import Indexed, Table
from staveworks.engine.dispatch.problem import Floats, Ints, Problem
from staveworks.engine.dispatch.result import Allocations

type Longs = NDArray[np.int64]
type ShortTable = NDArray[np.int16]
type IntTable = NDArray[np.int32]
type Bytes = NDArray[np.int8]

MOST_SLOTS = 12_000_000
"""Lots for which there is room, over all lines: bounds the memory where lines may have very many."""


class Wanted(NamedTuple):
    """Lines as kernels read them. ``least`` is the smallest lot, ``slot_start`` (lines + 1) where its slots begin."""

    kind: Ints
    release: Ints
    city: Ints
    due: Ints
    late: Floats
    reject: Floats
    quantity: Floats
    least: Floats
    slot_start: Longs
    keep_start: Longs
    """(lines + 1): where the line's planned commitments begin, in the next four."""
    keep_step: Ints
    keep_centre: Ints
    keep_bucket: Ints
    keep_quantity: Floats
    stability: Floats
    """(1): what a unit costs that leaves its planned place."""


class Plan(NamedTuple):
    """A slot without quantity is free. A cell's uses are a list: ``first_use``, then ``next_use``; -1 ends it."""

    quantity: Floats
    """(slots): of the lot."""
    cost: Floats
    """(slots): per unit, of making, transport, waiting and lateness."""
    option: IntTable
    """(slots, steps): where each step is made, -1 after the last."""
    bucket: ShortTable
    line: Ints
    """(slots): whose."""
    fixed: Bytes
    """(slots): 1 where the lot may not move."""
    unmade: Floats
    """(lines): quantity that no lot makes."""
    left: Table
    """(W, B): hours not used."""
    first_use: IntTable
    next_use: Ints
    """(slots · steps); empty where nobody asks which lots use a cell."""
    last_use: Ints


def wanted_lines(problem: Problem, indexed: Indexed, lots: Ints | None = None) -> Wanted:
    """``lots`` of each line are there already, besides the plan."""
    lines, given = problem.lines, problem.commitments
    kept = np.lexsort((given.step, given.lot, given.line))
    least = np.maximum(np.minimum(lines.min_lot, lines.quantity), 1e-6 * lines.quantity)
    allowed = lines.max_lots if lots is None else lines.max_lots - lots
    with np.errstate(divide="ignore", invalid="ignore"):
        fitting = np.where(least > 0, lines.quantity / least + 1e-9, 1)
    slots = np.maximum(0, np.minimum(np.minimum(allowed, np.maximum(1, fitting)), 10_000)).astype(np.int64)
    while slots.sum() > max(MOST_SLOTS, len(slots)):
        slots = np.minimum(slots, max(1, int(slots.max()) // 2))
    return Wanted(
        kind=indexed.line_kind,
        release=indexed.network.class_release[indexed.line_class],
        city=np.array(lines.city, np.int32),
        due=np.array(lines.due, np.int32),
        late=np.array(lines.late_cost, np.float64),
        reject=np.array(lines.reject_cost, np.float64),
        quantity=np.array(lines.quantity, np.float64),
        least=least,
        slot_start=np.concatenate([[0], np.cumsum(slots)]).astype(np.int64),
        keep_start=np.searchsorted(given.line[kept], np.arange(len(lines) + 1)).astype(np.int64),
        keep_step=np.array(given.step[kept], np.int32),
        keep_centre=np.array(given.work_centre[kept], np.int32),
        keep_bucket=np.array(given.bucket[kept], np.int32),
        keep_quantity=np.array(given.quantity[kept], np.float64),
        stability=np.array([problem.stability], np.float64),
    )


def empty_plan(problem: Problem, wanted: Wanted, left: Floats, *, uses: bool = True) -> Plan:
    """``left``: hours to plan with. ``uses``: with the lists of a cell's uses."""
    slots = int(wanted.slot_start[-1])
    steps = int(np.diff(problem.routes.start).max(initial=1))
    return Plan(
        quantity=np.zeros(slots),
        cost=np.zeros(slots),
        option=np.full((slots, steps), -1, np.int32),
        bucket=np.zeros((slots, steps), np.int16),
        line=np.repeat(np.arange(len(wanted.kind), dtype=np.int32), np.diff(wanted.slot_start)),
        fixed=np.zeros(slots, np.int8),
        unmade=wanted.quantity.copy(),
        left=np.array(left, np.float64),
        first_use=np.full(left.shape, -1, np.int32),
        next_use=np.full(slots * steps if uses else 0, -1, np.int32),
        last_use=np.full(slots * steps if uses else 0, -1, np.int32),
    )


def copied(plan: Plan) -> Plan:
    return plan._replace(**{name: array.copy() for name, array in plan._asdict().items()})


def objective(plan: Plan, wanted: Wanted) -> float:
    """Of lots and of what isn't made; without fairness and stability. Summed in one order on any number of processors."""
    made, unmade = plan.quantity * plan.cost, plan.unmade * wanted.reject
    return float(np.add.reduce(made) + np.add.reduce(unmade))


def allocations(plan: Plan, indexed: Indexed) -> Allocations:
    """The lots as rows, sorted by line, lot and step."""
    slots = np.flatnonzero(plan.quantity > 0)
    line = plan.line[slots]
    lot = np.arange(len(slots)) - np.searchsorted(line, line)
    row, step = np.nonzero(plan.option[slots] >= 0)
    slot = slots[row]
    return Allocations(
        line[row],
        lot[row].astype(np.int32),
        step.astype(np.int32),
        indexed.network.option_centre[plan.option[slot, step]],
        plan.bucket[slot, step].astype(np.int32),
        plan.quantity[slot],
    )
