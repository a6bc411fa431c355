"""Firms that nobody has claimed, and the firm as which a register entry goes on: what queries and use cases of claims look up."""

from uuid import UUID

from staveworks.foundation.parties.models import Organisation, Profile
from staveworks.foundation.parties.types import (
    ClaimedAlready,
    FirmHeldElsewhere,
    OrganisationNotFound,
)
from staveworks.kit.text import Text

CLAIM_CODE = Text(
    zh="【Staveworks】有人认领贵企业，验证码 {code}，15 分钟内有效。不是您本人办理，请不要告诉别人。",
    en="[Staveworks] Somebody claims your firm. Code {code}, valid for 15 minutes. If that isn't you, tell nobody.",
)
"""What goes to the phone held about a firm that somebody claims, by whichever door."""


def standing_firm(org_id: UUID) -> Organisation:
    """The firm as which the entry ``org_id`` stands: itself, or whatever it was merged into, however often.

    Raises ``OrganisationNotFound``.
    """
    wanted = org_id
    while True:
        firm = Organisation.objects.filter(id=wanted).select_related("city").first()
        if firm is None:
            raise OrganisationNotFound
        if firm.merged_into_id is None:
            return firm
        wanted = firm.merged_into_id


def unclaimed_firm(org_id: UUID, *, steward: UUID | None = None) -> Organisation:
    """The unclaimed firm as which ``org_id`` stands, held by ``steward`` if one is named: what its steward began for an
    entry goes on for the firm that it was merged into, but not for another operator's.

    Raises ``OrganisationNotFound``, ``ClaimedAlready``, ``FirmHeldElsewhere``.
    """
    firm = standing_firm(org_id)
    if firm.steward_id is None:
        raise ClaimedAlready if firm.id != org_id else OrganisationNotFound
    if firm.claimed_at:
        raise ClaimedAlready
    if steward is not None and firm.steward_id != steward:
        raise FirmHeldElsewhere
    return firm


def held_phone(firm_id: UUID) -> str | None:
    """The first phone held about the firm (inside ``acting`` for its steward)."""
    phones = Profile.objects.filter(org_id=firm_id).values_list("phones", flat=True).first()
    return phones[0] if phones else None
