"""Organisations one may act for, and the data of the one that acts."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call, seeing
from staveworks.api.operation import PERSON, Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.shapes import Count, In, Line, Name, Out, Words
from staveworks.foundation.parties.queries import access_organisation, access_profile, actor_for, list_choices
from staveworks.foundation.parties.types import Actor, Kind, OrganisationCard
from staveworks.foundation.parties.usecases.edit_organisation import ProfileFields, edit_organisation
from staveworks.foundation.parties.usecases.found_organisation import found_organisation
from staveworks.foundation.rules.queries import entry_in_force
from staveworks.kit.text import Text

router = Resource("organisations")
Code = Annotated[str, Field(max_length=18)]


class OrganisationOut(Out):
    """``city``: code of GB/T 2260. ``steward``: who holds it until somebody has claimed it."""

    id: UUID
    name: Words
    kinds: list[Kind]
    city: str | None
    city_name: Words | None
    uscc: str | None
    steward: UUID | None
    claimed_at: datetime | None
    demo: bool


class ChoiceOut(OrganisationOut):
    """``mandated``: she acts there by a mandate, given to her or to ``via``."""

    via: UUID | None
    mandated: bool


class HeldProfileOut(Out):
    contact: str
    phones: list[str]
    email: str
    address: str
    website: str
    products: str
    staff: int | None
    staff_approximate: bool
    note: str


class OrganisationDetail(OrganisationOut):
    profile: HeldProfileOut


class Register(In):
    name: Name
    kinds: Annotated[list[Kind], Field(min_length=1, max_length=8)]
    uscc: Code = ""
    city: Annotated[str, Field(max_length=6)] = ""


class Change(In):
    """What is left out stays as it is."""

    name: Name | None = None
    kinds: Annotated[list[Kind], Field(min_length=1, max_length=8)] | None = None
    uscc: Code | None = None
    city: Annotated[str, Field(max_length=6)] | None = None
    contact: Annotated[str, Field(max_length=80)] | None = None
    phone: Annotated[str, Field(max_length=40)] | None = None
    email: Annotated[str, Field(max_length=254)] | None = None
    address: Line | None = None
    website: Annotated[str, Field(max_length=200)] | None = None
    products: Line | None = None
    staff: Count | None = None


def values_of(card: OrganisationCard) -> dict[str, object]:
    """The values of an ``OrganisationOut``."""
    return {
        "id": card.id,
        "name": Words.of(card.title),
        "kinds": list(card.kinds),
        "city": card.city_code,
        "city_name": Words.maybe(card.city_name),
        "uscc": card.uscc,
        "steward": card.steward_id,
        "claimed_at": card.claimed_at,
        "demo": card.demo,
    }


@router.read(
    "", says=Text(zh="我能代表的单位", en="List my organisations"), door=PERSON, answer=Page[ChoiceOut]
)
def list_my_organisations(request: Call, paging: Query[Paging]) -> Page[ChoiceOut]:
    """Those in which she has a role, and those that gave her or one of hers a mandate."""
    assert request.auth.person_id is not None, "the guard lets only persons through"
    return page_of_all(
        list_choices(request.auth.person_id),
        paging=paging,
        listing="organisations",
        key=lambda choice: (choice.card.name, str(choice.card.id)),
        show=lambda choice: ChoiceOut.model_validate(
            values_of(choice.card) | {"via": choice.via_org_id, "mandated": choice.mandated}
        ),
    )


@router.effect(
    "POST",
    "",
    says=Text(zh="登记单位", en="Register an organisation"),
    door=PERSON,
    answer=OrganisationDetail,
    status=201,
)
def register_organisation(request: Call, body: Register) -> OrganisationDetail:
    """The caller becomes its owner."""
    found = found_organisation(
        request.auth,
        name=body.name,
        kinds=body.kinds,
        uscc=body.uscc,
        city=body.city,
        a_day=entry_in_force("registration", "organisations_a_day"),
    )
    assert request.auth.person_id is not None, "the guard lets only persons through"
    return _detail(actor_for(request.auth.person_id, found))


@router.read(
    "/current",
    says=Text(zh="当前单位", en="Get the organisation"),
    door=right("organisation.read"),
    answer=OrganisationDetail,
)
def get_organisation(request: Call) -> OrganisationDetail:
    """The organisation one acts for, with its profile."""
    return _detail(request.auth)


@router.effect(
    "PATCH",
    "/current",
    says=Text(zh="修改当前单位", en="Change the organisation"),
    door=right("organisation.edit"),
    answer=OrganisationDetail,
)
def change_organisation(request: Call, body: Change) -> OrganisationDetail:
    """Changes the fields that are sent."""
    actor = seeing(request.auth, "organisation.read")
    card, held = access_organisation(actor, actor.org), access_profile(actor)
    edit_organisation(
        actor,
        name=_or(body.name, card.name),
        kinds=_or(body.kinds, list(card.kinds)),
        uscc=_or(body.uscc, card.uscc or ""),
        city=_or(body.city, card.city_code or ""),
        profile=ProfileFields(
            contact=_or(body.contact, held.contact),
            phone=_or(body.phone, held.phones[0] if held.phones else ""),
            email=_or(body.email, held.email),
            address=_or(body.address, held.address),
            website=_or(body.website, held.website),
            products=_or(body.products, held.products),
            staff=body.staff if "staff" in body.model_fields_set else held.staff,
        ),
    )
    return _detail(actor)


def _or[T](sent: T | None, held: T) -> T:
    return held if sent is None else sent


def _detail(actor: Actor) -> OrganisationDetail:
    card = access_organisation(actor, actor.org)
    profile = HeldProfileOut.model_validate(access_profile(actor))
    return OrganisationDetail.model_validate(values_of(card) | {"profile": profile})


@router.read(
    "/{uuid:organisation}",
    says=Text(zh="查看单位", en="Get an organisation by its id"),
    door=right("organisation.read"),
    answer=OrganisationOut,
)
def get_organisation_by_id(request: Call, organisation: UUID) -> OrganisationOut:
    """One's own, or one that one's organisation stewards."""
    return OrganisationOut.model_validate(values_of(access_organisation(request.auth, organisation)))
