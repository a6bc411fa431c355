"""An organisation's events page by page, without losing one of several that happened at the same moment."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from staveworks.db.transaction import Acts, query
from staveworks.foundation.eventlog.models import Event
from staveworks.foundation.eventlog.queries import FIELDS, record_from_row
from staveworks.foundation.eventlog.types import EventRecord


@query
def list_events_after(
    actor: Acts,
    *,
    after: tuple[datetime, UUID] | None,
    limit: int,
    subject: UUID | None = None,
    type: str = "",
) -> list[EventRecord]:
    """Events of the actor's organisation, or done through it, newest first, older than ``after`` (moment, id)."""
    found = Event.objects.order_by("-at", "-id")
    if subject:
        found = found.filter(subject_id=subject)
    if type:
        found = found.filter(type=type)
    if after:
        found = found.filter(Q(at__lt=after[0]) | Q(at=after[0], id__lt=after[1]))
    return [record_from_row(row) for row in found[:limit].values_list(*FIELDS)]
