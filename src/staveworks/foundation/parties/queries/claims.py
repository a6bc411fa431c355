"""Firms that wait for their owners, and claims under way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from staveworks.db.transaction import acting, query
from staveworks.foundation.parties.claimable import held_phone, standing_firm, unclaimed_firm
from staveworks.foundation.parties.domain import digest_of, mask
from staveworks.foundation.parties.models import Claim, ClaimLink, Organisation
from staveworks.foundation.parties.types import Actor, ClaimLinkInvalid, ClaimNotFound, title_of
from staveworks.kit.text import Text

SHOWN = 10
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class ClaimableFirm:
    """All that a stranger learns of an unclaimed firm. ``phone`` is masked; None where none is held or it wasn't asked for.

    ``merged``: the name of the entry that was asked for, where that was merged into this firm since. ``invited_by``: the
    operator whose link she holds.
    """

    id: UUID
    name: str
    title: Text
    city_name: Text | None
    phone: str | None = None
    merged: Text | None = None
    invited_by: Text | None = None


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """A claim as its claimant and its steward see it; ``title`` is the firm's name in both languages.

    ``state`` is open, proven, granted, refused, withdrawn or revoked. ``merged``: the name of the entry that was claimed,
    where that was merged into the firm since.
    """

    id: UUID
    org_id: UUID
    firm: str
    title: Text
    firm_uscc: str | None
    city_name: Text | None
    person: str
    contact: str
    method: str
    state: str
    licence_id: UUID | None
    letter_printed: bool
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None
    reason: str
    revoked_at: datetime | None
    merged: Text | None

    @property
    def ended_at(self) -> datetime:
        """The last that happened to it."""
        return self.revoked_at or self.decided_at or self.created_at


def find_claimable(text: str) -> list[ClaimableFirm]:
    """Unclaimed firms with this USCC, or whose name contains ``text``; at most ten, by name."""
    wanted = " ".join(text.split())
    if len(wanted) < SHORTEST:
        return []
    match = Q(uscc=wanted.replace(" ", "").upper()) | Q(name__icontains=wanted)
    found = Organisation.objects.filter(match, merged_into=None, claimed_at=None).exclude(steward_id=None)
    firms = found.select_related("city").order_by("sort_key", "id")[:SHOWN]
    return [ClaimableFirm(firm.id, firm.name, _title(firm), _city(firm)) for firm in firms]


def access_claimable(org_id: UUID) -> ClaimableFirm:
    """One unclaimed firm with the masked phone that a code would go to; of an entry that was merged, the firm as which it
    stands. Raises ``OrganisationNotFound``, ``ClaimedAlready``."""
    firm = unclaimed_firm(org_id)
    with acting(org=firm.steward_id):
        phone = held_phone(firm.id)
    return _claimable(firm, org_id, mask(phone) if phone else None)


def firm_of_claim_link(token: str) -> ClaimableFirm:
    """Which firm a claim link is for: the one as which its entry stands.

    Raises ``ClaimLinkInvalid``, ``ClaimedAlready``, ``FirmHeldElsewhere``.
    """
    digest = digest_of(token)
    with acting(token=digest):
        link = ClaimLink.objects.filter(
            token_digest=digest, used_at=None, expires_at__gt=timezone.now()
        ).first()
    if link is None:
        raise ClaimLinkInvalid
    firm = _claimable(unclaimed_firm(link.org_id, steward=link.steward_id), link.org_id)
    return replace(firm, invited_by=_title(Organisation.objects.get(id=link.steward_id)))


def _claimable(firm: Organisation, asked: UUID, phone: str | None = None) -> ClaimableFirm:
    merged = _title(Organisation.objects.get(id=asked)) if asked != firm.id else None
    return ClaimableFirm(firm.id, firm.name, _title(firm), _city(firm), phone, merged)


@query
def list_claims(actor: Actor, *, states: Sequence[str] = ("proven",)) -> list[ClaimRecord]:
    """Claims on firms that the actor's organisation holds, oldest first. Raises ``RightMissing``."""
    actor.require("claim.decide")
    found = Claim.objects.filter(steward_id=actor.org, state__in=states).order_by("created_at")
    return [_record(claim) for claim in found.select_related("org__city", "person")]


@query
def access_claim(actor: Actor, claim_id: UUID) -> ClaimRecord:
    """One claim to decide. Raises ``RightMissing``, ``ClaimNotFound``."""
    actor.require("claim.decide")
    found = Claim.objects.filter(id=claim_id, steward_id=actor.org).select_related("org__city", "person")
    return _record(_one(found.first()))


@query
def count_open_claims(actor: Actor) -> int:
    """Claims that wait for a person of the actor's organisation."""
    return Claim.objects.filter(steward_id=actor.org_id, state="proven").count()


def list_own_claims(person_id: UUID) -> list[ClaimRecord]:
    """The person's own claims, newest first."""
    with acting(person=person_id):
        found = Claim.objects.filter(person_id=person_id).exclude(state="withdrawn").order_by("-created_at")
        return [_record(claim) for claim in found.select_related("org__city", "person")[:20]]


def access_own_claim(person_id: UUID, claim_id: UUID) -> ClaimRecord:
    """Raises ``ClaimNotFound``."""
    with acting(person=person_id):
        found = Claim.objects.filter(id=claim_id, person_id=person_id).select_related("org__city", "person")
        return _record(_one(found.first()))


def _one(claim: Claim | None) -> Claim:
    if claim is None:
        raise ClaimNotFound
    return claim


def _record(claim: Claim) -> ClaimRecord:
    firm = standing_firm(claim.org_id) if claim.org.merged_into_id else claim.org
    return ClaimRecord(
        id=claim.id,
        org_id=firm.id,
        firm=firm.name,
        title=_title(firm),
        firm_uscc=firm.uscc,
        city_name=_city(firm),
        person=claim.person.name,
        contact=claim.person.phone or claim.person.email or "",
        method=claim.method,
        state=claim.state,
        licence_id=claim.licence_id,
        letter_printed=claim.method == "letter" and bool(claim.code_digest),
        created_at=claim.created_at,
        expires_at=claim.expires_at,
        decided_at=claim.decided_at,
        reason=claim.reason,
        revoked_at=claim.revoked_at,
        merged=_title(claim.org) if firm.id != claim.org_id else None,
    )


def _title(firm: Organisation) -> Text:
    return title_of(firm.name, firm.name_en)


def _city(firm: Organisation) -> Text | None:
    return Text(zh=firm.city.name_zh, en=firm.city.name_en) if firm.city else None
