"""A demand's tables, whoever sent them: columns by their codes, cells as JSON keeps them. Nothing is judged here, nothing dropped.

The one way in: ``save_demand`` takes sheets, programs' bodies and typed lines through it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.demand_columns import COLUMNS, column_of

TABLES = (
    *("cities", "transport", "families", "routes", "work_centres", "capacity", "capabilities"),
    *("lines", "commitments"),
)
OWN_CAPACITY = frozenset({"work_centres", "capacity", "capabilities"})
EXACT = 2**53
"""Whole numbers beyond aren't told apart as floating ones."""
NO_COLUMN = Text(
    zh="没有“{name}”这一列。可以有：{known}。", en="There is no column “{name}”; there may be: {known}."
)
COLUMN_TWICE = Text(zh="“{name}”和“{other}”是同一列。", en="“{name}” and “{other}” are the same column.")


def parse(tables: Mapping[str, Any]) -> dict[str, Any]:
    """``problem`` and what else is no table stay as they are."""
    return {
        name: [row_of(row, lines=name == "lines") for row in said] if name in TABLES else said
        for name, said in tables.items()
    }


def row_of(row: Mapping[str, Any], *, lines: bool) -> dict[str, Any]:
    """``lines``: columns may be called as planners call them."""
    return {column_of(name) if lines else name.strip(): plain(cell) for name, cell in row.items()}


def plain(cell: Any) -> Any:
    """As JSON keeps it: whole numbers without a point, days as text."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT:
        return int(cell)
    if isinstance(cell, str):
        return cell.strip()
    return cell if cell is None or isinstance(cell, int | float) else str(cell)


def strange_columns(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, str, Text]]:
    """Of lines: entry, column as it was called, and why it would be lost: nobody knows it, or another one is it too. A sheet may have remarks
    beside; what a program sends it means."""
    for entry, row in enumerate(rows):
        seen: dict[str, str] = {}
        for name in row:
            code = column_of(name)
            if code not in COLUMNS:
                yield entry, name, NO_COLUMN.format(name=name[:40], known=", ".join(COLUMNS))
            elif code in seen:
                yield entry, name, COLUMN_TWICE.format(name=name[:40], other=seen[code][:40])
            seen.setdefault(code, name)
