"""An address may be written to again: by whom it belongs to, or by the operator that knows better."""

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.notices.inbox import list_own_suppressions
from staveworks.foundation.notices.messages.types import SuppressionNotFound
from staveworks.foundation.notices.models import Suppression
from staveworks.foundation.parties.types import Actor


def lift_own_suppression(actor: Actor, *, digest: str, topic: str) -> None:
    """Raises ``SuppressionNotFound`` for an address that isn't the person's."""
    if (digest, topic) not in {(one.digest, one.topic) for one in list_own_suppressions(actor)}:
        raise SuppressionNotFound
    Suppression.objects.filter(address_digest=digest, topic=topic).delete()


@use_case
def lift_suppression(actor: Actor, *, digest: str, topic: str) -> None:
    """Raises ``RightMissing``, ``SuppressionNotFound`` for one that another operator's messages caused."""
    actor.require("message.manage")
    gone, _ = Suppression.objects.filter(address_digest=digest, topic=topic, operator_id=actor.org).delete()
    if not gone:
        raise SuppressionNotFound
    append_event(actor, "suppression.lifted", subject=actor.org)
