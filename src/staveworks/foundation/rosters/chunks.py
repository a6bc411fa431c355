"""What one transaction of an import gathers before it writes."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from uuid import UUID

from staveworks.foundation.parties.firm_queries import load_stewarded
from staveworks.foundation.parties.firm_records import FirmRecord
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.parties.usecases.register_firms import complete_firms, register_firms
from staveworks.foundation.rosters import wording
from staveworks.foundation.rosters.domain import firm_of
from staveworks.foundation.rosters.index import StoredIndex
from staveworks.foundation.rosters.matching import Record
from staveworks.foundation.rosters.models import DuplicatePair, Roster, RosterRow
from staveworks.foundation.rosters.normalising import Entry, Issue
from staveworks.kit.text import Text


@dataclass(slots=True)
class Item:
    """A readable row on its way: what it says, what the matcher compares, and the row that will be stored."""

    row: RosterRow
    reference: str
    entry: Entry
    record: Record

    def refuse_code(self) -> None:
        """The row's code belongs to another firm: the row stands without it and says so."""
        code = self.entry.uscc or ""
        column = next((n for n, cell in enumerate(self.row.cells) if code in str(cell).upper()), 0)
        self.row.issues.append(issue_json(Issue("uscc", column, code, wording.CODE_TAKEN)))

    def firm(self, id: UUID, *, cities: Collection[str], uscc: str | None) -> FirmRecord:
        city = self.entry.city if self.entry.city in cities else None
        return firm_of(self.entry, id, city=city, uscc=uscc)


@dataclass(slots=True)
class Chunk:
    """Rows, questions and firms of one transaction; ``codes``: code → firm that has it, ``cities``: those on register."""

    actor: Actor
    roster: Roster
    index: StoredIndex
    rows: list[RosterRow] = field(default_factory=list)
    pairs: list[DuplicatePair] = field(default_factory=list)
    codes: dict[str, UUID] = field(default_factory=dict)
    cities: set[str] = field(default_factory=set)
    _new: dict[UUID, FirmRecord] = field(default_factory=dict)
    _old: dict[UUID, FirmRecord] = field(default_factory=dict)
    _changed: set[UUID] = field(default_factory=set)

    def load(self, ids: set[UUID]) -> None:
        """Lock and read firms that rows may complete: those the operator holds. Others stay as they are."""
        fresh = ids - self._old.keys() - self._new.keys()
        if fresh:
            self._old.update(load_stewarded(self.actor, ids=fresh, lock=True))

    def firm(self, id: UUID) -> FirmRecord | None:
        """A firm of this chunk, or one that was loaded."""
        return self._new.get(id) or self._old.get(id)

    def found(self, firm: FirmRecord) -> None:
        self._new[firm.id] = firm

    def change(self, firm: FirmRecord) -> None:
        if firm.id in self._new:
            self._new[firm.id] = firm
        elif self._old[firm.id] != firm:
            self._old[firm.id] = firm
            self._changed.add(firm.id)

    def firm_with_free_code(self, item: Item, id: UUID) -> FirmRecord:
        """The firm that the item describes, without its code if another firm has it."""
        firm = item.firm(id, cities=self.cities, uscc=item.entry.uscc)
        if firm.uscc is None or self.codes.setdefault(firm.uscc, id) == id:
            return firm
        item.refuse_code()
        return replace(firm, uscc=None)

    def write_firms(self) -> None:
        register_firms(self.actor, firms=list(self._new.values()))
        if self._changed:
            complete_firms(self.actor, firms=[self._old[id] for id in sorted(self._changed)])


def issue_json(issue: Issue) -> dict[str, object]:
    return {
        "field": issue.field,
        "column": issue.column,
        "text": issue.text,
        "reason": text_json(issue.reason),
    }


def text_json(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
