"""What a firm shows to its operator, and what is held about it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from staveworks.db.transaction import query
from staveworks.foundation.parties.models import Agreement, Profile
from staveworks.foundation.parties.types import Actor


@dataclass(frozen=True, slots=True)
class AgreementInForce:
    """The acceptance in force; ``shows`` are codes of ``agreement.GRANTS``."""

    id: UUID
    operator_id: UUID
    operator: str
    edition: str
    shows: frozenset[str]
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class HeldProfile:
    """What is held about an organisation beyond the register."""

    contact: str
    phones: tuple[str, ...]
    email: str
    address: str
    website: str
    products: str
    staff: int | None
    staff_approximate: bool
    note: str
    business_type: str = ""


@query
def access_agreement(actor: Actor) -> AgreementInForce | None:
    """The agreement in force of the actor's organisation. Raises ``RightMissing``."""
    actor.require("organisation.read")
    found = Agreement.objects.filter(org_id=actor.org, withdrawn_at=None).select_related("operator").first()
    if found is None:
        return None
    return AgreementInForce(
        found.id,
        found.operator_id,
        found.operator.name,
        found.edition,
        frozenset(found.shows),
        found.accepted_at,
    )


@query
def access_profile(actor: Actor) -> HeldProfile:
    """The profile of the actor's organisation; empty where there is none yet. Raises ``RightMissing``."""
    actor.require("organisation.read")
    found = Profile.objects.filter(org_id=actor.org).first() or Profile(org_id=actor.org)
    return HeldProfile(
        found.contact,
        tuple(found.phones),
        found.email,
        found.address,
        found.website,
        found.products,
        found.staff,
        found.staff_approximate,
        found.note,
        found.business_type,
    )
