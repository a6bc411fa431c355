"""Rows that come back corrected: they complete the firm of the row they name instead of being matched anew."""

from collections.abc import Collection
from uuid import UUID

from staveworks.foundation.rosters import wording
from staveworks.foundation.rosters.chunks import Chunk, Item, text_json
from staveworks.foundation.rosters.domain import correct, firm_of, read_reference
from staveworks.foundation.rosters.matching import Known, keys
from staveworks.foundation.rosters.models import RosterRow
from staveworks.foundation.rosters.normalising import Entry
from staveworks.foundation.rosters.types import Outcome

type Reference = tuple[UUID, int, int]


def take_corrections(chunk: Chunk, items: list[Item]) -> list[Item]:
    """Complete firms by the items that name one of the operator's rows; return the others, in order, for the matcher.

    A row that was refused the first time has no firm: it is placed like any other.
    """
    references = [read_reference(item.reference) for item in items]
    before = _rows_named({reference for reference in references if reference})
    chunk.load({row.organisation_id for row in before.values() if row.organisation_id})
    rest = []
    for item, reference in zip(items, references, strict=True):
        first = before.get(reference) if reference else None
        if first and first.organisation_id and first.entry:
            _complete(chunk, item, first.organisation_id, Entry.from_dict(first.entry))
        else:
            rest.append(item)
    return rest


def _rows_named(references: Collection[Reference]) -> dict[Reference, RosterRow]:
    if not references:
        return {}
    found = RosterRow.objects.filter(
        roster_id__in={roster for roster, _, _ in references},
        number__in={number for _, _, number in references},
    )
    named = {(row.roster_id, row.sheet, row.number): row for row in found}
    return {reference: named[reference] for reference in references if reference in named}


def _complete(chunk: Chunk, item: Item, firm_id: UUID, before: Entry) -> None:
    item.row.outcome, item.row.organisation_id = Outcome.MERGED, firm_id
    item.row.reason = text_json(wording.CORRECTED)
    chunk.index.add(Known(firm_id, item.row.id, item.record), keys(item.record))
    firm = chunk.firm(firm_id)
    if firm is None:
        return
    was = firm_of(before, firm_id, city=before.city, uscc=before.uscc)
    chunk.change(correct(firm, was, chunk.firm_with_free_code(item, firm_id)))
