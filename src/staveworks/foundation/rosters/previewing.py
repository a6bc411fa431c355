"""Reads from the stored file itself, before anything is imported: sample rows, and rows as they would load."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from staveworks.db.transaction import query
from staveworks.foundation.parties.firm_queries import city_names
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters import reading
from staveworks.foundation.rosters.models import Roster
from staveworks.foundation.rosters.normalising import Reading, normalise
from staveworks.foundation.rosters.queries import get_roster, plain_values
from staveworks.foundation.rosters.storage import stored_path
from staveworks.foundation.rosters.types import IssueCard, Preview, RowCard
from staveworks.kit.text import Text

SHOWN, LOOKED_AT = 50, 2000


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows of one table of a file; ``width`` is its number of columns."""

    sheet: int
    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    width: int


@query
def list_samples(actor: Actor, /, *, roster: UUID, rows: int = 5) -> list[Sample]:
    """The first ``rows`` of each table. Raises ``RightMissing``, ``RosterNotFound``, ``Unreadable``."""
    actor.require("roster.read")
    opened = _open(get_roster(roster))
    return [_sample(sheet, rows) for sheet in opened.sheets]


def _sample(sheet: reading.Sheet, rows: int) -> Sample:
    width = max([len(sheet.headers), *(len(row.cells) for row in sheet.sample)])
    padded = [row.cells + ("",) * (width - len(row.cells)) for row in sheet.sample[:rows]]
    headers = sheet.headers + ("",) * (width - len(sheet.headers))
    return Sample(sheet.index, sheet.title, headers, tuple(padded), width)


@query
def preview_roster(actor: Actor, /, *, roster: UUID) -> Preview:
    """The first rows as they would load by the columns chosen. Raises ``RightMissing``, ``RosterNotFound``, ``Unreadable``."""
    actor.require("roster.read")
    found = get_roster(roster)
    rows = (row for row in _open(found).rows() if str(row.sheet) in found.mapping)
    readings = [normalise(row, found.mapping[str(row.sheet)]) for row in islice(rows, LOOKED_AT)]
    places = city_names(one.entry.city for one in readings[:SHOWN] if one.entry)
    refused = sum(1 for one in readings if one.entry is None)
    return Preview(
        rows=tuple(_row(found, one, places) for one in readings[:SHOWN]),
        looked_at=len(readings),
        readable=len(readings) - refused,
        refused=refused,
        cells_to_correct=sum(len(one.issues) for one in readings),
    )


def _row(roster: Roster, one: Reading, places: Mapping[str, Text]) -> RowCard:
    return RowCard(
        id=None,
        roster_name=roster.name,
        sheet=one.row.sheet,
        number=one.row.number,
        cells=one.row.cells,
        values=plain_values(one.entry.as_dict()) if one.entry else {},
        issues=tuple(IssueCard(i.field, i.column, i.text, i.reason) for i in one.issues),
        outcome=None,
        firm_id=None,
        firm_name="",
        reason=one.refusal,
        place=places.get(one.entry.city or "") if one.entry else None,
    )


def _open(roster: Roster) -> reading.Roster:
    try:
        return reading.open_roster(stored_path(roster.org_id, roster.digest), name=roster.name)
    except OSError as error:
        raise reading.Unreadable from error
