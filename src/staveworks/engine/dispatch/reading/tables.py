"""The tables of a problem and their columns, as ``docs/reference/dispatch-files.md`` describes them."""

from dataclasses import dataclass
from math import inf
from typing import Literal

type Kind = Literal["name", "label", "reference", "set", "number", "integer", "bucket", "status"]


@dataclass(frozen=True, slots=True)
class Column:
    """``name`` columns give a row its id, ``reference`` ones take it up; ``label`` is any text, ``set`` texts with ``;`` between."""

    name: str
    kind: Kind
    of: str = ""
    least: float | None = None
    above: bool = False
    """More than ``least``, not equal."""
    optional: bool = False
    """The column, or a cell of it, may be absent: ``blank``, or the empty set."""
    blank: float = 0.0


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    """No two rows have the same."""
    optional: bool = False


def _free(name: str, *, least: float | None = 0, above: bool = False, optional: bool = False) -> Column:
    return Column(name, "number", least=least, above=above, optional=optional)


def _whole(name: str, least: float | None = 0) -> Column:
    return Column(name, "integer", least=least)


def _of(name: str, table: str) -> Column:
    return Column(name, "reference", of=table)


def _set(name: str) -> Column:
    return Column(name, "set", optional=True)


ID = Column("id", "name")
BUCKET = Column("bucket", "bucket")

_TABLES = (
    Table("cities", (ID,), ("id",)),
    Table(
        "transport",
        (_of("from", "cities"), _of("to", "cities"), _free("cost"), _whole("lag")),
        ("from", "to"),
    ),
    Table("families", (ID, _free("weight"), _free("hold_cost")), ("id",)),
    Table(
        "routes",
        (_of("family", "families"), Column("route", "label"), _whole("step"), _of("operation", "operations")),
        ("family", "route", "step"),
    ),
    Table(
        "work_centres",
        (
            ID,
            Column("firm", "label"),
            _of("city", "cities"),
            _of("operation", "operations"),
            _whole("grade", None),
            _set("certificates"),
        ),
        ("id",),
    ),
    Table(
        "capacity",
        (
            _of("work_centre", "work_centres"),
            BUCKET,
            _free("hours"),
            Column("working_hours", "number", least=0, optional=True, blank=inf),
        ),
        ("work_centre", "bucket"),
    ),
    Table(
        "capabilities",
        (
            _of("work_centre", "work_centres"),
            _of("family", "families"),
            _free("cost"),
            _free("hours", above=True),
            _free("setup_hours", optional=True),
        ),
        ("work_centre", "family"),
    ),
    Table(
        "lines",
        (
            ID,
            _of("family", "families"),
            _free("quantity", above=True),
            Column("release", "bucket"),
            _whole("due"),
            _whole("grade", None),
            _set("certificates"),
            _of("city", "cities"),
            _free("late_cost"),
            _free("reject_cost"),
            _free("min_lot"),
            _whole("max_lots", 1),
            _set("allowed_firms"),
            _set("blocked_firms"),
        ),
        ("id",),
    ),
    Table(
        "commitments",
        (
            _of("line", "lines"),
            _whole("lot"),
            _whole("step"),
            _of("work_centre", "work_centres"),
            BUCKET,
            _free("quantity", above=True),
            Column("status", "status"),
        ),
        ("line", "lot", "step"),
        optional=True,
    ),
)
TABLES = {table.name: table for table in _TABLES}

RESULT_TABLES = {
    table.name: table
    for table in (
        Table(
            "allocations",
            (
                _of("line", "lines"),
                _whole("lot"),
                _whole("step"),
                _of("work_centre", "work_centres"),
                BUCKET,
                _free("quantity", above=True),
            ),
            ("line", "lot", "step"),
        ),
        Table(
            "prices",
            (
                _of("work_centre", "work_centres"),
                BUCKET,
                _free("price"),
                _free("price_with_lots", optional=True),
            ),
            ("work_centre", "bucket"),
        ),
        Table(
            "lines",
            (
                _of("line", "lines"),
                _free("made"),
                _free("rejected"),
                _free("late"),
                _free("cost", least=None),
                _set("why"),
                _free("lot_price", optional=True),
            ),
            ("line",),
        ),
    )
}
