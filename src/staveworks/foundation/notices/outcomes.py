"""What became of a claimed message, written where the claim still holds: a sender that comes too late changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Value
from django.db.models.functions import Now
from django.utils import timezone

from staveworks.foundation.notices.claiming import Claim
from staveworks.foundation.notices.messages.domain import Hours, due_at, wait_after
from staveworks.foundation.notices.messages.types import Channel, DeliveryState
from staveworks.foundation.notices.models import Attempt, Delivery, Message, Suppression
from staveworks.foundation.parties.domain import mask
from staveworks.kit.ids import new_id

CLOSED_WAIT = timedelta(minutes=5)
GIVEN_UP_AFTER = timedelta(days=3)
"""A message waits this long for a way that is closed (wrong credentials, no network)."""
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``kind``: sent, later, never, bounced, gateway, unknown, or back (it wasn't tried).

    ``again``: whether one with an unknown outcome may be tried again.
    """

    kind: str
    code: str = ""
    provider_id: str = ""
    again: bool = True


def record(claim: Claim, outcome: Outcome, hours: Hours, *, carrier: UUID | None = None) -> bool:
    """Write the outcome for all members of the claim; false where the lease was lost meanwhile.

    ``carrier``: whose provider it went by.
    """
    held = Delivery.objects.filter(
        batch=claim.leader, state=DeliveryState.SENDING, lease_until=claim.until, id__in=claim.members
    )
    rows = list(held.select_for_update().order_by("id"))
    if not rows:
        return False
    _note(rows, outcome)
    changes = _changes(rows[0], outcome, hours) | ({"carrier_id": carrier} if carrier else {})
    Delivery.objects.filter(id__in=[row.id for row in rows]).update(
        lease_until=None, changed_at=Now(), **changes
    )
    if outcome.kind == "bounced":
        suppress(
            rows[0].address_digest,
            rows[0].address,
            Channel(rows[0].channel),
            rows[0].operator_id,
            outcome.code,
        )
    if changes["state"] == DeliveryState.SENT:
        # The link to a bare address may hold a secret that nobody needs to read again.
        Message.objects.filter(id__in=[row.message_id for row in rows], person=None).update(link=b"")
    return True


def _note(rows: Sequence[Delivery], outcome: Outcome) -> None:
    if outcome.kind == "back":
        return
    Attempt.objects.bulk_create(
        Attempt(
            id=new_id(),
            org_id=row.org_id,
            operator_id=row.operator_id,
            delivery_id=row.id,
            number=row.attempts,
            outcome=outcome.kind,
            provider_id=outcome.provider_id[:120],
            code=outcome.code[:40],
        )
        for row in rows
    )


def _changes(row: Delivery, outcome: Outcome, hours: Hours) -> dict[str, object]:
    if outcome.kind == "sent":
        return {
            "state": DeliveryState.SENT,
            "sent_at": Now(),
            "provider_id": outcome.provider_id[:120],
            "error": "",
        }
    if outcome.kind == "bounced":
        return {"state": DeliveryState.BOUNCED, "error": outcome.code}
    again = _again_at(row, outcome, hours)
    if again is None:
        return {"state": DeliveryState.FAILED, "error": UNKNOWN if outcome.kind == UNKNOWN else outcome.code}
    kept = {"state": DeliveryState.QUEUED, "due_at": again, "error": outcome.code}
    if outcome.kind in ("gateway", "back"):
        return kept | {"attempts": F("attempts") - Value(1)}
    return kept


def _again_at(row: Delivery, outcome: Outcome, hours: Hours) -> datetime | None:
    """When it is tried again; None: not at all."""
    now = timezone.now()
    if outcome.kind == "never" or (outcome.kind == UNKNOWN and not outcome.again):
        return None
    if outcome.kind == "gateway":
        return now + CLOSED_WAIT if now - row.created_at < GIVEN_UP_AFTER else None
    wait = timedelta(0) if outcome.kind == "back" else wait_after(row.attempts)
    if wait is None:
        return None
    return now + wait if row.urgent else due_at(now, hours, wait_s=wait.total_seconds())


def suppress(
    digest: str,
    address: str,
    channel: Channel,
    operator: UUID,
    detail: str,
    *,
    reason: str = "bounced",
    topic: str = "",
) -> None:
    """Don't write to ``address`` any more, until it is lifted."""
    Suppression.objects.get_or_create(
        address_digest=digest,
        topic=topic,
        defaults={
            "channel": channel,
            "masked": mask(address) if address else "",
            "reason": reason,
            "detail": detail[:200],
            "operator_id": operator,
        },
    )
