"""代办: let an agent act for the organisation within named rights, until a date; and end it."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.models import Mandate
from staveworks.foundation.parties.queries import AgentFound
from staveworks.foundation.parties.rights import MANDATED
from staveworks.foundation.parties.types import (
    Actor,
    AgentIsSelf,
    MandateDateInvalid,
    MandateNotFound,
    MandateRightsInvalid,
)
from staveworks.kit.ids import new_id

LONGEST = timedelta(days=3 * 366)


@use_case
def give_mandate(actor: Actor, *, agent: AgentFound, rights: Collection[str], until: date) -> UUID:
    """The mandate's id. ``until`` is its last day.

    Raises ``RightMissing``, ``MandateRightsInvalid`` (none, or one that can't be handed over or that the giver lacks),
    ``MandateDateInvalid``, ``AgentIsSelf``.
    """
    actor.require("mandate.give")
    if not rights or not set(rights) <= MANDATED & actor.rights:
        raise MandateRightsInvalid(field="rights")
    today = timezone.localdate()
    if not today <= until <= today + LONGEST:
        raise MandateDateInvalid(field="until")
    if agent.org_id == actor.org or agent.person_id == actor.person_id:
        raise AgentIsSelf(field="agent")
    mandate = Mandate.objects.create(
        id=new_id(),
        org_id=actor.org,
        agent_org_id=agent.org_id,
        agent_person_id=agent.person_id,
        rights=sorted(rights),
        given_by_id=actor.person_id,
        until=until,
    )
    append_event(
        actor,
        "mandate.given",
        subject=mandate.id,
        rights=sorted(rights),
        until=until.isoformat(),
        agent=agent.id,
    )
    return mandate.id


@use_case
def withdraw_mandate(actor: Actor, *, mandate_id: UUID) -> None:
    """Ends at once. Raises ``RightMissing``, ``MandateNotFound``."""
    actor.require("mandate.give")
    live = Mandate.objects.filter(id=mandate_id, org_id=actor.org, withdrawn_at=None)
    if not live.update(withdrawn_at=timezone.now()):
        raise MandateNotFound
    append_event(actor, "mandate.withdrawn", subject=mandate_id)
