"""Where something is due: read over all organisations by the worker, as the cross role. Ids, channels and counts, no contents."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connections

from staveworks.foundation.notices.messages.types import Channel, DeliveryState

DUE = """
SELECT DISTINCT org_id, operator_id, channel, gateway_id FROM notices_delivery
WHERE state = 'queued' AND due_at <= statement_timestamp() AND channel = ANY (%s)
"""
LOST = "SELECT DISTINCT org_id FROM notices_delivery WHERE state = 'sending' AND lease_until < statement_timestamp()"
OLD = "SELECT DISTINCT org_id FROM notices_message WHERE forgotten_at IS NULL AND created_at < %s"
COUNTS = "SELECT channel, state, count(*) FROM notices_delivery GROUP BY 1, 2 ORDER BY 1, 2"
OLDEST = """
SELECT channel, extract(epoch FROM statement_timestamp() - min(due_at)) FROM notices_delivery
WHERE state = 'queued' AND due_at <= statement_timestamp() GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Due:
    """An organisation with something to send by one way."""

    org: UUID
    operator: UUID
    channel: Channel
    gateway: UUID | None


def list_due(channels: Collection[Channel]) -> list[Due]:
    """Every organisation that has something due by one of ``channels`` (cross role)."""
    with connections["cross"].cursor() as cursor:
        cursor.execute(DUE, [[channel.value for channel in channels]])
        return [Due(row[0], row[1], Channel(row[2]), row[3]) for row in cursor.fetchall()]


def list_lost() -> list[UUID]:
    """Every organisation with a delivery whose sender died (cross role)."""
    with connections["cross"].cursor() as cursor:
        cursor.execute(LOST)
        return [row[0] for row in cursor.fetchall()]


def list_old(before: datetime) -> list[UUID]:
    """Every organisation with messages from before that moment whose content is still kept (cross role)."""
    with connections["cross"].cursor() as cursor:
        cursor.execute(OLD, [before])
        return [row[0] for row in cursor.fetchall()]


def operator_of_delivery(token: UUID) -> UUID | None:
    """Whose delivery a returned mail names (cross role)."""
    with connections["cross"].cursor() as cursor:
        cursor.execute("SELECT operator_id FROM notices_delivery WHERE id = %s", [token])
        row = cursor.fetchone()
    return row[0] if row else None


def count_deliveries() -> dict[tuple[Channel, DeliveryState], int]:
    """How many deliveries stand where, over all organisations (cross role): for metrics."""
    with connections["cross"].cursor() as cursor:
        cursor.execute(COUNTS)
        return {(Channel(row[0]), DeliveryState(row[1])): row[2] for row in cursor.fetchall()}


def oldest_due() -> dict[Channel, float]:
    """For how many seconds the oldest due delivery of each channel has waited (cross role): for metrics."""
    with connections["cross"].cursor() as cursor:
        cursor.execute(OLDEST)
        return {Channel(row[0]): float(row[1]) for row in cursor.fetchall()}
