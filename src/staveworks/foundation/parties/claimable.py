"""Firms that nobody has claimed: what queries and use cases of claims both look up."""

from uuid import UUID

from staveworks.foundation.parties.models import Organisation, Profile
from staveworks.foundation.parties.types import ClaimedAlready, OrganisationNotFound


def unclaimed_firm(org_id: UUID) -> Organisation:
    """Raises ``OrganisationNotFound``, ``ClaimedAlready``."""
    firm = Organisation.objects.filter(id=org_id, merged_into=None).exclude(steward_id=None).first()
    if firm is None:
        raise OrganisationNotFound
    if firm.claimed_at:
        raise ClaimedAlready
    return firm


def held_phone(firm_id: UUID) -> str | None:
    """The first phone held about the firm (inside ``acting`` for its steward)."""
    phones = Profile.objects.filter(org_id=firm_id).values_list("phones", flat=True).first()
    return phones[0] if phones else None
