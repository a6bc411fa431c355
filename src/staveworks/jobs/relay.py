"""Turn events into jobs, each exactly once: the cursor moves in the transaction that defers the jobs."""

from django.db import transaction

from staveworks.foundation.eventlog.models import Cursor
from staveworks.foundation.eventlog.queries import read_after
from staveworks.foundation.eventlog.types import Position
from staveworks.jobs.reactions import REACTIONS
from staveworks.jobs.work import cross_job

BATCH = 500


@cross_job("reads every organisation's events to start what follows from them")
def relay_events() -> int:
    """Defer the jobs of all events since the last run; the number of jobs deferred."""
    deferred = 0
    while True:
        read, jobs = _relay_batch()
        deferred += jobs
        if read < BATCH:
            return deferred


def _relay_batch() -> tuple[int, int]:
    from staveworks.jobs.tasks import react

    with transaction.atomic():
        Cursor.objects.get_or_create(reader="relay")
        cursor = Cursor.objects.select_for_update().get(reader="relay")
        events = list(read_after(Position(cursor.xid, cursor.seq), limit=BATCH))
        wanted = [(event, path) for _, event in events for path in REACTIONS.get(event.type, ())]
        for event, path in wanted:
            react.defer(
                event_type=event.type,
                org_id=str(event.org_id),
                subject_id=str(event.subject_id),
                reaction=path,
            )
        if events:
            cursor.xid, cursor.seq = events[-1][0].xid, events[-1][0].seq
            cursor.save()
    return len(events), len(wanted)
