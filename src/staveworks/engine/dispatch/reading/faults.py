"""What is wrong with the files of a problem: every fault by table, row and column, the first thousand of them told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from json import JSONDecodeError

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.reading.words import NOT_JSON, NOT_UTF8, TOO_DEEP, UNREADABLE
from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text

TOLD = 1_000
"""So many faults are kept; the others are counted."""

FAULTY = Text(
    zh="问题文件有 {n} 处错误，没有开始计算。",
    en="The problem has {n} fault; nothing was solved.|The problem has {n} faults; nothing was solved.",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """``row`` as a spreadsheet shows it: the header is row 1 of CSV and XLSX; JSON and Parquet have none, there it counts from 1. ``twin``: the
    row that this one repeats, where that is the fault."""

    table: str
    row: int | None
    column: str | None
    text: Text
    twin: int | None = None

    def __str__(self) -> str:
        place = [self.table, *([] if self.row is None else [f"row {self.row}"]), *filter(None, [self.column])]
        return f"{' · '.join(place)}: {self.text.en} {self.text.zh}"


class BadProblem(Invalid):
    """``faults`` are the first thousand of ``count``."""

    def __init__(self, faults: Sequence[Fault], count: int) -> None:
        self.faults = tuple(faults)
        self.count = count
        first = faults[0] if faults else None
        super().__init__(
            FAULTY.format(n=count), field=f"{first.table}.{first.column or ''}".rstrip(".") if first else None
        )


class Faults:
    """Collects them."""

    def __init__(self) -> None:
        self.told: list[Fault] = []
        self.count = 0
        self.cut: set[str] = set()
        """Tables that can't be read to their end: what others name of them isn't judged."""

    def add(self, table: str, text: Text, *, row: int | None = None, column: str | None = None) -> None:
        self.count += 1
        if len(self.told) < TOLD:
            self.told.append(Fault(table, row, column, text))

    def add_json(self, table: str, error: Exception) -> None:
        """Why a file is no JSON."""
        if isinstance(error, JSONDecodeError):
            self.add(table, NOT_JSON.format(line=error.lineno, column=error.colno))
        elif isinstance(error, UnicodeDecodeError):
            self.add(table, NOT_UTF8)
        elif isinstance(error, RecursionError):
            self.add(table, TOO_DEEP)
        else:
            self.add(table, UNREADABLE.format(why=error))

    def add_rows(
        self,
        table: str,
        column: str | None,
        rows: NDArray[np.int64],
        text: Text | Callable[[int], Text],
    ) -> None:
        """One fault for each of ``rows``; ``text`` may depend on the place in ``rows``."""
        room = max(0, TOLD - len(self.told))
        for place, row in enumerate(rows[:room].tolist()):
            self.told.append(Fault(table, row, column, text if isinstance(text, Text) else text(place)))
        self.count += len(rows)

    def add_twins(
        self, table: str, column: str, rows: NDArray[np.int64], firsts: NDArray[np.int64], text: Text
    ) -> None:
        """One fault for each of ``rows``, which repeats that of ``firsts``, the ``row`` that ``text`` names."""
        room = max(0, TOLD - len(self.told))
        for row, first in zip(rows[:room].tolist(), firsts[:room].tolist(), strict=True):
            self.told.append(Fault(table, row, column, text.format(row=first), first))
        self.count += len(rows)

    def raise_any(self) -> None:
        if self.count:
            raise BadProblem(self.told, self.count)
