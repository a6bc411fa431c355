"""Somebody says stop by the link under an e-mail: no more of this topic to this address."""

from staveworks.foundation.notices.models import Suppression
from staveworks.foundation.notices.stopping import Stop, read_stop


def stop_messages(*, token: str) -> Stop:
    """What was stopped; again is the same. Raises ``StopLinkInvalid``."""
    stop = read_stop(token)
    Suppression.objects.get_or_create(
        address_digest=stop.address_digest,
        topic=stop.topic,
        defaults={
            "channel": stop.channel,
            "masked": stop.masked,
            "reason": "stopped",
            "operator_id": stop.operator,
        },
    )
    return stop
