"""A person of the steward looks at the licence and grants or refuses; or prints the letter with the code."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.domain import digest_of, new_code
from staveworks.foundation.parties.models import Claim
from staveworks.foundation.parties.types import Actor, ClaimNotFound, ClaimReasonMissing
from staveworks.foundation.parties.usecases.grant_claim import grant_claim

LETTER_VALID = timedelta(days=30)


@use_case
def decide_claim(actor: Actor, *, claim_id: UUID, grant: bool, reason: str = "") -> None:
    """Raises ``RightMissing``, ``ClaimNotFound`` (nothing to decide any more), ``ClaimReasonMissing``, ``ClaimedAlready``."""
    actor.require("claim.decide")
    claim = Claim.objects.filter(id=claim_id, steward_id=actor.org, state="proven").first()
    if claim is None:
        raise ClaimNotFound
    if grant:
        grant_claim(claim, decided_by=actor)
    else:
        _refuse(actor, claim, reason)


def _refuse(actor: Actor, claim: Claim, reason: str) -> None:
    if not reason.strip():
        raise ClaimReasonMissing(field="reason")
    live = Claim.objects.filter(id=claim.id, state="proven")
    if not live.update(
        state="refused",
        reason=reason.strip()[:400],
        decided_at=timezone.now(),
        decided_by_id=actor.person_id,
    ):
        raise ClaimNotFound
    append_event(actor, "claim.refused", subject=claim.id, firm=claim.org_id)


@use_case
def print_letter(actor: Actor, *, claim_id: UUID) -> str:
    """A fresh code for the letter, told once; one printed before stops working. Raises ``RightMissing``, ``ClaimNotFound``."""
    actor.require("claim.decide")
    code = new_code()
    waiting = Claim.objects.filter(id=claim_id, steward_id=actor.org, method="letter", state="open")
    if not waiting.update(code_digest=digest_of(code), attempts=0, expires_at=timezone.now() + LETTER_VALID):
        raise ClaimNotFound
    append_event(actor, "claim_letter.printed", subject=claim_id)
    return code
