"""The link under a campaign's e-mails by which an address says stop: signed, for one address and topic, without signing in."""

from dataclasses import dataclass
from uuid import UUID

from django.core import signing

from staveworks.foundation.notices.messages.types import StopLinkInvalid

SALT = "staveworks.notices.stop"


@dataclass(frozen=True, slots=True)
class Stop:
    """What a link stops: messages of ``topic`` to the address with this digest, shown as ``masked``."""

    address_digest: str
    masked: str
    topic: str
    channel: str
    operator: UUID


def stop_path(stop: Stop) -> str:
    """The path of the link."""
    kept = [stop.address_digest, stop.masked, stop.topic, stop.channel, str(stop.operator)]
    return f"/messages/stop/{signing.dumps(kept, salt=SALT, compress=True)}/"


def read_stop(token: str) -> Stop:
    """Raises ``StopLinkInvalid``."""
    try:
        digest, masked, topic, channel, operator = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise StopLinkInvalid from None
    return Stop(digest, masked, topic, channel, UUID(operator))
