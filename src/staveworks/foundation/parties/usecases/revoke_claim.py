"""A granted claim turns out to be wrong: the firm goes back under its steward; and that taken back."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from staveworks.db.transaction import acting, use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.claim_models import Handover, Revocation
from staveworks.foundation.parties.ending import end_all, restore_all
from staveworks.foundation.parties.holding import Held, differences, held_of, hold, with_free_code
from staveworks.foundation.parties.models import Claim, Organisation, Profile
from staveworks.foundation.parties.types import (
    Actor,
    ClaimNotFound,
    ClaimNotGranted,
    ClaimNotRevoked,
    ClaimReasonMissing,
    RevocationBuiltUpon,
)

LONGEST_REASON = 400


@use_case
def revoke_claim(actor: Actor, *, claim_id: UUID, reason: str) -> UUID:
    """The revocation's id. The firm is unclaimed again, with what was held about it when it was handed over.

    All its people go, and what they gave in its name ends: mandates, tokens, invitations, the agreement. What they wrote
    stays on record, under their names. The former claimant reads ``reason``.

    Raises ``RightMissing``, ``ClaimReasonMissing``, ``ClaimNotFound`` (also another steward's), ``ClaimNotGranted`` (or
    revoked a moment ago).
    """
    actor.require("claim.decide")
    if not reason.strip():
        raise ClaimReasonMissing(field="reason")
    claim = _own(actor, claim_id)
    if claim.state != "granted":
        raise ClaimNotGranted
    with acting(org=claim.org_id, person=actor.person_id):
        firm = Organisation.objects.select_for_update(no_key=True).get(id=claim.org_id)
    now = timezone.now()
    taken = Claim.objects.filter(id=claim_id, state="granted")
    if not taken.update(state="revoked", revoked_at=now, reason=reason.strip()[:LONGEST_REASON]):
        raise ClaimNotGranted
    revocation = Revocation(
        org_id=firm.id,
        steward_id=actor.org,
        claim_id=claim_id,
        reason=reason.strip()[:LONGEST_REASON],
        claimed_at=firm.claimed_at or now,
        by_id=actor.person_id,
        at=now,
    )
    append_event(actor, "claim.revoked", subject=claim_id, firm=firm.id)
    with acting(org=firm.id, person=actor.person_id):
        _take_back(actor, claim, firm, revocation)
    revocation.save(force_insert=True)
    return revocation.id


def _own(actor: Actor, claim_id: UUID) -> Claim:
    claim = Claim.objects.filter(id=claim_id, steward_id=actor.org).first()
    if claim is None:
        raise ClaimNotFound
    return claim


def _take_back(actor: Actor, claim: Claim, firm: Organisation, revocation: Revocation) -> None:
    doer = Actor(actor.person_id, firm.id, via_org_id=actor.org)
    revocation.ended = end_all(doer, revocation.at)
    held = Handover.objects.filter(claim=claim).values_list("held", flat=True).first()
    revocation.replaced = _put_back(firm, held) if held else {}
    Organisation.objects.filter(id=firm.id).update(claimed_at=None)
    Profile.objects.filter(org_id=firm.id).update(steward_id=claim.steward_id)
    append_event(doer, "firm.unclaimed", subject=firm.id, claim=claim.id)


def _put_back(firm: Organisation, held: Held) -> dict[str, list[Any]]:
    changes = differences(held_of(firm), with_free_code(firm.id, held))
    hold(firm.id, {column: back for column, (_, back) in changes.items()})
    return changes


@use_case
def undo_revocation(actor: Actor, *, claim_id: UUID) -> None:
    """The claim holds again, with all that its revocation ended. What was changed since stays.

    Raises ``RightMissing``, ``ClaimNotFound``, ``ClaimNotRevoked``, ``RevocationBuiltUpon`` (claimed or merged since),
    ``ClaimantGone``.
    """
    actor.require("claim.decide")
    claim = _own(actor, claim_id)
    revocation = Revocation.objects.filter(claim_id=claim_id, undone_at=None).first()
    if revocation is None:
        raise ClaimNotRevoked
    with acting(org=claim.org_id, person=actor.person_id):
        firm = Organisation.objects.select_for_update(no_key=True).get(id=claim.org_id)
    if firm.claimed_at or firm.merged_into_id:
        raise RevocationBuiltUpon
    _take_again(actor, claim)
    with acting(org=firm.id, person=actor.person_id):
        _give_again(actor, firm, revocation)
    Revocation.objects.filter(id=revocation.id).update(undone_at=timezone.now(), undone_by_id=actor.person_id)


def _take_again(actor: Actor, claim: Claim) -> None:
    revoked = Claim.objects.filter(id=claim.id, state="revoked")
    try:
        with transaction.atomic():
            taken = revoked.update(state="granted", revoked_at=None, reason="")
    except IntegrityError:
        raise RevocationBuiltUpon from None
    if not taken:
        raise ClaimNotRevoked
    append_event(actor, "claim.restored", subject=claim.id, firm=claim.org_id)


def _give_again(actor: Actor, firm: Organisation, revocation: Revocation) -> None:
    now = held_of(firm)
    again = {column: left for column, (left, back) in revocation.replaced.items() if now.get(column) == back}
    hold(firm.id, with_free_code(firm.id, again) if "uscc" in again else again)
    Organisation.objects.filter(id=firm.id).update(claimed_at=revocation.claimed_at)
    Profile.objects.filter(org_id=firm.id).update(steward_id=None)
    doer = Actor(actor.person_id, firm.id, via_org_id=actor.org)
    restore_all(doer, revocation.ended)
    append_event(doer, "firm.reclaimed", subject=firm.id, claim=revocation.claim_id)
