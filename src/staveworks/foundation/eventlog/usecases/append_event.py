"""Append events in the caller's transaction: effect and event commit together or not at all (invariant 25)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from staveworks.foundation.eventlog.models import Event
from staveworks.foundation.eventlog.types import Doer
from staveworks.kit.ids import new_id


def append_event(doer: Doer, type: str, *, subject: UUID, org: UUID | None = None, **data: Any) -> UUID:
    """Write event ``type`` (noun.past) about ``subject`` and return its id.

    ``org`` is whose event it is (default: the doer's organisation). ``data`` may hold ids, digests, counts and types, no
    personal data; that somebody acted by a one-tap link is added to it. Raises ``RuntimeError`` outside of a transaction,
    where effect and event could come apart.
    """
    (event,) = append_events(doer, type, {subject: data}, org=org)
    return event


def append_events(
    doer: Doer, type: str, about: Mapping[UUID, Mapping[str, Any]], *, org: UUID | None = None
) -> list[UUID]:
    """The same of many subjects, each with its data, in one statement and in their order."""
    owner = org or doer.org_id
    if owner is None:
        raise RuntimeError("an event belongs to an organisation")
    if not connection.in_atomic_block:
        raise RuntimeError("an event is appended in the transaction of its effect")
    link = {"by_link": doer.link_id} if doer.link_id else {}
    events = [
        Event(
            id=new_id(),
            org_id=owner,
            type=type,
            subject_id=subject,
            person_id=doer.person_id,
            via_org_id=doer.via_org_id or (doer.org_id if doer.org_id != owner else None),
            data={
                key: str(value) if isinstance(value, UUID) else value
                for key, value in {**data, **link}.items()
            },
        )
        for subject, data in about.items()
    ]
    Event.objects.bulk_create(events)
    return [event.id for event in events]
