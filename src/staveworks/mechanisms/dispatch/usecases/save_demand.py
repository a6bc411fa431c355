"""Keep lines that are to be made, from a file, a program or by hand: faulty rows are kept too, each fault told."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.mechanisms.dispatch.demand_checking import MOST_FAULTS, check_lines
from staveworks.mechanisms.dispatch.demand_parsing import OWN_CAPACITY, parse
from staveworks.mechanisms.dispatch.demand_reading import NoLines, TooManyLines
from staveworks.mechanisms.dispatch.documents import pack, problem_of, unpack
from staveworks.mechanisms.dispatch.models import Demand
from staveworks.mechanisms.dispatch.named_checking import check_named
from staveworks.mechanisms.dispatch.run_rows import demand_card, fault_said
from staveworks.mechanisms.dispatch.types.runs import (
    MOST_LINES,
    NAME_LONG,
    DemandCard,
    DemandNotFound,
    Fault,
    ProblemFaulty,
)


@use_case
def save_demand(
    actor: Actor, /, *, name: str, tables: Mapping[str, Any], demand: UUID | None = None
) -> DemandCard:
    """``tables``: at least ``lines``, as they were sent; with work centres it is a whole problem. ``demand``: what it replaces.

    Runs that were made of it before keep what they were given. Raises ``RightMissing``, ``NoLines``, ``TooManyLines``,
    ``DemandNotFound``.
    """
    actor.require("dispatch.run")
    tables = parse(tables)
    lines: Sequence[Mapping[str, Any]] = tables.get("lines") or ()
    if not lines:
        raise NoLines(field="file")
    if len(lines) > MOST_LINES:
        raise TooManyLines(field="file")
    with_capacity = tables.keys() >= OWN_CAPACITY
    faults = faults_in(tables, with_capacity=with_capacity)
    values = {
        "name": (name.strip() or "–")[:NAME_LONG],
        "tables": pack(tables),
        "faults": [fault_said(fault) for fault in faults],
        "lines": len(lines),
        "with_capacity": with_capacity,
    }
    row = _write(actor, demand, values)
    append_event(actor, "demand.saved", subject=row.id, lines=len(lines), faults=len(faults))
    return demand_card(row)


def _write(actor: Actor, demand: UUID | None, values: dict[str, Any]) -> Demand:
    if demand is None:
        row = Demand(id=new_id(), org_id=actor.org, made_by_id=actor.person_id, **values)
        row.save(force_insert=True)
    elif not Demand.objects.filter(id=demand).update(changed_at=Now(), **values):
        raise DemandNotFound
    return Demand.objects.get(id=demand or row.id)


def faults_in(tables: Mapping[str, Any], *, with_capacity: bool) -> list[Fault]:
    """Of parsed tables. Of the lines as people write them; of a whole problem then those that the engine finds, of others names that nobody knows."""
    faults = check_lines(tables["lines"])
    others = _of_problem(tables) if with_capacity else check_named(tables["lines"])
    more = [each for each in others if not _told(each, faults)]
    return sorted([*faults, *more], key=lambda fault: (fault.table != "lines", fault.row or 0))[:MOST_FAULTS]


def _of_problem(tables: Mapping[str, Any]) -> list[Fault]:
    """What the engine finds."""
    from staveworks.mechanisms.dispatch.stating import own_problem

    try:
        problem_of(own_problem(tables))
    except ProblemFaulty as error:
        return list(error.faults)
    return []


def _told(fault: Fault, faults: Sequence[Fault]) -> bool:
    """Whether people's words for it are there already."""
    return fault.table == "lines" and any(
        (each.row, each.column) == (fault.row, fault.column) for each in faults
    )


@use_case
def save_line(
    actor: Actor, /, *, demand: UUID, row: int | None, line: Mapping[str, Any] | None
) -> DemandCard:
    """Write one line by hand: over ``row`` (the first is 0), behind the last one without, and away where ``line`` is None.

    Raises ``RightMissing``, ``DemandNotFound``, ``NoLines`` where none would be left.
    """
    actor.require("dispatch.run")
    found = Demand.objects.select_for_update().filter(id=demand).first()
    if found is None:
        raise DemandNotFound
    tables = unpack(found.tables)
    rows: list[Mapping[str, Any]] = tables["lines"]
    if row is None:
        rows += [line] if line else []
    elif 0 <= row < len(rows):
        rows[row : row + 1] = [{**rows[row], **line}] if line else []
    return save_demand(actor, name=found.name, tables=tables, demand=demand)
