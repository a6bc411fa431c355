"""The audit trail of the organisation: who did what, when, and on whose behalf."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page, position
from staveworks.api.shapes import In, Out
from staveworks.foundation.eventlog.event_pages import list_events_after
from staveworks.foundation.eventlog.types import EventRecord
from staveworks.foundation.parties.queries import names_of
from staveworks.kit.text import Text

router = Resource("events")


class EventOut(Out):
    """``data``: ids, counts and types; no personal data. ``via_organisation`` acted on it (mandate, steward)."""

    id: UUID
    type: str
    at: datetime
    organisation: UUID
    subject: UUID
    person: UUID | None
    person_name: str
    via_organisation: UUID | None
    data: dict[str, Any]


class EventFilter(In):
    subject: UUID | None = None
    type: Annotated[str, Field(max_length=80)] = ""


@router.read("", says=Text(zh="操作记录", en="List events"), door=right("audit.read"), answer=Page[EventOut])
def list_audit_events(request: Call, filter: Query[EventFilter], paging: Query[Paging]) -> Page[EventOut]:
    """The newest first."""
    request.auth.require("audit.read")  # the log is below the rights and can't ask for one itself
    after = position(paging, "events")
    found = list_events_after(
        request.auth,
        after=(datetime.fromisoformat(after[0]), UUID(after[1])) if after else None,
        limit=paging.limit + 1,
        subject=filter.subject,
        type=filter.type,
    )
    names = names_of(event.person_id for event in found)

    def show(event: EventRecord) -> EventOut:
        return EventOut(
            id=event.id,
            type=event.type,
            at=event.at,
            organisation=event.org_id,
            subject=event.subject_id,
            person=event.person_id,
            person_name=names.get(event.person_id, "") if event.person_id else "",
            via_organisation=event.via_org_id,
            data=event.data,
        )

    return page(
        found,
        paging=paging,
        listing="events",
        key=lambda event: (event.at.isoformat(), str(event.id)),
        show=show,
    )
