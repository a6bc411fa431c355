"""XLSX sheets to numbered lines of text cells."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from staveworks.foundation.rosters.reading.container import DAMAGED
from staveworks.foundation.rosters.reading.types import Unreadable

type Line = tuple[int, list[str]]


class Workbook:
    """The visible work sheets of a file, opened once. Every failure of the reader is ``Unreadable``."""

    def __init__(self, path: Path) -> None:
        self._book: Any = _guarded(lambda: CalamineWorkbook.from_path(str(path)))
        self.titles: list[tuple[int, str]] = [
            (index, sheet.name)
            for index, sheet in enumerate(self._book.sheets_metadata)
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]

    def lines(self, index: int) -> Iterator[Line]:
        """(1-based row, cells as text); a cell merged downwards fills the rows that it covers."""
        sheet = _guarded(lambda: self._book.get_sheet_by_index(index))
        spans = _downward(_guarded(lambda: sheet.merged_cell_ranges) or [])
        held: dict[int, tuple[int, str]] = {}
        rows = _guarded(lambda: iter(sheet.to_python(skip_empty_area=False)))
        for number, row in enumerate(rows, start=1):
            cells = [text_of(value) for value in row]
            for column, last in spans.get(number - 1, ()):
                held[column] = (last, cells[column] if column < len(cells) else "")
            for column, (last, text) in held.items():
                if number - 1 <= last and column < len(cells) and not cells[column]:
                    cells[column] = text
            yield number, cells


def _downward(ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> dict[int, list[tuple[int, int]]]:
    """First row → (column, last row) of the ranges that are one column wide: a city that stands for several firms."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, right) in ranges:
        if left == right and bottom > top:
            spans.setdefault(top, []).append((left, bottom))
    return spans


def text_of(value: object) -> str:
    """A cell as a person sees it; whole numbers without ``.0`` (phones and codes often arrive as numbers)."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else repr(value)
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    return "" if value is None else str(value)


def _guarded[T](read: Callable[[], T]) -> T:
    try:
        return read()
    except BaseException as error:  # the reader is Rust: its panics are no subclass of Exception
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise Unreadable(DAMAGED) from error
        raise
