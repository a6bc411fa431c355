"""Some rows of a list in one transaction: outcomes, firms, match keys, questions, counts and progress, or none of it."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now

from staveworks.db.bulk import columns_of, insert_rows
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters.chunks import Chunk
from staveworks.foundation.rosters.index import RecordCache, StoredIndex
from staveworks.foundation.rosters.lock import in_turn
from staveworks.foundation.rosters.models import DuplicatePair, Roster, RosterRow
from staveworks.foundation.rosters.placing import place_chunk
from staveworks.foundation.rosters.queries import card_of, get_roster
from staveworks.foundation.rosters.reading import Row
from staveworks.foundation.rosters.types import Outcome, RosterCard, RosterState
from staveworks.kit.errors import Busy


@use_case
def import_chunk(
    actor: Actor, /, *, roster: UUID, start: int, rows: Sequence[Row], cache: RecordCache
) -> RosterCard:
    """Import ``rows``, which begin after ``start`` rows of the list; without rows the list is done.

    Raises ``RosterNotFound``, and ``Busy`` where somebody else has moved the progress meanwhile.
    """
    actor.require("roster.import")
    in_turn(actor.org)
    found = get_roster(roster, lock=True)
    if found.state != RosterState.RUNNING:
        return card_of(found, open_pairs=0)
    if found.progress != start:
        raise Busy
    if rows:
        _import(actor, found, start, rows, cache)
    else:
        _finish(actor, found)
    return card_of(get_roster(roster), open_pairs=0)


def _import(actor: Actor, roster: Roster, start: int, rows: Sequence[Row], cache: RecordCache) -> None:
    chunk = Chunk(actor, roster, StoredIndex(actor.org, cache))
    place_chunk(chunk, rows, start=start)
    insert_rows(RosterRow, [columns_of(row) for row in chunk.rows])
    DuplicatePair.objects.bulk_create(chunk.pairs)
    chunk.index.store()
    counts = Counter(Outcome(row.outcome) for row in chunk.rows)
    Roster.objects.filter(id=roster.id).update(
        progress=F("progress") + len(rows),
        touched_at=Now(),
        cells_to_correct=F("cells_to_correct") + sum(len(row.issues) for row in chunk.rows),
        **{outcome.value: F(outcome.value) + counts[outcome] for outcome in Outcome},
    )


def _finish(actor: Actor, roster: Roster) -> None:
    Roster.objects.filter(id=roster.id).update(state=RosterState.DONE, finished_at=Now(), touched_at=Now())
    append_event(
        actor,
        "roster.imported",
        subject=roster.id,
        rows=roster.progress,
        loaded=roster.loaded,
        merged=roster.merged,
        queued=roster.queued,
        refused=roster.refused,
    )
