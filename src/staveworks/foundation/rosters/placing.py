"""What becomes of the rows of one chunk: repeated, corrected, or placed by the matcher; and the firms they make or fill.

Called inside the chunk's transaction; nothing is written before everything is decided.
"""

from collections.abc import Sequence
from uuid import UUID

from staveworks.foundation.parties.firm_queries import holders_of, known_cities, load_firms
from staveworks.foundation.rosters import wording
from staveworks.foundation.rosters.chunks import Chunk, Item, issue_json, text_json
from staveworks.foundation.rosters.corrections import take_corrections
from staveworks.foundation.rosters.domain import fill_empty
from staveworks.foundation.rosters.matching import Placement, keys, place, record_of
from staveworks.foundation.rosters.models import DuplicatePair, RosterRow
from staveworks.foundation.rosters.normalising import normalise
from staveworks.foundation.rosters.reading import Row
from staveworks.foundation.rosters.repeats import earlier_rows, repeat
from staveworks.foundation.rosters.types import Outcome
from staveworks.kit.ids import new_id

type Placed = Placement[UUID, UUID]


def place_chunk(chunk: Chunk, rows: Sequence[Row], *, start: int) -> None:
    """Fill ``chunk`` from ``rows``, the first of which is row ``start`` of the list (from 0), and write its firms."""
    known = earlier_rows(chunk.roster, rows)
    items: list[Item] = []
    for position, row in enumerate(rows, start):
        stored = _row_of(chunk, position, row)
        chunk.rows.append(stored)
        if first := known.get((row.sheet, row.number)):
            repeat(stored, first)
        elif item := _read(chunk, stored, row):
            items.append(item)
    chunk.cities = known_cities({item.entry.city for item in items if item.entry.city})
    holders = holders_of({item.entry.uscc for item in items if item.entry.uscc})
    chunk.codes = {code: firm.id for code, firm in holders.items()}
    chunk.index.prefetch({key for item in items for key in keys(item.record)})
    chunk.index.add_register(holders.values())
    chunk.index.remember_apart()
    _place(chunk, take_corrections(chunk, items))
    chunk.write_firms()


def _row_of(chunk: Chunk, position: int, row: Row) -> RosterRow:
    return RosterRow(
        id=new_id(),
        org_id=chunk.actor.org,
        roster_id=chunk.roster.id,
        position=position,
        sheet=row.sheet,
        number=row.number,
        cells=list(row.cells),
        issues=[],
    )


def _read(chunk: Chunk, stored: RosterRow, row: Row) -> Item | None:
    """The row in its plain form; None if it is refused."""
    reading = normalise(row, chunk.roster.mapping.get(str(row.sheet), {}))
    if reading.entry is None:
        stored.outcome = Outcome.REFUSED
        stored.reason = text_json(reading.refusal or wording.NO_NAME)
        return None
    stored.entry = reading.entry.as_dict()
    stored.issues = [issue_json(issue) for issue in reading.issues]
    return Item(stored, row.reference, reading.entry, record_of(reading.entry))


def _place(chunk: Chunk, items: list[Item]) -> None:
    """Let the matcher place the items, then make and complete firms in the order of the rows."""
    records = [(item.row.id, item.record) for item in items]
    placements: list[Placed] = list(place(records, chunk.index, lambda _: new_id()))
    chunk.load({placement.firm for placement in placements if placement.outcome == "merged"})
    names = _names_of_candidates(chunk, placements)
    for item, placement in zip(items, placements, strict=True):
        _settle(chunk, item, placement, names)


def _settle(chunk: Chunk, item: Item, placement: Placed, names: dict[UUID, str]) -> None:
    row, firm_id = item.row, placement.firm
    row.organisation_id, row.outcome = firm_id, Outcome(placement.outcome)
    if placement.outcome == "merged":
        row.matched_id = placement.candidates[0].row
        row.reason = text_json(wording.merged(names.get(firm_id, ""), placement.candidates[0].match))
        if firm := chunk.firm(firm_id):
            chunk.change(fill_empty(firm, chunk.firm_with_free_code(item, firm_id)))
        return
    firm = chunk.firm_with_free_code(item, firm_id)
    chunk.found(firm)
    names[firm_id] = firm.name
    if placement.outcome == "queued":
        _ask(chunk, row, placement, names)


def _ask(chunk: Chunk, row: RosterRow, placement: Placed, names: dict[UUID, str]) -> None:
    """Questions for a person: one for each firm that the row may be.

    A firm of the bare register is nobody's to decide about: where there is no other candidate, the row is a new firm.
    """
    askable = [candidate for candidate in placement.candidates if candidate.row != candidate.firm]
    if not askable:
        row.outcome = Outcome.LOADED
        return
    row.reason = text_json(wording.queued(names.get(askable[0].firm, ""), askable[0].match))
    chunk.pairs += [
        DuplicatePair(
            org_id=chunk.actor.org,
            left_row_id=row.id,
            right_row_id=candidate.row,
            score=candidate.match.score,
            match=candidate.match.as_dict(),
        )
        for candidate in askable
    ]


def _names_of_candidates(chunk: Chunk, placements: Sequence[Placed]) -> dict[UUID, str]:
    """Names of firms that were there before; those of this chunk are added as they are made."""
    wanted = {candidate.firm for placement in placements for candidate in placement.candidates}
    return {id: firm.name for id, firm in load_firms(chunk.actor, ids=wanted).items()}
