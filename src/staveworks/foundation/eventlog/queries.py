"""Reads of the log: an organisation's own events, and, as the cross role, all events in their order."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections

from staveworks.db.transaction import Acts, query
from staveworks.foundation.eventlog.models import Event
from staveworks.foundation.eventlog.types import EventRecord, Position

COLUMNS = "e.id, e.org_id, e.type, e.subject_id, e.person_id, e.via_org_id, e.data, e.at"


@query
def list_events(
    actor: Acts, *, subject: UUID | None = None, before: datetime | None = None, limit: int = 50
) -> list[EventRecord]:
    """Events of the actor's organisation, or done through it, newest first."""
    found = Event.objects.order_by("-at", "-id")
    if subject:
        found = found.filter(subject_id=subject)
    if before:
        found = found.filter(at__lt=before)
    return [record_from_row(row) for row in found[:limit].values_list(*FIELDS)]


FIELDS = ("id", "org_id", "type", "subject_id", "person_id", "via_org_id", "data", "at")


def record_from_row(row: Sequence[Any]) -> EventRecord:
    """An event from the values of ``COLUMNS``, as a cursor or the ORM gives them (a plain cursor gives JSON as text)."""
    id_, org, type_, subject, person, via, data, at = row
    return EventRecord(
        id_, org, type_, subject, person, via, json.loads(data) if isinstance(data, str) else data, at
    )


def waiting_for_seal(node: str) -> tuple[int, float]:
    """How many events lie behind the node's last seal, and for how many seconds the oldest of them has (cross role)."""
    with connections["cross"].cursor() as cursor:
        cursor.execute(
            """
            WITH last AS MATERIALIZED (
                SELECT e.xid, e.seq FROM eventlog_seal s JOIN eventlog_event e ON e.id = s.event_id
                WHERE s.node = %s ORDER BY s.number DESC LIMIT 1
            )
            SELECT count(*), coalesce(extract(epoch FROM now() - min(e.at)), 0)::float FROM eventlog_event e
            WHERE (e.xid, e.seq) > (
                coalesce((SELECT xid FROM last), '0'::xid8), coalesce((SELECT seq FROM last), 0)
            )
            """,
            [node],
        )
        count, age = cursor.fetchone()
    return count, age


def read_after(position: Position, *, limit: int) -> Iterator[tuple[Position, EventRecord]]:
    """The next events of all organisations, in an order in which none can appear later (cross role).

    A transaction that is still open may have drawn a lower ``seq``: only rows older than every open transaction are read.
    """
    with connections["cross"].cursor() as cursor:
        cursor.execute(
            f"""
            SELECT e.xid::text::bigint, e.seq, {COLUMNS} FROM eventlog_event e
            WHERE (e.xid, e.seq) > (%s::text::xid8, %s) AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
            ORDER BY e.xid, e.seq LIMIT %s
            """,
            [str(position.xid), position.seq, limit],
        )
        for row in cursor.fetchall():
            yield Position(row[0], row[1]), record_from_row(row[2:])
