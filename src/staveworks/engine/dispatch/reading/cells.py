"""The cells of one column in one stretch of a table: numbers, places of ids, codes of texts; what can't be is told."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.problem import STATUSES
from staveworks.engine.dispatch.reading.faults import Faults
from staveworks.engine.dispatch.reading.source import Stretch
from staveworks.engine.dispatch.reading.tables import Column
from staveworks.engine.dispatch.reading.values import Coder, Flags, as_numbers, as_texts, find_places
from staveworks.engine.dispatch.reading.words import (
    AT_LEAST,
    BLANK,
    MORE_THAN,
    NO_BUCKET,
    NOT_FINITE,
    NOT_NUMBER,
    NOT_TEXT,
    NOT_WHOLE,
    TOO_LARGE,
    UNKNOWN,
    UNKNOWN_STATUS,
)
from staveworks.kit.text import Text

if TYPE_CHECKING:
    import pyarrow as pa

type Known = dict[str, Any]
"""The ids of each table that was read, as Arrow arrays."""

LARGEST = 2**31 - 1
"""A whole number stands in four bytes."""
HUGE = 1e15
"""Larger amounts would leave no digits after the point."""


TYPES: dict[str, type[np.generic]] = {"number": np.float64, "status": np.int8}


@dataclass(frozen=True, slots=True)
class Cells:
    """One column of one stretch."""

    table: str
    column: Column
    stretch: Stretch
    faults: Faults

    def read(self, known: Known, buckets: int | None, coder: Coder | None) -> Any:
        values = self.stretch.cells.get(self.column.name)
        if values is None:
            return self._absent(coder)
        match self.column.kind:
            case "number":
                return self._numbers(values)[0]
            case "integer":
                return self._whole(values)
            case "bucket":
                return self._bucket(values, buckets)
        texts = self._texts(values)
        match self.column.kind:
            case "name":
                return texts.to_pylist()
            case "reference":
                return self._places(texts, known.get(self.column.of))
            case "status":
                return self._status(texts)
        assert coder is not None
        return coder.code(texts)

    def _absent(self, coder: Coder | None) -> Any:
        count = len(self.stretch.rows)
        if self.column.kind == "name":
            return [f"\n{row}" for row in self.stretch.rows.tolist()]
        if coder is not None:
            coder.place("")
        return np.full(count, self.column.blank, TYPES.get(self.column.kind, np.int32))

    def _tell(self, which: Flags, text: Text, values: "pa.Array | None" = None, **more: object) -> None:
        places = np.flatnonzero(which)
        if not len(places):
            return

        def words(place: int) -> Text:
            if values is None:
                return text
            return text.format(value=_short(values[int(places[place])].as_py()), **more)

        self.faults.add_rows(self.table, self.column.name, self.stretch.rows[places], words)

    def _numbers(self, values: "pa.Array") -> tuple[NDArray[np.float64], Flags]:
        """And which of them are good."""
        found, blank, wrong = as_numbers(values)
        if not self.column.optional:
            self._tell(blank, BLANK)
        self._tell(wrong, NOT_NUMBER, values)
        fine = ~blank & ~wrong
        endless = fine & ~np.isfinite(found)
        self._tell(endless, NOT_FINITE, values)
        fine &= ~endless
        fine &= self._range(found, fine, values)
        if self.column.optional:
            return np.where(fine, found, np.where(blank, self.column.blank, 0.0)), fine | blank
        return np.where(fine, found, 0.0), fine

    def _range(self, found: NDArray[np.float64], fine: Flags, values: "pa.Array") -> Flags:
        least = self.column.least
        low = np.zeros(len(found), bool)
        if least is not None:
            low = fine & ((found <= least) if self.column.above else (found < least))
            self._tell(low, MORE_THAN if self.column.above else AT_LEAST, values, least=f"{least:g}")
        high = fine & (np.abs(found) > HUGE)
        self._tell(high, TOO_LARGE, values)
        return ~low & ~high

    def _whole(self, values: "pa.Array") -> NDArray[np.int32]:
        found, fine = self._numbers(values)
        broken = fine & (found != np.rint(found))
        self._tell(broken, NOT_WHOLE, values)
        high = fine & ~broken & (np.abs(found) > LARGEST)
        self._tell(high, TOO_LARGE, values)
        return np.where(fine & ~broken & ~high, found, 0).astype(np.int32)

    def _bucket(self, values: "pa.Array", buckets: int | None) -> NDArray[np.int32]:
        found = self._whole(values)
        if buckets is None:
            return found
        outside = (found < 0) | (found >= buckets)
        self._tell(outside, NO_BUCKET, values, last=buckets - 1)
        return np.where(outside, -1, found).astype(np.int32)

    def _texts(self, values: "pa.Array") -> "pa.Array":
        import pyarrow.compute as pc

        texts, wrong = as_texts(values)
        self._tell(wrong, NOT_TEXT, values)
        if not self.column.optional:
            self._tell(pc.equal(texts, "").to_numpy(zero_copy_only=False) & ~wrong, BLANK)
        return texts

    def _places(self, texts: "pa.Array", known: Any) -> NDArray[np.int32]:
        import pyarrow.compute as pc

        if known is None:
            return np.full(len(texts), -1, np.int32)
        places = find_places(texts, known)
        unknown = (places < 0) & pc.not_equal(texts, "").to_numpy(zero_copy_only=False)
        self._tell(unknown, UNKNOWN, texts, table=self.column.of)
        return places

    def _status(self, texts: "pa.Array") -> NDArray[np.int8]:
        import pyarrow as pa
        import pyarrow.compute as pc

        places = find_places(texts, pa.array(STATUSES))
        unknown = (places < 0) & pc.not_equal(texts, "").to_numpy(zero_copy_only=False)
        self._tell(unknown, UNKNOWN_STATUS, texts, known=", ".join(STATUSES))
        return places.astype(np.int8)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
