"""The firm goes to its claimant: once, whoever else claims it at the same moment."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.models import Claim, Membership, Organisation, Profile
from staveworks.foundation.parties.types import Actor, ClaimedAlready, ClaimNotFound, Role


def grant_claim(claim: Claim, *, decided_by: Actor) -> None:
    """Ownership, profile and the right to see move to the claimant, in the caller's transaction.

    The unique index ``parties_claim_granted_once`` lets one claim per firm through; the other claimant waits for it and is
    refused. ``decided_by`` is the claimant herself where a code or link proved her.

    Raises ``ClaimedAlready``, ``ClaimNotFound`` (it was decided or withdrawn meanwhile).
    """
    steward_id = claim.steward_id
    with acting(org=steward_id, person=decided_by.person_id):
        _take(claim, decided_by)
        decider = Actor(decided_by.person_id, steward_id)
        append_event(decider, "claim.granted", subject=claim.id, firm=claim.org_id, method=claim.method)
    with acting(org=claim.org_id, person=decided_by.person_id):
        if not Organisation.objects.filter(id=claim.org_id, claimed_at=None).update(
            claimed_at=timezone.now()
        ):
            raise ClaimedAlready
        Profile.objects.filter(org_id=claim.org_id).update(steward_id=None)
        Membership.objects.get_or_create(org_id=claim.org_id, person_id=claim.person_id, role=Role.OWNER)
        via = decided_by.org_id if decided_by.org_id != claim.org_id else None
        doer = Actor(decided_by.person_id, claim.org_id, via_org_id=via)
        append_event(doer, "firm.claimed", subject=claim.org_id, claim=claim.id, method=claim.method)


def _take(claim: Claim, decided_by: Actor) -> None:
    live = Claim.objects.filter(id=claim.id, state__in=["open", "proven"])
    try:
        with transaction.atomic():
            taken = live.update(
                state="granted", decided_at=timezone.now(), decided_by_id=decided_by.person_id
            )
    except IntegrityError:
        raise ClaimedAlready from None
    if not taken:
        raise ClaimNotFound


def access_claim_of(person_id: UUID, claim_id: UUID) -> Claim:
    """The person's own claim (inside ``acting`` for her). Raises ``ClaimNotFound``."""
    claim = Claim.objects.filter(id=claim_id, person_id=person_id).first()
    if claim is None:
        raise ClaimNotFound
    return claim
