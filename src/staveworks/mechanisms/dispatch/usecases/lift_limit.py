"""The operator lets a new firm off the limits of its trial, or takes that back."""

from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor, OrganisationNotFound
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.models import LimitLifted
from staveworks.mechanisms.dispatch.types.centres import CentreInvalid

LONGEST = 400
WHY = Text(zh="请写明理由。", en="Say why.")


@use_case
def lift_limit(actor: Actor, *, firm_id: UUID, lifted: bool, reason: str) -> None:
    """From now on. Raises ``RightMissing``, ``OrganisationNotFound``, ``CentreInvalid`` at ``reason``."""
    actor.require("capacity.dispatch")
    wording = " ".join(reason.split())[:LONGEST]
    if not wording:
        raise CentreInvalid(WHY, field="reason")
    if not Organisation.objects.filter(id=firm_id, merged_into=None).exists():
        raise OrganisationNotFound
    row = LimitLifted(
        org_id=firm_id, operator_org_id=actor.org, lifted=lifted, reason=wording, by_id=actor.person_id
    )
    row.save(force_insert=True)
    append_event(actor, "trial_limit.lifted" if lifted else "trial_limit.restored", subject=firm_id)
