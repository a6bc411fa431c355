"""Say which column holds what, where the guess was wrong."""

from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters.columns import FIELDS
from staveworks.foundation.rosters.domain import has_names, rows_of
from staveworks.foundation.rosters.models import Roster
from staveworks.foundation.rosters.queries import card_of, get_roster
from staveworks.foundation.rosters.types import (
    ColumnTwice,
    Mappings,
    NoNameColumn,
    NotInThisState,
    RosterCard,
    RosterState,
)
from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text

UNKNOWN_COLUMN = Text(zh="没有这一列。", en="There is no such column.")


@use_case
def map_columns(actor: Actor, /, *, roster: UUID, mapping: Mappings) -> RosterCard:
    """Set the columns of a list that has not been imported.

    Raises ``RightMissing``, ``RosterNotFound``, ``NotInThisState``, ``NoNameColumn``, ``ColumnTwice``, ``Invalid``.
    """
    actor.require("roster.import")
    found = get_roster(roster, lock=True)
    if found.state != RosterState.MAPPED:
        raise NotInThisState(RosterState(found.state))
    for sheet, columns in mapping.items():
        _check(found, sheet, dict(columns))
    if not has_names(mapping):
        raise NoNameColumn
    found.mapping = {sheet: dict(columns) for sheet, columns in mapping.items()}
    found.total = rows_of(found.sheets, found.mapping)
    found.save(update_fields=["mapping", "total"])
    return card_of(found, open_pairs=0)


def _check(roster: Roster, sheet: str, columns: dict[str, int]) -> None:
    if sheet not in {str(known["index"]) for known in roster.sheets} or not set(columns) <= set(FIELDS):
        raise Invalid(UNKNOWN_COLUMN)
    if any(not isinstance(column, int) or not 0 <= column < 500 for column in columns.values()):
        raise Invalid(UNKNOWN_COLUMN)
    if len(set(columns.values())) < len(columns):
        raise ColumnTwice
