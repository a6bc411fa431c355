"""The operator's table of firms, with their barrels: narrowed, sorted, counted.

Everything here runs as the operator's organisation: the policies of the diagnoses leave out firms whose barrel it may not see.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Value, When

from staveworks.cluster.barrel.cards import diagnosis_card
from staveworks.cluster.barrel.models import Diagnosis
from staveworks.cluster.barrel.types import DiagnosisCard
from staveworks.db.transaction import query
from staveworks.foundation.parties.models import Agreement, City, ClaimLink, Organisation
from staveworks.foundation.parties.types import Actor, Kind, OrganisationNotFound
from staveworks.kit.text import Text

MOST_ROWS = 5000
MEMBERS = [Kind.ENTERPRISE, Kind.BACKBONE]
"""Whose barrels the cluster is about; institutions have theirs, but aren't counted as firms."""


class Standing(StrEnum):
    """How far a firm has come from a line of a list to a member."""

    FOUND = "found"
    INVITED = "invited"
    CLAIMED = "claimed"

    @property
    def text(self) -> Text:
        return STANDING_TEXTS[self]


STANDING_TEXTS = {
    Standing.FOUND: Text(zh="未邀请", en="not invited"),
    Standing.INVITED: Text(zh="已邀请", en="invited"),
    Standing.CLAIMED: Text(zh="已认领", en="claimed"),
}


@dataclass(frozen=True, slots=True)
class FirmFilter:
    """What the table is narrowed to; empty fields narrow nothing. ``sort`` is a key of ``SORTS``, ``-`` for descending."""

    words: str = ""
    city: str = ""
    business_type: str = ""
    binding: str = ""
    standing: str = ""
    diagnosed: str = ""
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class FirmRow:
    """One firm of the cluster. ``hidden``: claimed, and its owner does not show the operator its barrel."""

    id: UUID
    name: Text
    uscc: str | None
    city_code: str | None
    city_name: Text | None
    business_type: str
    staff: int | None
    standing: Standing
    hidden: bool
    diagnosis: DiagnosisCard | None


@dataclass(frozen=True, slots=True)
class FirmTable:
    """The rows asked for, how many there are in all, and how many fall under each choice of each filter."""

    rows: list[FirmRow]
    total: int
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    cities: dict[str, Text] = field(default_factory=dict)
    """The names of the cities that are counted."""


SORTS = {
    "name": ("sort_key",),
    "city": ("city_id", "sort_key"),
    "staff": ("profile__staff",),
    "water": ("barrel__water_likely",),
    "date": ("barrel__at",),
}


@query
def list_firms(actor: Actor, *, narrowed: FirmFilter, offset: int = 0, limit: int = 50) -> FirmTable:
    """Firms of the operator's cluster, narrowed, sorted, with counts for the filters. Raises ``RightMissing``."""
    actor.require("firm.read")
    everything = firms_of(actor)
    found = _narrow(everything, narrowed)
    firms = list(found.order_by(*_order(narrowed.sort))[offset : offset + min(limit, MOST_ROWS)])
    barrels = _barrels(firms)
    rows = [_row(firm, barrels.get(firm.id)) for firm in firms]
    counts = _counts(everything, narrowed)
    cities = City.objects.filter(code__in=list(counts["city"]))
    names = {city.code: Text(zh=city.name_zh, en=city.name_en) for city in cities}
    return FirmTable(rows, found.count(), counts, names)


def _barrels(firms: list[Organisation]) -> dict[UUID, DiagnosisCard]:
    found = Diagnosis.objects.filter(
        current=True, org_id__in=[firm.id for firm in firms], water_low__isnull=False
    )
    return {each.org_id: diagnosis_card(each) for each in found}


def firms_of(actor: Actor) -> QuerySet[Any]:
    """The firms that the operator stewards or that show it their barrel, each with ``barrel``, ``invited`` and ``shows``."""
    shown = Agreement.objects.filter(
        org_id=OuterRef("id"), operator_id=actor.org, withdrawn_at=None, shows__contains=["barrel"]
    )
    return (
        Organisation.objects.filter(merged_into=None, kinds__overlap=MEMBERS)
        .filter(Q(steward_id=actor.org) | Exists(shown))
        .annotate(
            barrel=FilteredRelation("diagnoses", condition=Q(diagnoses__current=True)),
            invited=Exists(ClaimLink.objects.filter(org_id=OuterRef("id"))),
            shows=Exists(shown),
        )
        .select_related("city", "profile")
        .annotate(barrel_id=F("barrel__assessment_id"))
    )


def _narrow(firms: QuerySet[Any], by: FirmFilter) -> QuerySet[Any]:
    conditions = [
        Q(name__icontains=by.words) | Q(name_en__icontains=by.words) | Q(uscc=by.words.upper())
        if by.words
        else Q(),
        Q(city_id=by.city) if by.city else Q(),
        Q(profile__business_type=by.business_type) if by.business_type else Q(),
        Q(barrel__binding=by.binding) if by.binding else Q(),
        STANDINGS.get(by.standing, Q()),
        DIAGNOSED.get(by.diagnosed, Q()),
    ]
    for condition in conditions:
        firms = firms.filter(condition)
    return firms


STANDINGS: dict[str, Q] = {
    Standing.FOUND: Q(claimed_at=None, invited=False),
    Standing.INVITED: Q(claimed_at=None, invited=True),
    Standing.CLAIMED: ~Q(claimed_at=None),
}
DIAGNOSED = {"yes": ~Q(barrel_id=None), "no": Q(barrel_id=None)}


def _order(sort: str) -> list[Any]:
    down = sort.startswith("-")
    columns = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    ordered: list[Any] = [F(c).desc(nulls_last=True) if down else F(c).asc(nulls_last=True) for c in columns]
    return [*ordered, "id"]


def _counts(firms: QuerySet[Any], by: FirmFilter) -> dict[str, dict[str, int]]:
    """For each filter, the firms that each choice would leave under the other filters."""
    columns = {"city": "city_id", "business_type": "profile__business_type", "binding": "barrel__binding"}
    counts: dict[str, dict[str, int]] = {}
    for name, column in columns.items():
        others = _narrow(firms, _without(by, name))
        grouped = others.order_by().values(column).annotate(n=Count("id"))
        counts[name] = {str(row[column]): row["n"] for row in grouped if row[column]}
    for name, choices in (("standing", STANDINGS), ("diagnosed", DIAGNOSED)):
        label = Case(*(When(condition, then=Value(str(key))) for key, condition in choices.items()))
        grouped = _narrow(firms, _without(by, name)).order_by().annotate(label=label)
        counts[name] = {row["label"]: row["n"] for row in grouped.values("label").annotate(n=Count("id"))}
    return counts


def _without(by: FirmFilter, name: str) -> FirmFilter:
    return replace(by, **{name: ""})


def _row(firm: Any, diagnosis: DiagnosisCard | None) -> FirmRow:
    profile, city = getattr(firm, "profile", None), firm.city
    standing = Standing.CLAIMED if firm.claimed_at else Standing.INVITED if firm.invited else Standing.FOUND
    return FirmRow(
        id=firm.id,
        name=Text(zh=firm.name, en=firm.name_en or firm.name),
        uscc=firm.uscc,
        city_code=firm.city_id,
        city_name=Text(zh=city.name_zh, en=city.name_en) if city else None,
        business_type=profile.business_type if profile else "",
        staff=profile.staff if profile else None,
        standing=standing,
        hidden=firm.claimed_at is not None and not firm.shows,
        diagnosis=diagnosis,
    )


@dataclass(frozen=True, slots=True)
class FirmDetail:
    """One firm as its steward sees it; the contact fields are empty where the owner does not show them."""

    row: FirmRow
    contact: str
    phones: tuple[str, ...]
    email: str
    address: str
    products: str
    website: str
    former_names: tuple[str, ...]


@query
def find_firm(actor: Actor, *, firm: UUID) -> FirmDetail:
    """One firm of the operator's cluster. Raises ``RightMissing``, ``OrganisationNotFound``."""
    actor.require("firm.read")
    found = firms_of(actor).filter(id=firm).first()
    if found is None:
        raise OrganisationNotFound
    profile = getattr(found, "profile", None)
    return FirmDetail(
        row=_row(found, _barrels([found]).get(firm)),
        contact=profile.contact if profile else "",
        phones=tuple(profile.phones) if profile else (),
        email=profile.email if profile else "",
        address=profile.address if profile else "",
        products=profile.products if profile else "",
        website=profile.website if profile else "",
        former_names=tuple(found.former_names),
    )
