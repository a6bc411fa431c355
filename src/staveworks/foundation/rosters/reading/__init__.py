"""Files to rows: XLSX and CSV as associations, parks and brands send them. One door: ``open_roster``."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from staveworks.foundation.rosters.headers import PROBLEM_HEADER, REFERENCE_HEADER
from staveworks.foundation.rosters.reading import container, decoding, delimited
from staveworks.foundation.rosters.reading.layout import LOOK_AHEAD, Layout, clean, data_lines, find_layout
from staveworks.foundation.rosters.reading.spreadsheet import Workbook
from staveworks.foundation.rosters.reading.types import Row, Sheet, Unreadable
from staveworks.kit.text import Text

__all__ = ["Line", "Roster", "Row", "Sheet", "Source", "Unreadable", "open_roster"]

type Line = tuple[int, list[str]]
SAMPLE = 20
NO_ROWS = Text(
    zh="文件里没有找到名单：至少要有一列企业名称和一行数据。",
    en="No list was found in the file: it needs at least a column of firm names and one row.",
)


@dataclass(frozen=True, slots=True)
class _Table:
    sheet: Sheet
    layout: Layout
    kept: tuple[int, ...] | None
    reference: int | None


@dataclass(frozen=True, slots=True)
class Roster:
    """An opened list. ``rows`` reads anew each time it is called, so a preview costs nothing of the import."""

    name: str
    kind: container.Kind
    encoding: str | None
    digest: str
    is_correction: bool
    sheets: tuple[Sheet, ...]
    _source: "Source"
    _tables: tuple[_Table, ...] = field(repr=False)

    def rows(self, sheet: Sheet | None = None) -> Iterator[Row]:
        """Data rows in file order; of all sheets one after the other if none is given."""
        tables = [table for table in self._tables if sheet is None or table.sheet.index == sheet.index]
        return chain.from_iterable(_rows(self._source, table) for table in tables)


class Source:
    """Lines of a file by sheet, whatever its kind."""

    def __init__(self, path: Path, kind: container.Kind) -> None:
        self.encoding: str | None = None
        self.titles: list[tuple[int, str]] = [(0, "")]
        if kind == "xlsx":
            self._book: Workbook | None = Workbook(path)
            self.titles = self._book.titles
        else:
            self._book = None
            text, self.encoding = decoding.decode(path.read_bytes())
            self._lines = delimited.lines_of(text)
            self._delimiter = delimited.delimiter_of(self._lines)

    def lines(self, index: int) -> Iterator[Line]:
        if self._book:
            return self._book.lines(index)
        return delimited.records(self._lines, self._delimiter)


def open_roster(path: Path, *, name: str | None = None) -> Roster:
    """Find the tables of a file. Raises ``Unreadable`` (an ``Invalid``) for whatever is no list of firms."""
    kind = container.kind_of(path)
    source = Source(path, kind)
    tables = [table for index, title in source.titles if (table := _table(source, index, title))]
    headed = [table for table in tables if table.sheet.headers]
    tables = headed or tables
    if not tables:
        raise Unreadable(NO_ROWS)
    return Roster(
        name=name or path.name,
        kind=kind,
        encoding=source.encoding,
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
        is_correction=any(table.reference is not None for table in tables),
        sheets=tuple(table.sheet for table in tables),
        _source=source,
        _tables=tuple(tables),
    )


def _table(source: Source, index: int, title: str) -> _Table | None:
    head = [(number, clean(cells)) for number, cells in islice(source.lines(index), LOOK_AHEAD)]
    layout = find_layout(head)
    if layout is None:
        return None
    reference = layout.header.index(REFERENCE_HEADER) if REFERENCE_HEADER in layout.header else None
    own = {REFERENCE_HEADER, PROBLEM_HEADER} if reference is not None else set()
    kept = tuple(c for c, cell in enumerate(layout.header) if cell not in own) if own else None
    headers = layout.header if kept is None else tuple(layout.header[c] for c in kept)
    bare = _Table(Sheet(index, title, headers, layout.header_row, ()), layout, kept, reference)
    sample = tuple(islice(_rows(source, bare), SAMPLE))
    if not sample:
        return None
    return _Table(Sheet(index, title, headers, layout.header_row, sample), layout, kept, reference)


def _rows(source: Source, table: _Table) -> Iterator[Row]:
    for number, cells in data_lines(source.lines(table.sheet.index), table.layout):
        reference = ""
        if table.reference is not None and table.kept is not None:
            reference = cells[table.reference] if table.reference < len(cells) else ""
            cells = [cells[column] if column < len(cells) else "" for column in table.kept]
        yield Row(table.sheet.index, number, tuple(cells), reference)
