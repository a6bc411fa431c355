"""Between the room's rows and its dataclasses; and the one way to be alone with resources."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from psycopg.types.range import TimestamptzRange

from staveworks.foundation.reservation.domain import layers
from staveworks.foundation.reservation.models import Reservation as Row
from staveworks.foundation.reservation.types import Ask, Chain, Kind, Reservation, State
from staveworks.kit.spans import Span


def lock(resources: Iterable[UUID]) -> datetime:
    """Nobody else moves a reservation of these resources until the transaction ends; their overdue holds have expired."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reservation_lock(%s)", [sorted(set(resources))])
        (moment,) = cursor.fetchone()
    assert isinstance(moment, datetime)
    return moment


def locked(rows: QuerySet[Row]) -> list[Row]:
    """These rows as they stand once their resources are locked, in the order of their chain."""
    lock(rows.values_list("resource_id", flat=True))
    return list(rows.order_by("chain_id", "place", "unit"))


def as_json(subjects: Sequence[UUID], asks: Sequence[Ask]) -> str:
    """The asks as the kernel's functions read them."""
    listed = [
        {
            "place": place,
            "layer": layer,
            "subject": str(subject),
            "resource": str(ask.resource_id),
            "quantity": ask.quantity,
            "during": range_text(ask.during),
        }
        for place, (subject, ask, layer) in enumerate(zip(subjects, asks, layers(asks), strict=True))
    ]
    return json.dumps(listed)


def range_text(span: Span | None) -> str | None:
    return f"[{span.starts_at.isoformat()},{span.ends_at.isoformat()})" if span else None


def range_of(span: Span) -> TimestamptzRange:
    return TimestamptzRange(span.starts_at, span.ends_at)


def span_of(found: TimestamptzRange) -> Span | None:
    """None for all time, as a stock has it, and for what was cut to nothing."""
    if found.isempty or found.lower is None or found.upper is None:
        return None
    return Span(found.lower, found.upper)


def chain_of(chain_id: UUID, rows: Iterable[Row]) -> Chain:
    return Chain(chain_id, tuple(reservation_of(row) for row in rows))


def reservation_of(row: Row) -> Reservation:
    return Reservation(
        id=row.id,
        chain_id=row.chain_id,
        subject_id=row.subject_id,
        resource_id=row.resource_id,
        kind=Kind.COUNTED if row.unit is None else Kind.EXCLUSIVE,
        unit=row.unit,
        quantity=row.quantity,
        consumed=row.consumed,
        during=span_of(row.during),
        state=State(row.state),
        expires_at=row.expires_at,
        holder_id=row.holder_id,
        owner_id=row.owner_id,
        reason=row.reason,
    )
