"""Who may make what: lines that may go the same ways, and the work centres that may make them."""

from collections.abc import Collection, Iterator

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.problem import Firms, Ints, Problem


def classes(problem: Problem) -> Iterator[NDArray[np.int64]]:
    """Lines that may go the same ways: family, grade, certificates, release and firms are the same."""
    lines = problem.lines
    keys = [lines.family, lines.grade, np.maximum(lines.release, problem.frozen)]
    keys += [lines.certificates[:, word] for word in range(lines.certificates.shape[1])]
    keys += [_codes(lines.allowed), _codes(lines.blocked)]
    order = np.lexsort(keys)
    if not len(order):
        return
    differs = np.zeros(len(order) - 1, bool)
    for key in keys:
        differs |= key[order][1:] != key[order][:-1]
    yield from np.split(order, np.flatnonzero(differs) + 1)


def _codes(sets: Firms) -> NDArray[np.int64]:
    """Equal numbers for equal sets, 0 for the empty one."""
    codes = np.zeros(len(sets.start) - 1, np.int64)
    seen: dict[bytes, int] = {}
    for line in np.flatnonzero(np.diff(sets.start)).tolist():
        firms = np.sort(firms_of(sets, line)).tobytes()
        codes[line] = seen.setdefault(firms, len(seen) + 1)
    return codes


def eligible(
    problem: Problem, line: int, *, rules: Collection[str] = ("grade", "certificates", "firms")
) -> NDArray[np.bool_]:
    """Which work centres a line may use by these ``rules``, whatever they can make."""
    centres, lines = problem.work_centres, problem.lines
    fine = np.ones(len(centres.ids), bool)
    if "grade" in rules:
        fine &= centres.grade >= lines.grade[line]
    if "certificates" in rules:
        need = lines.certificates[line]
        fine &= ((centres.certificates & need) == need).all(axis=1)
    if "firms" in rules:
        allowed, blocked = firms_of(lines.allowed, line), firms_of(lines.blocked, line)
        fine &= ~np.isin(centres.firm, blocked)
        if len(allowed):
            fine &= np.isin(centres.firm, allowed)
    return fine


def firms_of(sets: Firms, line: int) -> Ints:
    return sets.firm[sets.start[line] : sets.start[line + 1]]


def usable(problem: Problem, line: int, among: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """The capabilities that a line may use."""
    able = problem.capabilities
    rows = np.flatnonzero(able.family == problem.lines.family[line])
    fine = eligible(problem, line)
    return rows[(fine if among is None else fine & among)[able.work_centre[rows]]]
