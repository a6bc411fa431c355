"""Pure decisions of the room: what a row adds to a firm, what a repeated row counts as, what a merge keeps."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from staveworks.foundation.parties.firm_records import FirmRecord
from staveworks.foundation.rosters.normalising import Entry
from staveworks.foundation.rosters.types import Mappings, Outcome, Side

CHOICES: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "uscc": ("uscc",),
    "city": ("city", "country"),
    "address": ("address",),
    "phone": ("phones",),
    "contact": ("contact",),
    "staff": ("staff", "staff_approximate"),
    "products": ("products",),
    "email": ("email",),
    "website": ("website",),
    "note": ("note",),
}
"""Field of a list → columns of a firm that go with it, in the order of the side-by-side view."""
EMPTY: tuple[object, ...] = (None, "", ())


def firm_of(entry: Entry, id: UUID, *, city: str | None, uscc: str | None) -> FirmRecord:
    """The firm that a row describes; ``city`` and ``uscc`` as far as they may be used."""
    return FirmRecord(
        id=id,
        name=entry.name[:200],
        uscc=uscc,
        country=entry.country or "",
        city=city,
        contact=entry.contact[:80],
        phones=entry.phones,
        email=entry.email[:254],
        address=entry.address[:400],
        website=entry.website[:200],
        products=entry.products[:400],
        staff=entry.staff,
        staff_approximate=entry.staff_approx,
        note=entry.note[:400],
    )


def fill_empty(firm: FirmRecord, row: FirmRecord) -> FirmRecord:
    """``firm`` with what only the row tells; another name is kept as a former name. Nothing that stands is changed."""
    return with_name(_take(firm, row, lambda column: getattr(firm, column) in EMPTY), row.name)


def correct(firm: FirmRecord, before: FirmRecord, after: FirmRecord) -> FirmRecord:
    """``firm`` after a row that was read as ``before`` came back corrected as ``after``.

    A column takes the correction if it is empty or still says what the row said before; a person's later change stays.
    """
    corrected = _take(
        firm,
        after,
        lambda column: (
            getattr(firm, column) in EMPTY
            or (
                getattr(after, column) not in EMPTY
                and getattr(after, column) != getattr(before, column)
                and getattr(firm, column) == getattr(before, column)
            )
        ),
    )
    if after.name != before.name and firm.name == before.name:
        return with_name(replace(corrected, name=after.name), before.name)
    return with_name(corrected, after.name)


def _take(firm: FirmRecord, row: FirmRecord, wanted: Callable[[str], bool]) -> FirmRecord:
    changes: dict[str, Any] = {}
    for field, columns in CHOICES.items():
        if field == "name" or (field == "city" and row.city is None and row.country != firm.country):
            continue
        if wanted(columns[0]) and getattr(row, columns[0]) not in EMPTY:
            changes |= {column: getattr(row, column) for column in columns}
    return replace(firm, **changes) if changes else firm


def with_name(firm: FirmRecord, name: str) -> FirmRecord:
    """``firm`` known under one name more, unless it has it already."""
    if not name or name == firm.name or name in firm.former_names:
        return firm
    return replace(firm, former_names=(*firm.former_names, name))


def suggested_side(left: FirmRecord, right: FirmRecord, field: str) -> Side:
    """The side that says something; where both do, the longer name and address, else the firm that stood first (right)."""
    a, b = getattr(left, CHOICES[field][0]), getattr(right, CHOICES[field][0])
    if b in EMPTY:
        return "right" if a in EMPTY else "left"
    if a in EMPTY:
        return "right"
    return "left" if field in ("name", "address") and len(a) > len(b) else "right"


def merged_values(kept: FirmRecord, gone: FirmRecord, chosen: Iterable[str]) -> FirmRecord:
    """``kept`` with the ``chosen`` fields of ``gone`` in place of its own; all names are remembered."""
    columns = [column for field in chosen for column in CHOICES[field]]
    merged = replace(kept, **{column: getattr(gone, column) for column in columns})
    for name in (kept.name, gone.name, *gone.former_names):
        merged = with_name(merged, name)
    return replace(merged, former_names=tuple(name for name in merged.former_names if name != merged.name))


def without(firm: FirmRecord, row: FirmRecord, others: Sequence[FirmRecord]) -> FirmRecord:
    """``firm`` without what only ``row`` told of it; what then is empty is filled from its ``others`` rows, the first first."""
    blank = FirmRecord(id=firm.id, name=firm.name)
    back: dict[str, Any] = {}
    for field, columns in CHOICES.items():
        first, said = columns[0], getattr(row, columns[0])
        alone = said not in EMPTY and all(getattr(other, first) != said for other in others)
        if field == "name" or not alone or getattr(firm, first) != said:
            continue
        source = next((other for other in others if getattr(other, first) not in EMPTY), blank)
        back |= {column: getattr(source, column) for column in columns}
    names = {other.name for other in others}
    kept = tuple(name for name in firm.former_names if name != row.name or name in names)
    return replace(firm, former_names=kept, **back)


def changes_between(before: FirmRecord, after: FirmRecord) -> dict[str, list[Any]]:
    """Column → [before, after] of the columns that differ, ready for JSON."""
    a, b = asdict(before), asdict(after)
    return {column: [_plain(a[column]), _plain(b[column])] for column in a if a[column] != b[column]}


def undo_changes(firm: FirmRecord, changes: Mapping[str, list[Any]]) -> FirmRecord:
    """``firm`` with each changed column set back, except where something else has changed it since."""
    back: dict[str, Any] = {}
    for column, (before, after) in changes.items():
        if _plain(getattr(firm, column)) == after:
            back[column] = tuple(before) if isinstance(before, list) else before
    return replace(firm, **back) if back else firm


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def repeated(outcome: Outcome) -> Outcome:
    """What a row counts as when the same bytes come again: as the first time, but nothing is loaded twice."""
    return Outcome.MERGED if outcome is Outcome.LOADED else outcome


def reference_of(roster: UUID, sheet: int, number: int) -> str:
    """How a row is named in the corrections workbook."""
    return f"{roster}:{sheet}:{number}"


def read_reference(text: str) -> tuple[UUID, int, int] | None:
    """The inverse of ``reference_of``; None for whatever is none of ours."""
    parts = text.strip().split(":")
    if len(parts) != 3 or not (parts[1].isdecimal() and parts[2].isdecimal()):
        return None
    if len(parts[1]) > 4 or len(parts[2]) > 9:
        return None
    try:
        return UUID(parts[0]), int(parts[1]), int(parts[2])
    except ValueError:
        return None


def rows_of(sheets: Iterable[Mapping[str, Any]], mapping: Mappings) -> int:
    """How many data rows the tables that are to be imported have."""
    return sum(sheet["rows"] for sheet in sheets if str(sheet["index"]) in mapping)


def has_names(mapping: Mappings) -> bool:
    return any("name" in columns for columns in mapping.values())


def seconds_left(started_at: datetime | None, now: datetime, *, done: int, left: int) -> int | None:
    """By the pace since the start, ``done`` rows ago; None before there is one."""
    if started_at is None or done <= 0 or left <= 0:
        return None
    return max(1, round((now - started_at).total_seconds() / done * left))
