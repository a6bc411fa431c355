"""From what a planner has to a problem: lines as people write them, capacity of the workbook or of the registry, and the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from staveworks.foundation.rules.queries import rule_in_force
from staveworks.mechanisms.dispatch.demand_checking import number_of, week_of
from staveworks.mechanisms.dispatch.demand_columns import DEFAULTS

NUMBERS = ("quantity", "late_cost", "reject_cost", "min_lot", "grade", "max_lots")
ONLY_FOR_PEOPLE = ("customer",)


@dataclass(frozen=True, slots=True)
class Stated:
    """``tables`` as the engine reads them; ``names``: what their ids are called; ``rules``: versions that decided something."""

    tables: Mapping[str, Any]
    names: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    rules: Sequence[str] = ()


def state_own(tables: Mapping[str, Any], *, first: date, weeks: int) -> Stated:
    """With the workbook's own work centres."""
    terms = rule_in_force("dispatch.terms")
    stated = own_problem(tables, first=first, weeks=weeks, terms=terms.value)
    return Stated(stated, {"customers": customers_in(tables)}, (terms.label,))


def own_problem(
    tables: Mapping[str, Any],
    *,
    first: date | None = None,
    weeks: int | None = None,
    terms: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """A workbook that brings everything; its horizon is its own, or as many weeks as its capacity goes."""
    found = {name: rows for name, rows in tables.items() if name != "problem"}
    settings = dict(tables.get("problem") or {})
    if not isinstance(settings.get("buckets"), int):
        last = max((int(number_of(row.get("bucket")) or 0) for row in tables.get("capacity", ())), default=0)
        settings["buckets"] = max(weeks or 1, last + 1)
    if not settings.get("operations"):
        steps = [*tables.get("routes", ()), *tables.get("work_centres", ())]
        settings["operations"] = list(dict.fromkeys(str(row.get("operation", "")) for row in steps))
    late, reject = fens(terms or {}, "late_fen"), fens(terms or {}, "reject_fen")
    found["lines"] = lines_of(tables["lines"], first=first or date(2026, 1, 5), late=late, reject=reject)
    return {"problem": settings, **found}


def fens(terms: Mapping[str, int], entry: str) -> float:
    """In the money of a problem: yuan."""
    return terms.get(entry, 0) / 100


def lines_of(
    rows: Sequence[Mapping[str, Any]], *, first: date, late: float = 0.0, reject: float = 0.0
) -> list[dict[str, Any]]:
    """With days as buckets, numbers as numbers, and what was left empty filled in: a unit's lateness and rejection by the rules."""
    return [_line(row, first) | _missing(row, late_cost=late, reject_cost=reject) for row in rows]


def _missing(row: Mapping[str, Any], **costs: float) -> dict[str, float]:
    return {name: cost for name, cost in costs.items() if row.get(name) in ("", None)}


def _line(row: Mapping[str, Any], first: date) -> dict[str, Any]:
    said = {name: value for name, value in row.items() if value not in ("", None)}
    line: dict[str, Any] = {**DEFAULTS, **said}
    for name in NUMBERS:
        if name in line and (number := number_of(line[name])) is not None:
            line[name] = int(number) if number == int(number) else number
    for name in ("release", "due"):
        week = week_of(line.get(name), first)
        if week is not None:
            line[name] = max(0, week)
    line["id"] = str(line.get("id", ""))
    return {name: value for name, value in line.items() if name not in ONLY_FOR_PEOPLE}


def customers_in(tables: Mapping[str, Any]) -> dict[str, str]:
    """Line → its customer, where one is said."""
    return {
        str(row.get("id")): str(row["customer"]).replace("\0", "")
        for row in tables["lines"]
        if row.get("customer")
    }
