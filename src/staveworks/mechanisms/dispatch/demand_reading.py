"""A planner's file as tables of rows: a workbook with a sheet for each table, or one sheet or CSV of lines. What columns and cells mean is
``demand_parsing``'s."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from python_calamine import CalamineError, CalamineWorkbook

from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.demand_columns import COLUMNS, column_of
from staveworks.mechanisms.dispatch.demand_parsing import TABLES, plain
from staveworks.mechanisms.dispatch.types.runs import MOST_LINES

ENCODINGS = ("utf-8-sig", "gb18030")
MOST_CELLS = 5_000_000


class Unreadable(Invalid):
    text = Text(
        zh="这不是能读的表格。请上传 XLSX，或 UTF-8、GBK 编码的 CSV。",
        en="This is no table that can be read. Send XLSX, or CSV in UTF-8 or GBK.",
    )


class NoLines(Invalid):
    text = Text(
        zh="没有找到订单行：需要一张有“订单行、产品、数量、交货周、送达城市”这些列的表。",
        en="No lines found: a sheet with the columns line, family, quantity, due and city is needed.",
    )


class TooManyLines(Invalid):
    text = Text(
        zh=f"一次最多 {MOST_LINES:,} 行；更大的请用命令 staveworks dispatch。",
        en=f"At most {MOST_LINES:,} lines at once; larger ones go by the command staveworks dispatch.",
    )


def read_demand(path: Path, *, name: str) -> dict[str, Any]:
    """Table → rows as they stand, ``problem`` → its settings where the workbook has any. Raises ``Unreadable``, ``NoLines``, ``TooManyLines``."""
    tables = _workbook(path) if name.lower().endswith((".xlsx", ".xlsm", ".ods", ".xls")) else _csv(path)
    lines = tables.get("lines")
    if not lines:
        raise NoLines(field="file")
    if len(lines) > MOST_LINES:
        raise TooManyLines(field="file")
    return tables


def _workbook(path: Path) -> dict[str, Any]:
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = {each: book.get_sheet_by_name(each).to_python() for each in book.sheet_names}
    except (CalamineError, BadZipFile, OSError, ValueError):
        raise Unreadable(field="file") from None
    named = {each: rows for each, rows in sheets.items() if each in TABLES}
    if "lines" not in named:
        first = next((rows for rows in sheets.values() if _looks_like_lines(rows)), None)
        if first is None:
            raise NoLines(field="file")
        named = {**named, "lines": first}
    tables: dict[str, Any] = {each: list(_rows(rows)) for each, rows in named.items()}
    if "problem" in sheets:
        tables["problem"] = _settings(sheets["problem"])
    return tables


def _csv(path: Path) -> dict[str, Any]:
    raw = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Unreadable(field="file")
    if "\0" in text:
        raise Unreadable(field="file")
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    try:
        rows: list[Sequence[Any]] = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error:
        raise Unreadable(field="file") from None
    if not _looks_like_lines(rows):
        raise NoLines(field="file")
    return {"lines": list(_rows(rows))}


def _looks_like_lines(rows: Sequence[Sequence[Any]]) -> bool:
    header = {column_of(str(cell)) for cell in rows[0]} if rows else set()
    return {"id", "quantity"} <= header or len(header & COLUMNS.keys()) >= 4


def _rows(rows: Sequence[Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """By the header; empty rows are no rows."""
    header = [str(cell).strip() for cell in rows[0]] if rows else []
    for cells in rows[1:]:
        found = {name: plain(cell) for name, cell in zip(header, cells, strict=False) if name}
        if any(value not in ("", None) for value in found.values()):
            yield found


def _settings(rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """A key and its values in each row; ``fairness.share`` goes into ``fairness``."""
    found: dict[str, Any] = {}
    for row in rows:
        key, *values = [plain(cell) for cell in row if cell not in ("", None)] or [""]
        if key == "operations":
            found[key] = [part.strip() for value in values for part in str(value).split(";") if part.strip()]
        elif str(key).startswith("fairness.") and values:
            found.setdefault("fairness", {})[str(key).removeprefix("fairness.")] = values[0]
        elif key and values:
            found[str(key)] = values[0]
    return found
