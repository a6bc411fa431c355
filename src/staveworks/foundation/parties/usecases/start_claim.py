"""Say that an imported firm is one's own, and choose how to prove it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.claimable import held_phone, unclaimed_firm
from staveworks.foundation.parties.domain import digest_of, new_code
from staveworks.foundation.parties.models import Claim
from staveworks.foundation.parties.types import (
    Actor,
    ClaimRevokedBefore,
    ClaimTooOften,
    NoPhoneHeld,
)
from staveworks.kit.ids import new_id

Method = Literal["phone", "letter", "licence"]
VALID: dict[str, timedelta] = {
    "phone": timedelta(minutes=15),
    "letter": timedelta(days=30),
    "licence": timedelta(days=30),
}
PER_FIRM_A_DAY, PER_PERSON_A_DAY = 5, 10


@dataclass(frozen=True, slots=True)
class StartedClaim:
    """``code`` must be sent to ``phone`` by the caller (method phone only); neither may be shown to the claimant.

    ``org_id``: the firm claimed, which is another than the one asked for where that was merged into it.
    """

    id: UUID
    org_id: UUID
    method: Method
    expires_at: datetime
    code: str | None = None
    phone: str | None = None


def start_claim(
    actor: Actor, *, org_id: UUID, method: Method, licence_id: UUID | None = None
) -> StartedClaim:
    """A new claim takes the place of an unfinished one of the same person.

    *phone*: open until the code sent to the phone held about the firm is typed in. *letter*: open until the code is typed in that
    the steward prints. *licence*: proven as far as a machine can tell, waits for a person of the steward.

    Raises ``OrganisationNotFound``, ``ClaimedAlready``, ``NoPhoneHeld``, ``ClaimTooOften``, ``ClaimRevokedBefore``.
    """
    assert actor.person_id, "a claimant is signed in"
    firm = unclaimed_firm(org_id)
    steward = Actor(actor.person_id, firm.steward_id)
    with acting(org=steward.org_id, person=actor.person_id):
        if method != "licence":
            refuse_revoked(actor.person_id, firm.id)
        _refuse_hammering(actor.person_id, firm.id)
        _withdraw_former(actor.person_id, firm.id)
        started = _start(firm.id, method)
        try:
            with transaction.atomic():
                _keep(steward, firm.id, started, licence_id)
        except IntegrityError:
            raise ClaimTooOften from None
        append_event(steward, "claim.opened", subject=started.id, firm=firm.id, method=method)
    return started


def refuse_revoked(person_id: UUID, firm_id: UUID) -> None:
    """Whose claim was revoked could prove it again by the same wrong phone or a link: a person has to decide.

    Inside ``acting`` for the steward. Raises ``ClaimRevokedBefore``.
    """
    if Claim.objects.filter(person_id=person_id, org_id=firm_id, state="revoked").exists():
        raise ClaimRevokedBefore


def _refuse_hammering(person_id: UUID, firm_id: UUID) -> None:
    since = timezone.now() - timedelta(days=1)
    recent = Claim.objects.filter(created_at__gt=since)
    if (
        recent.filter(org_id=firm_id).count() >= PER_FIRM_A_DAY
        or recent.filter(person_id=person_id).count() >= PER_PERSON_A_DAY
    ):
        raise ClaimTooOften


def _withdraw_former(person_id: UUID, firm_id: UUID) -> None:
    live = Claim.objects.filter(org_id=firm_id, person_id=person_id, state__in=["open", "proven"])
    live.update(state="withdrawn", decided_at=timezone.now())


def _start(firm_id: UUID, method: Method) -> StartedClaim:
    code, phone = None, None
    if method == "phone":
        phone = held_phone(firm_id)
        if phone is None:
            raise NoPhoneHeld
        code = new_code()
    return StartedClaim(new_id(), firm_id, method, timezone.now() + VALID[method], code, phone)


def _keep(steward: Actor, firm_id: UUID, started: StartedClaim, licence_id: UUID | None) -> None:
    Claim.objects.create(
        id=started.id,
        org_id=firm_id,
        steward_id=steward.org,
        person_id=steward.person,
        method=started.method,
        state="proven" if started.method == "licence" else "open",
        code_digest=digest_of(started.code) if started.code else "",
        licence_id=licence_id,
        expires_at=started.expires_at,
    )
