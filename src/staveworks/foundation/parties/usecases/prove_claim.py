"""Type in the code from the phone or the letter: a right one makes the firm hers at once; or take the claim back."""

from uuid import UUID

from django.db.models import F
from django.utils import timezone

from staveworks.db.transaction import acting, retrying
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.domain import digest_of
from staveworks.foundation.parties.models import Claim
from staveworks.foundation.parties.types import Actor, ClaimExpired, ClaimNotFound, CodeWrong
from staveworks.foundation.parties.usecases.grant_claim import access_claim_of, grant_claim

ATTEMPTS = 5


def prove_claim(actor: Actor, *, claim_id: UUID, code: str) -> UUID:
    """The firm, now hers. Each try counts, also one that fails: five per claim.

    Raises ``ClaimNotFound``, ``ClaimExpired``, ``CodeWrong``, ``ClaimedAlready``, ``FirmHeldElsewhere``.
    """
    assert actor.person_id, "a claimant is signed in"
    claim = count_attempt(actor.person_id, claim_id)
    if not claim.code_digest or claim.code_digest != digest_of("".join(code.split())):
        raise CodeWrong(ATTEMPTS - claim.attempts)

    def grant() -> UUID:
        with acting(person=actor.person_id):
            return grant_claim(claim, decided_by=Actor(actor.person_id, claim.org_id))

    return retrying(grant)


def count_attempt(person_id: UUID, claim_id: UUID) -> Claim:
    """In a transaction of its own, so that a wrong code can't be taken back by a rollback."""
    with acting(person=person_id):
        claim = access_claim_of(person_id, claim_id)
        open_ones = Claim.objects.filter(id=claim_id, state="open")
        if not open_ones.exists():
            raise ClaimNotFound
        tried = open_ones.filter(attempts__lt=ATTEMPTS, expires_at__gt=timezone.now())
        if not tried.update(attempts=F("attempts") + 1):
            raise ClaimExpired
        claim.refresh_from_db()
    return claim


def withdraw_claim(actor: Actor, *, claim_id: UUID) -> None:
    """Raises ``ClaimNotFound``."""
    assert actor.person_id, "a claimant is signed in"
    with acting(person=actor.person_id):
        claim = access_claim_of(actor.person_id, claim_id)
        with acting(org=claim.steward_id, person=actor.person_id):
            live = Claim.objects.filter(id=claim_id, state__in=["open", "proven"])
            if not live.update(state="withdrawn", decided_at=timezone.now()):
                raise ClaimNotFound
            append_event(Actor(actor.person_id, claim.steward_id), "claim.withdrawn", subject=claim_id)
