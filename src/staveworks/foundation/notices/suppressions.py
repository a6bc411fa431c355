"""Addresses that aren't written to any more, as the operator sees them: masked."""

from dataclasses import dataclass
from datetime import datetime

from staveworks.db.transaction import query
from staveworks.foundation.notices.messages.catalogue import catalogue
from staveworks.foundation.notices.messages.types import Channel
from staveworks.foundation.notices.models import Suppression
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Text

REASONS = {
    "bounced": Text(zh="退回：地址无效", en="bounced: no such address"),
    "complained": Text(zh="收件人投诉", en="the recipient complained"),
    "stopped": Text(zh="收件人退订", en="the recipient said stop"),
}


@dataclass(frozen=True, slots=True)
class SuppressionEntry:
    """One address; ``topic`` is None where nothing at all is sent."""

    digest: str
    topic: str
    topic_name: Text | None
    channel: Channel
    masked: str
    reason: Text
    detail: str
    since: datetime


@query
def list_suppressions(actor: Actor, *, limit: int = 200) -> list[SuppressionEntry]:
    """Those that the operator's messages caused, newest first. Raises ``RightMissing``."""
    actor.require("message.read")
    topics = catalogue().topics
    found = Suppression.objects.filter(operator_id=actor.org).order_by("-since", "address_digest")[:limit]
    return [
        SuppressionEntry(
            one.address_digest,
            one.topic,
            topics[one.topic].name if one.topic in topics else None,
            Channel(one.channel),
            one.masked,
            REASONS[one.reason],
            one.detail,
            one.since,
        )
        for one in found
    ]
