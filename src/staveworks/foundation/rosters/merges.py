"""Automatic merges: which row joined which firm, because of which row, and what goes along when a person keeps them apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from staveworks.db.transaction import query
from staveworks.foundation.parties.firm_queries import holders_of, known_cities, load_firms, load_stewarded
from staveworks.foundation.parties.firm_records import FirmRecord
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters.domain import firm_of
from staveworks.foundation.rosters.duplicates import side_by_side
from staveworks.foundation.rosters.matching import Match, Record, record_of, score
from staveworks.foundation.rosters.models import Decision, RosterRow
from staveworks.foundation.rosters.normalising import Entry
from staveworks.foundation.rosters.repeats import same_rows
from staveworks.foundation.rosters.types import MergeDetail, NotMerged, Outcome, RowNotFound

LOOKED_AT = 200
"""Rows of a firm among which the likest is looked for; firms with more don't occur outside of tests."""


@dataclass(frozen=True, slots=True)
class Merge:
    """``first``: the row at its first import. ``right``: the row of ``firm`` that it is most like; None: only the register has it.

    ``rows`` stand and fall with ``first``: its repeats, and rows that joined because of them.
    """

    first: RosterRow
    firm: UUID
    right: RosterRow | None
    rows: tuple[RosterRow, ...]
    live: Decision | None


def find_merge(row: UUID) -> Merge:
    """The automatic merge of ``row``, also after it was kept apart. Raises ``RowNotFound``, ``NotMerged``."""
    found = RosterRow.objects.filter(id=row).select_related("roster").first()
    if found is None:
        raise RowNotFound
    first = same_rows(found)[0]
    if first.outcome != Outcome.MERGED or first.matched_id is None or first.organisation_id is None:
        raise NotMerged
    live = Decision.objects.filter(pair__left_row=first, split=True, undone_at=None).first()
    rows = _going_along(first)
    firm = live.kept_id if live else first.organisation_id
    return Merge(first, firm, _likest(first, firm, rows), tuple(rows), live)


def _going_along(first: RosterRow) -> list[RosterRow]:
    rows, waiting = {first.id: first}, [first]
    while waiting:
        row = waiting.pop()
        joined = RosterRow.objects.filter(matched_id=row.id).select_related("roster")
        for other in (*same_rows(row), *joined):
            if other.id not in rows and other.organisation_id == first.organisation_id:
                rows[other.id] = other
                waiting.append(other)
    return sorted(rows.values(), key=lambda each: each.id)


def _likest(first: RosterRow, firm: UUID, rows: Iterable[RosterRow]) -> RosterRow | None:
    """The row that the matcher named, if it still stands there; else the one that fits best."""
    going = [row.id for row in rows]
    staying = RosterRow.objects.filter(organisation_id=firm).exclude(id__in=going)
    staying = staying.select_related("roster").order_by("id")
    named = next((row for row in staying if row.id == first.matched_id), None)
    if named:
        return named
    record = record_of_row(first)
    return max(
        staying[:LOOKED_AT],
        key=lambda row: score(record, record_of_row(row)).score,
        default=None,
    )


def record_of_row(row: RosterRow) -> Record:
    return record_of(Entry.from_dict(row.entry or {}))


def record_of_firm(firm: FirmRecord) -> Record:
    return record_of(Entry(name=firm.name, uscc=firm.uscc, country=firm.country, city=firm.city))


def firms_of_rows(rows: Iterable[RosterRow], id: UUID) -> list[FirmRecord]:
    """What each row says, as a firm ``id``; a code that another firm than ``id`` has is left out."""
    entries = [Entry.from_dict(row.entry) for row in rows if row.entry]
    cities = known_cities([entry.city for entry in entries if entry.city])
    others = {
        code
        for code, firm in holders_of([entry.uscc for entry in entries if entry.uscc]).items()
        if firm.id != id
    }
    return [
        firm_of(
            entry,
            id,
            city=entry.city if entry.city in cities else None,
            uscc=None if entry.uscc in others else entry.uscc,
        )
        for entry in entries
    ]


def match_of(merge: Merge, firm: FirmRecord) -> Match:
    """How alike both sides are."""
    right = record_of_row(merge.right) if merge.right else record_of_firm(firm)
    return score(record_of_row(merge.first), right)


@query
def access_merge(actor: Actor, row: UUID, /, right: str = "roster.read") -> MergeDetail:
    """The row as it came beside its firm as it stands now. Raises ``RightMissing``, ``RowNotFound``, ``NotMerged``."""
    actor.require(right)
    found = find_merge(row)
    firm = load_firms(actor, ids=[found.firm])[found.firm]
    own = found.first.organisation_id or found.firm
    (left,) = firms_of_rows([found.first], own)
    match = match_of(found, firm)
    return MergeDetail(
        id=found.first.id,
        score=match.score,
        left_name=left.name,
        right_name=firm.name,
        left_firm=own,
        right_firm=found.firm,
        left_source=found.first.roster.name,
        left_row=found.first.number,
        right_source=found.right.roster.name if found.right else "",
        right_row=found.right.number if found.right else 0,
        right_held=bool(load_stewarded(actor, ids=[found.firm])),
        rows=len(found.rows),
        decision=found.live.id if found.live else None,
        fields=side_by_side(left, firm, match, choosable=False),
    )
