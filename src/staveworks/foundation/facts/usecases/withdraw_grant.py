"""Withdraw a grant: from the next statement on nobody sees anything by it, also a reading that is under way."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.facts.models import Grant
from staveworks.foundation.facts.types import GrantNotFound, GrantOfAgreement
from staveworks.foundation.parties.types import Actor


@use_case
def withdraw_grant(actor: Actor, *, grant_id: UUID) -> None:
    """Raises ``RightMissing``, ``GrantNotFound``, ``GrantOfAgreement`` (withdraw the agreement instead)."""
    actor.require("agreement.manage")
    found = Grant.objects.filter(id=grant_id, org_id=actor.org, withdrawn_at=None)
    if found.filter(agreement__isnull=False).exists():
        raise GrantOfAgreement
    if not end_grants(actor, found):
        raise GrantNotFound


def end_grants(actor: Actor, live: QuerySet[Any]) -> int:
    """End grants in the caller's transaction, each with its event; the trigger dates them. How many there were."""
    ended = list(live.values_list("id", flat=True))
    count = live.filter(id__in=ended).update(withdrawn_at=Now(), withdrawn_by_id=actor.person_id)
    for grant in ended[:count]:
        append_event(actor, "grant.withdrawn", subject=grant)
    return int(count)
