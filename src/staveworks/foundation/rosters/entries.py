"""Reads of rows by the firm in which they stand: what each list says of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from staveworks.db.transaction import query
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters.models import DuplicatePair, RosterRow
from staveworks.foundation.rosters.types import PairNotFound

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class EntryOfFirm:
    """What one row of a list says of the firm. ``reference``: which list, which row, for people."""

    firm: UUID
    row_id: UUID
    reference: str
    values: Mapping[str, Any]
    at: datetime


def entries_of_roster(actor: Actor, roster: UUID) -> Iterator[list[EntryOfFirm]]:
    """The rows of a list that stand in a firm, a thousand at a time, each in a transaction of its own. Raises ``RightMissing``."""
    after = -1
    while rows := _some_rows(actor, roster=roster, after=after):
        yield [entry for _, entry in rows]
        after = rows[-1][0]


@query
def _some_rows(actor: Actor, /, *, roster: UUID, after: int) -> list[tuple[int, EntryOfFirm]]:
    actor.require("roster.read")
    found = _standing().filter(roster_id=roster, position__gt=after).order_by("position")
    return [(row.position, _entry(row)) for row in found[:CHUNK]]


@query
def entries_of_firm(actor: Actor, firm: UUID, /) -> list[EntryOfFirm]:
    """The rows of all lists of the actor's organisation that stand in ``firm`` now. Raises ``RightMissing``."""
    actor.require("roster.read")
    return [
        _entry(row) for row in _standing().filter(organisation_id=firm).order_by("roster__uploaded_at", "id")
    ]


@query
def firms_of_pair(actor: Actor, pair: UUID, /) -> list[UUID]:
    """The firms that a decision about the pair was about, merged ones included. Raises ``RightMissing``, ``PairNotFound``."""
    actor.require("roster.read")
    found = DuplicatePair.objects.filter(id=pair).select_related("left_row", "right_row").first()
    if found is None:
        raise PairNotFound
    firms = {row.organisation_id for row in (found.left_row, found.right_row) if row}
    for kept, gone in found.decisions.values_list("kept_id", "gone_id"):
        firms |= {kept, gone}
    return sorted(firm for firm in firms if firm)


def _standing() -> QuerySet[RosterRow]:
    return (
        RosterRow.objects.filter(organisation__isnull=False, entry__isnull=False)
        .select_related("roster")
        .defer("cells")
    )


def _entry(row: RosterRow) -> EntryOfFirm:
    assert row.organisation_id is not None
    return EntryOfFirm(
        firm=row.organisation_id,
        row_id=row.id,
        reference=f"{row.roster.name} · {row.number}",
        values=row.entry or {},
        at=row.roster.uploaded_at,
    )
