"""Change what is held about the organisation: its name, code, city, and the profile beyond the register."""

from collections.abc import Collection
from dataclasses import dataclass

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.domain import (
    check_uscc,
    normalise_email,
    normalise_phone,
    normalise_website,
)
from staveworks.foundation.parties.models import Organisation, Profile
from staveworks.foundation.parties.naming import sort_key
from staveworks.foundation.parties.types import OPERATOR_KINDS, Actor, Kind, OrganisationNotFound
from staveworks.foundation.parties.usecases.found_organisation import (
    clean_city,
    clean_kinds,
    clean_name,
    clean_name_en,
    refuse_taken,
    save_with_uscc,
)


@dataclass(frozen=True, slots=True)
class ProfileFields:
    """The profile as a person types it; ``staff`` in heads."""

    contact: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    website: str = ""
    products: str = ""
    staff: int | None = None


@use_case
def edit_organisation(
    actor: Actor,
    *,
    name: str,
    kinds: Collection[Kind],
    uscc: str = "",
    city: str = "",
    name_en: str | None = None,
    profile: ProfileFields,
) -> None:
    """``name_en`` None leaves the English name as it is.

    Raises ``RightMissing``, ``NameMissing``, ``KindMissing``, ``UsccInvalid``, ``UsccTaken``, ``CityUnknown``, ``PhoneInvalid``,
    ``EmailInvalid``, ``WebsiteInvalid``, and ``OrganisationNotFound`` where her claim was revoked at this very moment.
    """
    actor.require("organisation.edit")
    organisation = Organisation.objects.select_for_update().get(id=actor.org)
    _refuse_former(actor, organisation)
    before = organisation.name
    organisation.name, organisation.sort_key = clean_name(name), sort_key(name)
    if name_en is not None:
        organisation.name_en = clean_name_en(name_en)
    if before != organisation.name:
        organisation.former_names = [*organisation.former_names, before][-10:]
    organisation.kinds = _kinds(organisation, kinds)
    organisation.uscc = check_uscc(uscc) if uscc else None
    organisation.city_id = clean_city(city)
    refuse_taken(organisation.uscc, but=organisation.id)
    save_with_uscc(organisation)
    changed = _edit_profile(actor, organisation, profile)
    append_event(
        actor, "organisation.changed", subject=actor.org, renamed=before != organisation.name, profile=changed
    )


def _refuse_former(actor: Actor, organisation: Organisation) -> None:
    """What was put back when a claim was revoked is not written over by a page that its former people sent before."""
    unclaimed = organisation.steward_id is not None and organisation.claimed_at is None
    if unclaimed and (actor.roles or actor.mandate_id):
        raise OrganisationNotFound


def _kinds(organisation: Organisation, kinds: Collection[Kind]) -> list[Kind]:
    """An operator stays one: that kind is neither given nor taken here."""
    kept = [Kind(kind) for kind in organisation.kinds if Kind(kind) in OPERATOR_KINDS]
    return [*clean_kinds(kinds), *kept] if not kept or kinds else kept


def _edit_profile(actor: Actor, organisation: Organisation, fields: ProfileFields) -> bool:
    steward = None if organisation.claimed_at else organisation.steward_id
    profile, _ = Profile.objects.get_or_create(org_id=actor.org, defaults={"steward_id": steward})
    phones = [normalise_phone(fields.phone)] if fields.phone.strip() else []
    values = {
        "contact": fields.contact.strip()[:80],
        "phones": phones + [phone for phone in profile.phones[1:] if phone not in phones],
        "email": normalise_email(fields.email) if fields.email.strip() else "",
        "address": fields.address.strip()[:400],
        "website": _website(fields.website.strip(), profile.website),
        "products": fields.products.strip()[:400],
        "staff": fields.staff,
    }
    changed = {name for name, value in values.items() if getattr(profile, name) != value}
    for name in changed:
        setattr(profile, name, values[name])
    profile.save(update_fields=changed or None)
    return bool(changed)


def _website(typed: str, held: str) -> str:
    """What a roster brought may stay as it is; what is typed anew has to be an address of the web."""
    return typed if typed in ("", held) else normalise_website(typed)
