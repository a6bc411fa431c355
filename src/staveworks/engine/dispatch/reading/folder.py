"""A problem as a folder: each table a CSV file (UTF-8, with or without its mark) or a Parquet file."""

import csv
import io
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.reading.faults import Faults
from staveworks.engine.dispatch.reading.source import SETTINGS, UNREAD, Opened, Stretch
from staveworks.engine.dispatch.reading.tables import Table
from staveworks.engine.dispatch.reading.words import CELLS, NOT_UTF8, TWO_COLUMNS, TWO_FILES, UNREADABLE

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK = 8 * 2**20
SAMPLE = 2**20
UTF8_MARK = b"\xef\xbb\xbf"


class Folder:
    """Files that are no table of ours are left alone."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def settings(self, faults: Faults) -> Any:
        file = self.path / f"{SETTINGS}.json"
        if not file.is_file():
            return None
        try:
            return json.loads(file.read_text("utf-8-sig"))
        except (ValueError, RecursionError, OSError) as error:
            faults.add_json(SETTINGS, error)
            return UNREAD

    def has(self, table: str) -> bool:
        return bool(self._files(table))

    def size(self, table: str) -> int:
        return sum(_count(file) for file in self._files(table)[:1])

    def open(self, table: Table, faults: Faults) -> Opened | None:
        files = self._files(table.name)
        if len(files) > 1:
            faults.add(table.name, TWO_FILES)
            return None
        try:
            opened = _open_parquet if files[0].suffix == ".parquet" else _open_csv
            return opened(table, files[0], faults)
        except (OSError, ValueError) as error:
            faults.add(table.name, UNREADABLE.format(why=error))
            return None

    def _files(self, table: str) -> list[Path]:
        return [file for end in ("csv", "parquet") if (file := self.path / f"{table}.{end}").is_file()]


def _count(file: Path) -> int:
    """Of rows: what Parquet says, or the size of a CSV over that of its first lines."""
    if file.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return int(pq.read_metadata(file).num_rows)
        except (OSError, pa.ArrowInvalid):
            return 0
    with file.open("rb") as opened:
        sample = opened.read(SAMPLE)
    lines = sample.count(b"\n")
    return math.ceil(file.stat().st_size * lines / len(sample)) if sample else 0


def _open_parquet(table: Table, file: Path, faults: Faults) -> Opened | None:
    import pyarrow.parquet as pq

    opened = pq.ParquetFile(file)
    header = list(opened.schema_arrow.names)
    wanted = [column.name for column in table.columns if column.name in header]

    def stretches() -> Iterator[Stretch]:
        row = 1
        try:
            for batch in opened.iter_batches(2**17, columns=wanted):
                rows = np.arange(row, row + batch.num_rows)
                yield Stretch(rows, dict(zip(batch.schema.names, batch.columns, strict=True)))
                row += batch.num_rows
        except (OSError, ValueError) as error:
            faults.cut.add(table.name)
            faults.add(table.name, UNREADABLE.format(why=error))

    return Opened(header, stretches())


def _open_csv(table: Table, file: Path, faults: Faults) -> Opened | None:
    with file.open("rb") as opened:
        first = opened.readline().removeprefix(UTF8_MARK)
    try:
        header = [name.strip() for name in next(csv.reader(io.StringIO(first.decode("utf-8"))), [])]
    except UnicodeDecodeError:
        faults.add(table.name, NOT_UTF8, row=1)
        return None
    for name in {name for name in header if header.count(name) > 1}:
        faults.add(table.name, TWO_COLUMNS, row=1, column=name)
    bare = not first.endswith(b"\n")
    return Opened(header, iter(()) if bare or not header else _csv_stretches(table, file, header, faults))


class _Skipped:
    """Rows that don't have the right number of cells: told, unless they are empty, and left out."""

    def __init__(self, table: str, faults: Faults) -> None:
        self.table, self.faults = table, faults
        self.rows: list[int] = []

    def __call__(self, row: Any) -> str:
        self.rows.append(row.number)
        if row.text.strip(", \t\r\n"):
            words = CELLS.format(wanted=row.expected_columns, found=row.actual_columns)
            self.faults.add(self.table, words, row=row.number)
        return "skip"

    def numbers(self, start: int, count: int) -> NDArray[np.int64]:
        """Of ``count`` rows from the ``start``-th on that weren't left out: as the file counts them."""
        places = np.arange(start, start + count)
        if not self.rows:
            return places
        gone = np.array(self.rows) - np.arange(len(self.rows))
        return places + np.searchsorted(gone, places, side="right")


def _csv_stretches(table: Table, file: Path, header: list[str], faults: Faults) -> Iterator[Stretch]:
    import pyarrow as pa

    skipped = _Skipped(table.name, faults)
    row = 2
    try:
        for batch in _batches(file, header, [column.name for column in table.columns], skipped):
            rows = skipped.numbers(row, batch.num_rows)
            row += batch.num_rows
            yield _without_blanks(rows, dict(zip(batch.schema.names, batch.columns, strict=True)))
    except pa.ArrowInvalid as error:
        faults.cut.add(table.name)
        if (line := _first_not_utf8(file)) is not None:
            faults.add(table.name, NOT_UTF8, row=line)
        else:
            faults.add(table.name, UNREADABLE.format(why=str(error).splitlines()[0]))


def _without_blanks(rows: NDArray[np.int64], cells: "dict[str, pa.Array]") -> Stretch:
    """Rows without anything in them are no rows."""
    import pyarrow as pa
    import pyarrow.compute as pc

    blank = np.ones(len(rows), bool)
    for column in cells.values():
        if blank.any():
            blank &= pc.equal(column, "").to_numpy(zero_copy_only=False)
    if not cells or not blank.any():
        return Stretch(rows, cells)
    return Stretch(rows[~blank], {name: column.filter(pa.array(~blank)) for name, column in cells.items()})


def _batches(
    file: Path, header: list[str], known: list[str], skipped: _Skipped
) -> "Iterator[pa.RecordBatch]":
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    wanted = [name for name in known if header.count(name) == 1]
    with arrow_csv.open_csv(
        file,
        read_options=arrow_csv.ReadOptions(
            use_threads=False, column_names=_different(header), skip_rows=1, block_size=BLOCK
        ),
        parse_options=arrow_csv.ParseOptions(invalid_row_handler=skipped, ignore_empty_lines=False),
        convert_options=arrow_csv.ConvertOptions(
            column_types={name: pa.string() for name in wanted}, include_columns=wanted
        ),
    ) as reader:
        yield from reader


def _different(header: list[str]) -> list[str]:
    """No two names the same; columns that we don't know may have none."""
    return [name if header.count(name) == 1 else f"{name}\n{place}" for place, name in enumerate(header)]


def _first_not_utf8(file: Path) -> int | None:
    with file.open("rb") as opened:
        for number, line in enumerate(opened, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return None
