"""The matching index over the tables, for one chunk of rows.

All keys of a chunk are looked up in two statements; what the chunk adds is seen by its later rows. Entries of rows never
change, so their records are kept from chunk to chunk; the firm of a row may, so it is read each time.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from staveworks.db.bulk import insert_rows
from staveworks.foundation.parties.firm_records import FirmRecord
from staveworks.foundation.rosters.matching import CROWDED, Known, Record, keys, record_of
from staveworks.foundation.rosters.models import DuplicatePair, MatchKey, RosterRow
from staveworks.foundation.rosters.normalising import Entry
from staveworks.foundation.rosters.types import PairState

type Holder = Known[UUID, UUID]
REMEMBERED = 30_000
HOLDERS = """
SELECT wanted.key, held.row_id FROM unnest(%s::text[]) AS wanted (key)
CROSS JOIN LATERAL (
    SELECT row_id FROM rosters_match_key WHERE org_id = %s AND key = wanted.key LIMIT %s
) AS held
"""


class RecordCache:
    """Records of rows by id, the oldest forgotten first: an import reads each entry once, in bounded memory."""

    def __init__(self, size: int = REMEMBERED) -> None:
        self._size = size
        self._records: OrderedDict[UUID, Record] = OrderedDict()

    def get(self, row: UUID) -> Record | None:
        return self._records.get(row)

    def put(self, row: UUID, record: Record) -> None:
        self._records[row] = record
        if len(self._records) > self._size:
            self._records.popitem(last=False)


@dataclass(slots=True)
class StoredIndex:
    """``matching.Index`` for the organisation ``org``; ``added`` is what this chunk has to store."""

    org: UUID
    cache: RecordCache
    added: list[tuple[Holder, frozenset[str]]] = field(default_factory=list)
    _known: dict[str, list[Holder]] = field(default_factory=lambda: defaultdict(list))
    _apart: set[frozenset[UUID]] = field(default_factory=set)

    def prefetch(self, wanted: Collection[str]) -> None:
        """Bring in every stored row that shares one of the ``wanted`` keys, except by keys that say too little."""
        rows_by_key: dict[str, list[UUID]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute(HOLDERS, [sorted(wanted), self.org, CROWDED + 1])
            for key, row in cursor.fetchall():
                rows_by_key[key].append(row)
        usable = {row for rows in rows_by_key.values() if len(rows) <= CROWDED for row in rows}
        known = self._load(usable)
        for key, rows in rows_by_key.items():
            crowded = len(rows) > CROWDED
            self._known[key] = _CROWD if crowded else [known[row] for row in sorted(rows) if row in known]

    def _load(self, rows: set[UUID]) -> dict[UUID, Holder]:
        found = {}
        fresh = [row for row in rows if self.cache.get(row) is None]
        for id, entry in RosterRow.objects.filter(id__in=fresh).values_list("id", "entry"):
            self.cache.put(id, record_of(Entry.from_dict(entry or {})))
        placed = RosterRow.objects.filter(id__in=rows).values_list("id", "organisation_id")
        for id, firm in placed:
            record = self.cache.get(id)
            if record is not None and firm is not None:
                found[id] = Known(firm=firm, row=id, record=record)
        return found

    def add_register(self, firms: Iterable[FirmRecord]) -> None:
        """Firms known by their code from the common register only (another operator's, or one that came by itself)."""
        known = {holder.firm for holders in self._known.values() for holder in holders}
        for firm in firms:
            if firm.id not in known:
                entry = Entry(name=firm.name, uscc=firm.uscc, country=firm.country, city=firm.city)
                record = record_of(entry)
                self._remember(Known(firm=firm.id, row=firm.id, record=record), keys(record))

    def remember_apart(self) -> None:
        """Bring in which of the known firms a person has set apart."""
        firms = {holder.firm for holders in self._known.values() for holder in holders}
        pairs = DuplicatePair.objects.filter(state=PairState.APART, left_row__organisation_id__in=firms)
        found = pairs.values_list("left_row__organisation_id", "right_row__organisation_id", "right_firm_id")
        self._apart = {
            frozenset((left, right or firm)) for left, right, firm in found if left and (right or firm)
        }

    def are_apart(self, one: UUID, other: UUID) -> bool:
        return frozenset((one, other)) in self._apart

    def find(self, keys: frozenset[str]) -> Iterable[Holder]:
        found: dict[UUID, Holder] = {}
        for key in sorted(keys):
            holders = self._known.get(key)
            if holders and holders is not _CROWD and len(holders) <= CROWDED:
                found.update({known.row: known for known in holders})
        return found.values()

    def add(self, known: Holder, keys: frozenset[str]) -> None:
        self.added.append((known, keys))
        self._remember(known, keys)

    def _remember(self, known: Holder, keys: frozenset[str]) -> None:
        for key in keys:
            if self._known[key] is not _CROWD:
                self._known[key].append(known)

    def store(self) -> None:
        """Write the keys that the chunk added and remember its records for the chunks that follow."""
        pairs = [(key, known.row) for known, keys in self.added for key in sorted(keys)]
        insert_rows(MatchKey, [{"org_id": self.org, "key": key, "row_id": row} for key, row in pairs])
        for known, _ in self.added:
            self.cache.put(known.row, known.record)


_CROWD: list[Holder] = []
"""Stands for a key held by so many rows that it tells nothing."""
