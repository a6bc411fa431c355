"""An organisation accepts the confidentiality agreement of a request, and sees its attachments from then on."""

import hashlib
from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.mechanisms.projects.finding import asked_request, lock, note
from staveworks.mechanisms.projects.models import Promise


@use_case
def accept_nda(actor: Actor, *, request_id: UUID) -> None:
    """Once; again changes nothing. Raises ``RightMissing``, ``RequestNotFound``, ``NotYours``, ``NotOpen``, ``DeadlinePassed``."""
    actor.require("proposal.make")
    asked = asked_request(actor, request_id)
    lock(f"nda of {actor.org} in", request_id)
    if Promise.objects.filter(request=asked, provider_org_id=actor.org).exists():
        return
    Promise(
        id=new_id(),
        request=asked,
        buyer_org_id=asked.buyer_org_id,
        provider_org_id=actor.org,
        digest=hashlib.sha256(asked.nda.encode()).hexdigest(),
        accepted_by_id=actor.person_id,
    ).save(force_insert=True)
    note(actor, "nda.accepted", asked, provider=actor.org)
