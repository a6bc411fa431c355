"""Where tables come from, in stretches: a folder of CSV or Parquet, one JSON file, or one workbook."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.reading.faults import Faults
from staveworks.engine.dispatch.reading.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa

SETTINGS = "problem"
UNREAD: dict[str, Any] = {}
"""In place of settings that can't be read, which has been told: nothing else is said of what they lack."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some rows of a table: their numbers as the sender sees them, and their cells by column."""

    rows: NDArray[np.int64]
    cells: "dict[str, pa.Array]"


@dataclass(frozen=True, slots=True)
class Opened:
    """A table: the columns that it has, then its rows."""

    header: list[str]
    stretches: Iterator[Stretch]


class Source(Protocol):
    path: Path

    def settings(self, faults: Faults) -> Any:
        """What ``problem.json`` says, ``None`` where it is missing."""

    def has(self, table: str) -> bool:
        """Whether there is such a table."""

    def size(self, table: str) -> int:
        """About how many rows the table has, without reading it."""

    def open(self, table: Table, faults: Faults) -> Opened | None:
        """The table, ``None`` (and a fault) where it can't be read."""
