"""What is held about a firm, register and profile, as plain values: kept when it is handed over, put back when a claim is revoked."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from staveworks.foundation.parties.models import Organisation, Profile

REGISTER = ("name", "name_en", "sort_key", "former_names", "kinds", "uscc", "country", "city_id")
PROFILE = (
    "business_type", "contact", "phones", "email", "address", "website", "products", "staff",
    "staff_approximate", "note",
)  # fmt: skip
Held = Mapping[str, Any]


def held_of(firm: Organisation) -> dict[str, Any]:
    """Column → value, ready for JSON (inside ``acting`` for the firm)."""
    profile = Profile.objects.filter(org_id=firm.id).first() or Profile(org_id=firm.id)
    return {column: getattr(firm, column) for column in REGISTER} | {
        column: getattr(profile, column) for column in PROFILE
    }


def hold(firm_id: UUID, values: Held) -> None:
    """Write some columns (inside ``acting`` for the firm). A code must have been checked to be free."""
    register = {column: value for column, value in values.items() if column in REGISTER}
    profile = {column: value for column, value in values.items() if column in PROFILE}
    if register:
        Organisation.objects.filter(id=firm_id).update(**register)
    if profile:
        Profile.objects.filter(org_id=firm_id).update(**profile)


def differences(now: Held, back: Held) -> dict[str, list[Any]]:
    """Column → [now, back] of the columns that differ."""
    return {column: [now[column], value] for column, value in back.items() if now[column] != value}


def with_free_code(firm_id: UUID, values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` without a code that another firm has taken meanwhile: the firm stands without one then."""
    code = values.get("uscc")
    taken = Organisation.objects.filter(uscc=code, merged_into=None).exclude(id=firm_id) if code else None
    return {**values, "uscc": None} if taken is not None and taken.exists() else dict(values)
