"""Who did it: the newest event of some types, for rooms that record by whom a thing was done."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from staveworks.db.transaction import Acts, query
from staveworks.foundation.eventlog.models import Event
from staveworks.foundation.eventlog.queries import FIELDS, record_from_row
from staveworks.foundation.eventlog.types import EventRecord


@query
def last_event(
    actor: Acts, *, types: Collection[str], since: datetime, subject: UUID | None = None
) -> EventRecord | None:
    """The newest event of one of ``types`` from ``since`` on that the actor's organisation sees; about ``subject`` if given."""
    found = Event.objects.filter(type__in=list(types), at__gte=since).order_by("-at", "-id")
    if subject:
        found = found.filter(subject_id=subject)
    row = found.values_list(*FIELDS).first()
    return record_from_row(row) if row else None
