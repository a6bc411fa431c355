"""A problem as one JSON file, or as one workbook with a sheet for each table."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

import numpy as np

from staveworks.engine.dispatch.reading.faults import Faults
from staveworks.engine.dispatch.reading.source import SETTINGS, UNREAD, Opened, Stretch
from staveworks.engine.dispatch.reading.tables import TABLES, Table
from staveworks.engine.dispatch.reading.words import NOT_ROW, NOT_ROWS, TWO_COLUMNS

if TYPE_CHECKING:
    import pyarrow as pa

TOGETHER = 2**17
JSON_ROW, XLSX_ROW = 100, 250
"""Bytes of a row, about; of a workbook those within the archive."""


def as_column(values: Sequence[Any]) -> "pa.Array":
    """As one Arrow type; where they are of several, as text."""
    import pyarrow as pa

    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


class JsonFile:
    """``{"problem": {…}, "cities": [{…}, …], …}``; what ``problem`` holds may as well stand beside the tables."""

    def __init__(self, path: Path, first_row: int = 1) -> None:
        self.path, self._first = path, first_row
        self._content: dict[str, Any] | None = None

    def settings(self, faults: Faults) -> Any:
        content = self._read(faults)
        if content is _NOTHING:
            return UNREAD
        if SETTINGS in content:
            return content[SETTINGS]
        return {key: value for key, value in content.items() if key not in TABLES} or None

    def has(self, table: str) -> bool:
        """A file that can't be read, which has been told, lacks nothing else."""
        return self._content is _NOTHING or table in self._read(Faults())

    def size(self, table: str) -> int:
        return self.path.stat().st_size // JSON_ROW if table == "lines" else 0

    def open(self, table: Table, faults: Faults) -> Opened | None:
        entries = self._read(faults).get(table.name)
        if not isinstance(entries, list):
            if self._content is not _NOTHING:
                faults.add(table.name, NOT_ROWS)
            return None
        good = []
        for place, entry in enumerate(entries):
            if isinstance(entry, dict):
                good.append(place)
            else:
                faults.add(table.name, NOT_ROW, row=place + self._first)
        header = dict.fromkeys(key for place in good for key in entries[place])
        if not good:
            header = dict.fromkeys(column.name for column in table.columns)
        return Opened(list(header), _entries(table, header, entries, good, self._first))

    def _read(self, faults: Faults) -> dict[str, Any]:
        if self._content is None:
            self._content = _NOTHING
            try:
                content = json.loads(self.path.read_text("utf-8-sig"))
                if isinstance(content, dict):
                    self._content = content
                else:
                    faults.add(SETTINGS, NOT_ROW)
            except (ValueError, RecursionError, OSError) as error:
                faults.add_json(SETTINGS, error)
        return self._content


_NOTHING: dict[str, Any] = {}


def _entries(
    table: Table, header: dict[str, Any], entries: list[dict[str, Any]], good: list[int], first_row: int
) -> Iterator[Stretch]:
    wanted = [column.name for column in table.columns if column.name in header]
    for start in range(0, len(good), TOGETHER):
        some = good[start : start + TOGETHER]
        cells = {name: as_column([entries[place].get(name) for place in some]) for name in wanted}
        yield Stretch(np.array(some) + first_row, cells)


class Workbook:
    """A sheet for each table, its first row the names of the columns; ``problem`` has a key and its values in each row."""

    def __init__(self, path: Path) -> None:
        from python_calamine import CalamineWorkbook

        self.path = path
        self._book = CalamineWorkbook.from_path(str(path))

    def settings(self, faults: Faults) -> Any:
        if SETTINGS not in self._book.sheet_names:
            return None
        found: dict[str, Any] = {}
        for row in self._book.get_sheet_by_name(SETTINGS).to_python():
            key, *values = [cell for cell in row if cell != ""] or [""]
            _settle(found, str(key).strip(), values)
        return found

    def has(self, table: str) -> bool:
        return table in self._book.sheet_names

    def size(self, table: str) -> int:
        """Of the largest sheet within the archive, for ``lines``: which sheet is which can't be told without reading."""
        if table != "lines":
            return 0
        try:
            with ZipFile(self.path) as archive:
                return sum(entry.file_size for entry in archive.infolist()) // XLSX_ROW
        except (BadZipFile, OSError):
            return 0

    def open(self, table: Table, faults: Faults) -> Opened | None:
        found = self._book.get_sheet_by_name(table.name).to_python(skip_empty_area=False)
        header = [str(cell).strip() for cell in found[0]] if found else []
        for name in {name for name in header if name and header.count(name) > 1}:
            faults.add(table.name, TWO_COLUMNS, row=1, column=name)
        return Opened(header, _cells(table, header, found))


def _settle(found: dict[str, Any], key: str, values: list[Any]) -> None:
    """``fairness.share`` goes into ``fairness``; operations stand in one cell with ``;`` between, or in several."""
    values = [int(value) if isinstance(value, float) and value.is_integer() else value for value in values]
    if key == "operations":
        found[key] = [part.strip() for value in values for part in str(value).split(";") if part.strip()]
    elif key.startswith("fairness.") and values:
        found.setdefault("fairness", {})[key.removeprefix("fairness.")] = values[0]
    elif key and values:
        found[key] = values[0]


def _cells(table: Table, header: list[str], found: list[list[Any]]) -> Iterator[Stretch]:
    wanted = [column.name for column in table.columns if header.count(column.name) == 1]
    rows = [row for row, cells in enumerate(found) if row and any(cell != "" for cell in cells)]
    for start in range(0, len(rows), TOGETHER):
        some = rows[start : start + TOGETHER]
        cells = {
            name: as_column([None if (cell := found[row][place]) == "" else cell for row in some])
            for name in wanted
            for place in [header.index(name)]
        }
        yield Stretch(np.array(some) + 1, cells)
