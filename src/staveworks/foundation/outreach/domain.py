"""Pure decisions: by which address a firm is reached, which place codes a city covers."""

import re
from uuid import UUID

MOBILE = re.compile(r"\+861[3-9]\d{9}")


def address_of(email: str, phones: list[str]) -> str:
    """E-mail where one is held, else the first mobile phone (E.164): nobody reads an SMS on a landline. "" if neither."""
    if email:
        return email
    return next((phone for phone in phones if MOBILE.fullmatch(phone) or not phone.startswith("+86")), "")


def key_of(campaign: UUID, firm: UUID) -> str:
    """The key of the one message of a campaign to a firm."""
    return f"campaign:{campaign}:{firm}"


def covered(city: str) -> str:
    """The prefix of all places under ``city``: 320000 → 32, 320500 → 3205, 320509 → itself."""
    for zeros in ("0000", "00"):
        if city.endswith(zeros):
            return city.removesuffix(zeros)
    return city
