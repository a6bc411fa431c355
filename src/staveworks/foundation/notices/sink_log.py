"""What the local sink took: readable in full by the operator's owner, since links in it open what they promise."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from staveworks.db.transaction import query
from staveworks.foundation.notices.messages.types import Channel, MessageNotFound
from staveworks.foundation.notices.models import SinkEntry
from staveworks.foundation.parties.types import Actor


@dataclass(frozen=True, slots=True)
class SinkMessage:
    """One message as a provider would have got it."""

    id: UUID
    channel: Channel
    address: str
    subject: str
    text: str
    taken_at: datetime

    @property
    def link(self) -> str:
        """The address in its last line, if one stands there."""
        last = self.text.rstrip().rpartition("\n")[2]
        return last if last.startswith(("http://", "https://")) else ""


@query
def list_sink(
    actor: Actor, *, limit: int, words: str = "", after: tuple[datetime, UUID] | None = None
) -> list[SinkMessage]:
    """Newest first, older than ``after``; ``words``: part of address or subject. Raises ``RightMissing``."""
    actor.require("sink.read")
    found = SinkEntry.objects.filter(operator_id=actor.org).order_by("-taken_at", "-id")
    if words.strip():
        found = found.filter(
            Q(address__icontains=words.strip())
            | Q(subject__icontains=words.strip())
            | Q(text__icontains=words.strip())
        )
    if after:
        found = found.filter(Q(taken_at__lt=after[0]) | Q(taken_at=after[0], id__lt=after[1]))
    return [_shown(one) for one in found[:limit]]


@query
def access_sink(actor: Actor, entry_id: UUID) -> SinkMessage:
    """Raises ``RightMissing``, ``MessageNotFound``."""
    actor.require("sink.read")
    found = SinkEntry.objects.filter(id=entry_id, operator_id=actor.org).first()
    if found is None:
        raise MessageNotFound
    return _shown(found)


def _shown(one: SinkEntry) -> SinkMessage:
    return SinkMessage(one.id, Channel(one.channel), one.address, one.subject, one.text, one.taken_at)
