"""The firm goes to its claimant: once, whoever else claims it at the same moment."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.claim_models import Handover
from staveworks.foundation.parties.claimable import unclaimed_firm
from staveworks.foundation.parties.holding import held_of
from staveworks.foundation.parties.models import Claim, Membership, Organisation, Profile
from staveworks.foundation.parties.types import Actor, ClaimedAlready, ClaimNotFound, Role


def grant_claim(claim: Claim, *, decided_by: Actor) -> UUID:
    """The firm, whose ownership, profile and right to see move to the claimant, in the caller's transaction.

    An entry that was merged since it was claimed goes on as the firm that it was merged into; the claim moves there. The
    unique index ``parties_claim_granted_once`` lets one claim per firm through; the other claimant waits for it and is
    refused. ``decided_by`` is the claimant herself where a code or link proved her.

    Raises ``ClaimedAlready``, ``FirmHeldElsewhere``, ``ClaimNotFound`` (it was decided or withdrawn meanwhile).
    """
    steward_id = claim.steward_id
    with acting(org=steward_id, person=decided_by.person_id):
        firm_id = _lock_firm(claim)
        _take(claim, firm_id, decided_by)
        decider = Actor(decided_by.person_id, steward_id)
        append_event(decider, "claim.granted", subject=claim.id, firm=firm_id, method=claim.method)
    with acting(org=firm_id, person=decided_by.person_id):
        _hand_over(claim, firm_id)
        via = steward_id if decided_by.org_id == steward_id else None
        doer = Actor(decided_by.person_id, firm_id, via_org_id=via)
        append_event(doer, "firm.claimed", subject=firm_id, claim=claim.id, method=claim.method)
    return firm_id


def _lock_firm(claim: Claim) -> UUID:
    """The firm as which the claimed entry stands, locked until the transaction ends: no merge or undoing comes between."""
    firm_id = unclaimed_firm(claim.org_id, steward=claim.steward_id).id
    while True:
        Organisation.objects.select_for_update(no_key=True).filter(id=firm_id).first()
        standing = unclaimed_firm(claim.org_id, steward=claim.steward_id).id
        if standing == firm_id:
            return firm_id
        firm_id = standing


def _take(claim: Claim, firm_id: UUID, decided_by: Actor) -> None:
    live = Claim.objects.filter(id=claim.id, state__in=["open", "proven"])
    try:
        with transaction.atomic():
            taken = live.update(
                state="granted",
                org_id=firm_id,
                decided_at=timezone.now(),
                decided_by_id=decided_by.person_id,
            )
    except IntegrityError:
        raise ClaimedAlready from None
    if not taken:
        raise ClaimNotFound


def _hand_over(claim: Claim, firm_id: UUID) -> None:
    """What was held is kept beside: a claim that turns out to be wrong can be revoked (``revoke_claim``)."""
    firm = Organisation.objects.get(id=firm_id)
    held = held_of(firm)
    if not Organisation.objects.filter(id=firm_id, claimed_at=None, merged_into=None).update(
        claimed_at=timezone.now()
    ):
        raise ClaimedAlready
    Handover.objects.filter(claim=claim).delete()
    Handover.objects.create(org_id=firm_id, claim=claim, held=held)
    Profile.objects.filter(org_id=firm_id).update(steward_id=None)
    Membership.objects.get_or_create(org_id=firm_id, person_id=claim.person_id, role=Role.OWNER)


def access_claim_of(person_id: UUID, claim_id: UUID) -> Claim:
    """The person's own claim (inside ``acting`` for her). Raises ``ClaimNotFound``."""
    claim = Claim.objects.filter(id=claim_id, person_id=person_id).first()
    if claim is None:
        raise ClaimNotFound
    return claim
