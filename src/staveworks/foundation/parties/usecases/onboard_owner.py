"""At a counter: a clerk of the steward hands a firm to the owner who stands before her, and is mandated to go on for it.

The owner's consent is the code: it reaches her own phone with what it agrees to, and nothing happens before it is typed in.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from staveworks.db.transaction import acting, use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.agreement import GRANTS
from staveworks.foundation.parties.claimable import unclaimed_firm
from staveworks.foundation.parties.domain import Contact, digest_of, new_code
from staveworks.foundation.parties.models import Claim, Person
from staveworks.foundation.parties.queries import AgentFound, actor_for
from staveworks.foundation.parties.rights import MANDATED
from staveworks.foundation.parties.types import (
    Actor,
    ClaimNotFound,
    ClaimTooOften,
    CodeWrong,
    GrantUnknown,
    MandateDateInvalid,
    MandateRightsInvalid,
    OrganisationNotFound,
)
from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement
from staveworks.foundation.parties.usecases.give_mandate import LONGEST, give_mandate
from staveworks.foundation.parties.usecases.grant_claim import grant_claim
from staveworks.foundation.parties.usecases.prove_claim import ATTEMPTS, count_attempt
from staveworks.foundation.parties.usecases.register_person import register_person
from staveworks.kit.ids import new_id

VALID = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the owner agrees to: the operator's people act within ``rights`` until ``until``; it sees ``shows``."""

    rights: tuple[str, ...]
    until: date
    shows: tuple[str, ...]
    edition: str


@dataclass(frozen=True, slots=True)
class CounterCode:
    """``code`` must be sent to the owner's own address by the caller, and shown to nobody."""

    claim_id: UUID
    code: str


@use_case
def start_onboarding(actor: Actor, *, firm: UUID, name: str, contact: Contact, terms: Terms) -> CounterCode:
    """Raises ``RightMissing``, ``OrganisationNotFound``, ``ClaimedAlready``, ``NameMissing``, ``ClaimTooOften``, and for the
    terms ``MandateRightsInvalid``, ``MandateDateInvalid``, ``GrantUnknown``.
    """
    actor.require("firm.invite")
    if unclaimed_firm(firm).steward_id != actor.org:
        raise OrganisationNotFound
    _check(terms)
    owner = register_person(name=name, contact=contact)
    Claim.objects.filter(org_id=firm, person=owner, state__in=["open", "proven"]).update(
        state="withdrawn", decided_at=timezone.now()
    )
    started = CounterCode(new_id(), new_code())
    try:
        with transaction.atomic():
            Claim.objects.create(
                id=started.claim_id,
                org_id=firm,
                steward_id=actor.org,
                person=owner,
                method="counter",
                code_digest=digest_of(started.code),
                terms=_kept(terms),
                expires_at=timezone.now() + VALID,
            )
    except IntegrityError:
        raise ClaimTooOften from None
    append_event(actor, "claim.opened", subject=started.claim_id, firm=firm, method="counter")
    return started


def _check(terms: Terms) -> None:
    if not terms.rights or not set(terms.rights) <= MANDATED:
        raise MandateRightsInvalid(field="rights")
    today = timezone.localdate()
    if not today <= terms.until <= today + LONGEST:
        raise MandateDateInvalid(field="until")
    if not set(terms.shows) <= set(GRANTS):
        raise GrantUnknown(field="shows")


def _kept(terms: Terms) -> dict[str, object]:
    return {
        "rights": sorted(terms.rights),
        "until": terms.until.isoformat(),
        "shows": sorted(terms.shows),
        "edition": terms.edition,
    }


def access_onboarding(actor: Actor, claim_id: UUID) -> Claim:
    """The claim begun at a counter of the actor's organisation. Raises ``RightMissing``, ``ClaimNotFound``."""
    actor.require("firm.invite")
    with acting(org=actor.org, person=actor.person_id):
        claim = Claim.objects.filter(id=claim_id, steward_id=actor.org, method="counter").first()
    if claim is None:
        raise ClaimNotFound
    return claim


def finish_onboarding(actor: Actor, *, claim_id: UUID, code: str) -> UUID:
    """The firm, now the owner's, with her agreement and her mandate to the steward. Five tries, as for any code.

    Raises ``RightMissing``, ``ClaimNotFound``, ``ClaimExpired``, ``CodeWrong``, ``ClaimedAlready``.
    """
    claim = count_attempt(access_onboarding(actor, claim_id).person_id, claim_id)
    if claim.code_digest != digest_of("".join(code.split())):
        raise CodeWrong(ATTEMPTS - claim.attempts)
    return _hand_over(actor, claim)


@use_case
def _hand_over(actor: Actor, claim: Claim) -> UUID:
    """Firm, agreement and mandate in one transaction: she gets all that she agreed to, or nothing."""
    assert claim.terms, "kept when it was started"
    firm = grant_claim(claim, decided_by=actor)
    Person.objects.filter(id=claim.person_id).exclude(phone=None).update(phone_verified=True)
    owner = replace(actor_for(claim.person_id, firm), via_org_id=actor.org)
    accept_agreement(owner, shows=claim.terms["shows"], edition=claim.terms["edition"])
    give_mandate(
        owner,
        agent=AgentFound("", org_id=actor.org),
        rights=set(claim.terms["rights"]) & owner.rights,
        until=max(date.fromisoformat(claim.terms["until"]), timezone.localdate()),
    )
    return firm
