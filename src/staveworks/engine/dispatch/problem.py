"""What is asked: lines to be made, work centres with free hours, routes, transport. Columns, not rows: a problem may have 10^6 lines.

Every entity is known by its place (0, 1, …) in its table; ``ids`` give the names back. Money, hours and transport are per unit of
quantity; a bucket is a week or a day, counted from 0. Arrays are never written to after the problem is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int32]
type Words = NDArray[np.uint64]
"""Sets of certificates, one row a set: bit c % 64 of word c // 64 is set if it holds certificate c."""

PLANNED, PINNED, STARTED = 0, 1, 2
STATUSES: tuple[Literal["planned", "pinned", "started"], ...] = ("planned", "pinned", "started")
"""Of a commitment, by its number."""

TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Transport:
    """From city to city: ``cost`` per weight (C, C), ``inf`` where they aren't connected; ``lag`` in buckets (C, C)."""

    cost: Floats
    lag: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Families:
    """``hold_cost`` is per unit and bucket of waiting between operations, beyond the lag of transport."""

    ids: Sequence[str]
    weight: Floats
    hold_cost: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Routes:
    """Route r of family ``family[r]`` has the operations ``operation[start[r]:start[r + 1]]``, in their sequence."""

    ids: Sequence[str]
    family: Ints
    start: Ints
    operation: Ints


@dataclass(frozen=True, slots=True, eq=False)
class WorkCentres:
    """One machine park of a firm; ``hours`` (W, B) are free; a cell (work centre, bucket) without hours isn't used.

    ``working_hours`` (W, B) are all that are worked in a cell, free or not; ``inf`` where nobody said. No plan depends on them.
    """

    ids: Sequence[str]
    firm: Ints
    city: Ints
    operation: Ints
    grade: Ints
    certificates: Words
    hours: Floats
    working_hours: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Capabilities:
    """What a work centre makes, one row a (work centre, family): ``cost`` and ``hours`` per unit, ``setup_hours`` per lot."""

    work_centre: Ints
    family: Ints
    cost: Floats
    hours: Floats
    setup_hours: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Firms:
    """Sets of firms, one a line: ``firm[start[l]:start[l + 1]]``."""

    start: NDArray[np.int64]
    firm: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """What customers want. ``allowed``: only these firms, if any is named; ``blocked``: not these."""

    ids: Sequence[str]
    family: Ints
    quantity: Floats
    release: Ints
    due: Ints
    grade: Ints
    certificates: Words
    city: Ints
    late_cost: Floats
    reject_cost: Floats
    min_lot: Floats
    max_lots: Ints
    allowed: Firms
    blocked: Firms

    def __len__(self) -> int:
        return len(self.quantity)


@dataclass(frozen=True, slots=True, eq=False)
class Commitments:
    """Parts of lines that have a place already: started and pinned ones stay, planned ones may move at ``Problem.stability``."""

    line: Ints
    lot: Ints
    step: Ints
    work_centre: Ints
    bucket: Ints
    quantity: Floats
    status: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.line)


def no_commitments() -> Commitments:
    none = np.zeros(0, np.int32)
    return Commitments(none, none, none, none, none, np.zeros(0), np.zeros(0, np.int8))


@dataclass(frozen=True, slots=True)
class Fairness:
    """Every firm is promised ``share`` of the hours it declared; an hour short of it costs ``penalty``."""

    share: float
    penalty: float


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """All of it. ``stability``: cost per unit of a planned commitment that moves; buckets below ``frozen`` change only by hand."""

    buckets: int
    operations: Sequence[str]
    cities: Sequence[str]
    firms: Sequence[str]
    certificates: Sequence[str]
    transport: Transport
    families: Families
    routes: Routes
    work_centres: WorkCentres
    capabilities: Capabilities
    lines: Lines
    commitments: Commitments = field(default_factory=no_commitments)
    fairness: Fairness | None = None
    stability: float = 0.0
    frozen: int = 0
