"""Accept the membership agreement, choosing what it shows to the operator; and withdraw it, on one page."""

from collections.abc import Collection
from uuid import UUID

from django.utils import timezone

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.agreement import EDITION, GRANTS
from staveworks.foundation.parties.models import Agreement
from staveworks.foundation.parties.queries import operator_of
from staveworks.foundation.parties.types import Actor, AgreementNotFound, GrantUnknown
from staveworks.kit.ids import new_id


@use_case
def accept_agreement(actor: Actor, *, shows: Collection[str], edition: str = EDITION) -> UUID:
    """A new acceptance takes the place of the one before; ``shows`` may be empty (a member that shows nothing).

    ``edition``: what she was shown, by the rule ``agreement.defaults`` in force (a room above this one). The grant that goes with
    it is given by a trigger of the room of facts.

    Raises ``RightMissing``, ``GrantUnknown``.
    """
    actor.require("agreement.manage")
    if not set(shows) <= set(GRANTS):
        raise GrantUnknown(field="shows")
    operator = operator_of(actor.org)
    _end(actor)
    agreement = Agreement.objects.create(
        id=new_id(),
        org_id=actor.org,
        operator_id=operator,
        edition=edition,
        shows=sorted(shows),
        accepted_by_id=actor.person_id,
    )
    append_event(actor, "agreement.accepted", subject=agreement.id, edition=edition, shows=sorted(shows))
    return agreement.id


@use_case
def withdraw_agreement(actor: Actor) -> None:
    """The operator sees nothing more from this moment. Raises ``RightMissing``, ``AgreementNotFound``."""
    actor.require("agreement.manage")
    if not _end(actor):
        raise AgreementNotFound
    append_event(actor, "agreement.withdrawn", subject=actor.org)


def _end(actor: Actor) -> int:
    live = Agreement.objects.filter(org_id=actor.org, withdrawn_at=None)
    return live.update(withdrawn_at=timezone.now())
