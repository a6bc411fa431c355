"""A whole table as columns of numbers: ids are looked up, ranges looked at; what is wrong is told with its row."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.reading.cells import TYPES, Cells, Known
from staveworks.engine.dispatch.reading.faults import Faults
from staveworks.engine.dispatch.reading.source import Source
from staveworks.engine.dispatch.reading.tables import Table
from staveworks.engine.dispatch.reading.values import Coder
from staveworks.engine.dispatch.reading.words import (
    NO_COLUMN,
    NO_TABLE,
)

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(slots=True)
class Columns:
    """``of[name]``: numbers, or the places of texts in ``texts[name]``; ``ids`` where the table has any; ``rows`` as senders count."""

    of: dict[str, NDArray[Any]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    rows: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    def __len__(self) -> int:
        return len(self.rows)


class Reader:
    """Reads one table after the other, each of which may name rows of those before."""

    def __init__(
        self, source: Source, faults: Faults, *, buckets: int | None, operations: Sequence[str]
    ) -> None:
        self._source, self._faults, self._buckets = source, faults, buckets
        self._known: Known = {}
        if operations:
            self._known["operations"] = self._as_set(operations)

    def read(self, table: Table) -> Columns:
        """What could be read of it."""
        empty = _empty(table)
        if not self._source.has(table.name):
            if not table.optional:
                self._faults.add(table.name, NO_TABLE)
            return empty
        opened = self._source.open(table, self._faults)
        if opened is None:
            return empty
        return self._collect(table, set(opened.header), opened.stretches)

    def _collect(self, table: Table, header: set[str], stretches: Any) -> Columns:
        for column in table.columns:
            if column.name not in header and not column.optional:
                self._faults.add(table.name, NO_COLUMN, column=column.name)
        coders = {column.name: Coder() for column in table.columns if column.kind in ("label", "set")}
        parts: dict[str, list[Any]] = {column.name: [] for column in table.columns}
        rows: list[NDArray[np.int64]] = []
        for stretch in stretches:
            rows.append(stretch.rows)
            for column in table.columns:
                parts[column.name].append(
                    Cells(table.name, column, stretch, self._faults).read(
                        self._known, self._buckets, coders.get(column.name)
                    )
                )
        return self._join(table, parts, rows, coders)

    def _join(
        self,
        table: Table,
        parts: dict[str, list[Any]],
        rows: list[NDArray[np.int64]],
        coders: dict[str, Coder],
    ) -> Columns:
        found = _empty(table)
        for column in table.columns:
            if column.kind == "name":
                found.ids = [each for part in parts[column.name] for each in part]
                if table.name not in self._faults.cut:
                    self._known[table.name] = self._as_set(found.ids)
            elif parts[column.name]:
                found.of[column.name] = np.concatenate(parts.pop(column.name))
        found.texts = {each: coder.texts for each, coder in coders.items()}
        found.rows = np.concatenate(rows) if rows else found.rows
        return found

    def know(self, table: str, ids: Sequence[str]) -> None:
        """Ids of a table that isn't read here."""
        self._known[table] = self._as_set(ids)

    @staticmethod
    def _as_set(ids: Sequence[str]) -> "pa.Array":
        import pyarrow as pa

        return pa.array(ids, pa.string())


def _empty(table: Table) -> Columns:
    kinds = {column.name: TYPES.get(column.kind, np.int32) for column in table.columns}
    return Columns({column: np.zeros(0, kind) for column, kind in kinds.items()})
