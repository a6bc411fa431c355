"""Import a list that was started, chunk by chunk, from where it stands.

Each chunk is one transaction that also moves the progress: after ``kill -9`` of the process, the worker or the database the
next run goes on with the row after the last committed one (tests/invariants/test_import_survives_kill.py).
"""

from collections.abc import Callable
from itertools import islice
from uuid import UUID

from django.db import IntegrityError
from django.db.models.functions import Now

from staveworks.db.transaction import sqlstate, use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters import reading
from staveworks.foundation.rosters.index import RecordCache
from staveworks.foundation.rosters.lock import alone
from staveworks.foundation.rosters.models import Roster
from staveworks.foundation.rosters.queries import access_roster
from staveworks.foundation.rosters.storage import stored_path
from staveworks.foundation.rosters.types import RosterCard, RosterState
from staveworks.foundation.rosters.usecases.import_chunk import import_chunk
from staveworks.kit.configuration.table import IMPORT_CHUNK
from staveworks.kit.text import Text

CHUNK = IMPORT_CHUNK.read()  # rows per transaction
TAKEN = "23505"
FILE_GONE = Text(
    zh="保存的文件不见了，无法继续。请重新上传同一个文件，已导入的行不会重复。",
    en="The stored file is gone. Upload the same file again: rows that are in will not be doubled.",
)
Progress = Callable[[RosterCard], None]


def _silent(card: RosterCard) -> None:
    """Nobody watches."""


def run_import(
    actor: Actor,
    /,
    *,
    subject: UUID,
    chunk: int = CHUNK,
    on_progress: Progress = _silent,
    waiting: Callable[[], None] = lambda: None,
) -> RosterCard:
    """Import the rest of roster ``subject`` and return it as it stands in the end: done, or stopped by a person.

    Does nothing for a list that isn't running. Raises ``RightMissing``, ``RosterNotFound``; a database error leaves
    everything up to the last chunk in place.
    """
    actor.require("roster.import")
    access_roster(actor, subject)
    with alone(actor.org, waiting=waiting):
        card = access_roster(actor, subject)
        if card.state is not RosterState.RUNNING:
            return card
        try:
            opened = reading.open_roster(
                stored_path(actor.org, _digest(actor, roster=subject)), name=card.name
            )
        except (OSError, reading.Unreadable) as error:
            return _fail(actor, roster=subject, reason=getattr(error, "text", FILE_GONE))
        return _run(actor, card, opened, chunk, on_progress)


def _run(
    actor: Actor, card: RosterCard, opened: reading.Roster, size: int, on_progress: Progress
) -> RosterCard:
    cache = RecordCache()
    wanted = {sheet.index for sheet in card.sheets if sheet.used}
    rows = islice((row for row in opened.rows() if row.sheet in wanted), card.progress, None)
    while card.state is RosterState.RUNNING:
        some = list(islice(rows, size))
        card = _once_more_if_taken(actor, card, some, cache)
        on_progress(card)
    return card


def _once_more_if_taken(
    actor: Actor, card: RosterCard, rows: list[reading.Row], cache: RecordCache
) -> RosterCard:
    """Another operator may register the same code in the same moment: the second look sees it."""
    try:
        return import_chunk(actor, roster=card.id, start=card.progress, rows=rows, cache=cache)
    except IntegrityError as error:
        if sqlstate(error) != TAKEN:
            raise
        return import_chunk(actor, roster=card.id, start=card.progress, rows=rows, cache=cache)


@use_case
def _digest(actor: Actor, /, *, roster: UUID) -> str:
    return Roster.objects.values_list("digest", flat=True).get(id=roster)


@use_case
def _fail(actor: Actor, /, *, roster: UUID, reason: Text) -> RosterCard:
    Roster.objects.filter(id=roster, state=RosterState.RUNNING).update(
        state=RosterState.FAILED, finished_at=Now(), reason={"zh": reason.zh, "en": reason.en}
    )
    append_event(actor, "roster.failed", subject=roster)
    return access_roster(actor, roster)
