"""The operator's table of firms, with their barrels: narrowed, sorted, counted.

Everything here runs as the operator's organisation: the policies of the diagnoses leave out firms whose barrel it may not see.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Value, When

from staveworks.cluster.barrel.cards import diagnosis_card
from staveworks.cluster.barrel.facets import FACETS, count_facets
from staveworks.cluster.barrel.models import Diagnosis
from staveworks.cluster.barrel.types import DiagnosisCard
from staveworks.db.transaction import query
from staveworks.foundation.facts.live import live_grants
from staveworks.foundation.facts.reading import reading
from staveworks.foundation.facts.types import Field, Purpose
from staveworks.foundation.parties.domain import stem_of
from staveworks.foundation.parties.models import City, ClaimLink, Organisation
from staveworks.foundation.parties.types import Actor, Kind, OrganisationNotFound, title_of
from staveworks.kit.text import Text

MOST_ROWS = 5000
SHOWN = (Field.BARREL, Field.PROFILE)
"""What the table shows of a claimed firm, where its owner grants it for the running of the cluster."""
MEMBERS = [Kind.ENTERPRISE, Kind.BACKBONE]
"""Whose barrels the cluster is about; institutions have theirs, but aren't counted as firms."""


class Standing(StrEnum):
    """How far a firm has come from a line of a list to a member; ``ELSEWHERE``: another operator holds it, unclaimed."""

    FOUND = "found"
    INVITED = "invited"
    CLAIMED = "claimed"
    ELSEWHERE = "elsewhere"

    @property
    def text(self) -> Text:
        return STANDING_TEXTS[self]


STANDING_TEXTS = {
    Standing.FOUND: Text(zh="未邀请", en="not invited"),
    Standing.INVITED: Text(zh="已邀请", en="invited"),
    Standing.CLAIMED: Text(zh="已认领", en="claimed"),
    Standing.ELSEWHERE: Text(zh="他方代管", en="held elsewhere"),
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
    """One firm of the cluster. ``hidden``: neither held by the operator, nor does its owner show it its barrel.

    ``held_by``: the other operator that holds it, where ``standing`` is elsewhere.
    """

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
    held_by: Text | None = None


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
    with reading(actor, purpose=Purpose.OPERATION, fields=SHOWN) as log:
        everything = firms_of(actor)
        found = _narrow(everything, narrowed)
        firms = _page(actor, found, _order(narrowed.sort), offset, min(limit, MOST_ROWS))
        log.of(firm.id for firm in firms)
        barrels = _barrels(firms)
        rows = [_row(firm, barrels.get(firm.id)) for firm in firms]
        counts, total = _counts(everything, narrowed)
    cities = City.objects.filter(code__in=list(counts["city"]))
    names = {city.code: Text(zh=city.name_zh, en=city.name_en) for city in cities}
    return FirmTable(rows, total, counts, names)


def _page(actor: Actor, found: QuerySet[Any], order: list[Any], offset: int, limit: int) -> list[Any]:
    """The firms of one page; all are sorted by their ids alone, since carrying every column of every firm costs more."""
    ids = list(found.order_by(*order).values_list("id", flat=True)[offset : offset + limit])
    firms = {firm.id: firm for firm in _whole(actor, Organisation.objects.filter(id__in=ids))}
    return [firms[each] for each in ids if each in firms]


def _barrels(firms: list[Organisation]) -> dict[UUID, DiagnosisCard]:
    ids = [firm.id for firm in firms]
    found = Diagnosis.objects.filter(current=True, org_id__in=ids, water_low__isnull=False).defer(
        "medians", "score", "level"
    )
    return {each.org_id: diagnosis_card(each) for each in found}


def firms_of(actor: Actor) -> QuerySet[Any]:
    """The firms that the operator stewards or that show it their barrel, and for a city operator all firms of its city: each
    with ``ours`` (held as steward), ``barrel``, ``invited`` and ``shows``.

    The register is open to everybody; barrels and profiles are seen as the policies say, of claimed firms only inside a
    ``reading``.
    """
    ours = Q(steward_id=actor.org)
    reached = Organisation.objects.filter(merged_into=None, kinds__overlap=MEMBERS).filter(
        ours | Exists(_shown_to(actor)) | _of_its_city(actor)
    )
    barrel = FilteredRelation("diagnoses", condition=Q(diagnoses__current=True))
    firms: QuerySet[Any] = _whole(actor, reached).annotate(barrel=barrel)
    return firms


def _whole(actor: Actor, firms: QuerySet[Any]) -> QuerySet[Any]:
    """With what a row says of each beside its barrel."""
    whole: QuerySet[Any] = firms.annotate(
        ours=Case(When(steward_id=actor.org, then=Value(True)), default=Value(False)),
        invited=Exists(ClaimLink.objects.filter(org_id=OuterRef("id"))),
        shows=Exists(_shown_to(actor)),
    ).select_related("city", "profile", "steward")
    return whole


def _shown_to(actor: Actor) -> QuerySet[Any]:
    return live_grants(actor, purpose=Purpose.OPERATION, field=Field.BARREL).filter(org_id=OuterRef("id"))


def _of_its_city(actor: Actor) -> Q:
    """A city operator's city with its districts, by the codes of GB/T 2260; nothing for others."""
    if Kind.CITY not in actor.kinds:
        return Q(pk__in=[])
    code = Organisation.objects.filter(id=actor.org).values_list("city_id", flat=True).first()
    return Q(city__code__startswith=stem_of(code)) if code else Q(pk__in=[])


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
    Standing.FOUND: Q(claimed_at=None, ours=True, invited=False),
    Standing.INVITED: Q(claimed_at=None, ours=True, invited=True),
    Standing.CLAIMED: ~Q(claimed_at=None),
    Standing.ELSEWHERE: Q(claimed_at=None, ours=False),
}
# The barrel is joined only where somebody asks for it: its policy is the dearest part of a list.
DIAGNOSED = {
    "yes": Q(barrel__assessment_id__isnull=False),
    "no": Q(barrel__assessment_id__isnull=True),
}


def _order(sort: str) -> list[Any]:
    down = sort.startswith("-")
    columns = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    ordered: list[Any] = [F(c).desc(nulls_last=True) if down else F(c).asc(nulls_last=True) for c in columns]
    return [*ordered, "id"]


def _counts(firms: QuerySet[Any], by: FirmFilter) -> tuple[dict[str, dict[str, int]], int]:
    """For each filter, the firms that each choice would leave under the other filters; and those under all of them."""
    named = _narrow(firms, FirmFilter(words=by.words)).annotate(label_standing=STANDING)
    return count_facets(named, {name: getattr(by, name) for name in FACETS})


STANDING = Case(
    *(When(condition, then=Value(str(standing))) for standing, condition in STANDINGS.items()),
    output_field=CharField(),
)


def _row(firm: Any, diagnosis: DiagnosisCard | None) -> FirmRow:
    profile, city, standing = getattr(firm, "profile", None), firm.city, _standing(firm)
    return FirmRow(
        id=firm.id,
        name=Text(zh=firm.name, en=firm.name_en or firm.name),
        uscc=firm.uscc,
        city_code=firm.city_id,
        city_name=Text(zh=city.name_zh, en=city.name_en) if city else None,
        business_type=profile.business_type if profile else "",
        staff=profile.staff if profile else None,
        standing=standing,
        hidden=not firm.shows and standing in (Standing.CLAIMED, Standing.ELSEWHERE),
        diagnosis=diagnosis,
        held_by=title_of(firm.steward.name, firm.steward.name_en)
        if standing is Standing.ELSEWHERE and firm.steward
        else None,
    )


def _standing(firm: Any) -> Standing:
    if firm.claimed_at:
        return Standing.CLAIMED
    if not firm.ours:
        return Standing.ELSEWHERE
    return Standing.INVITED if firm.invited else Standing.FOUND


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
def lists_firm(actor: Actor, *, firm: UUID) -> bool:
    """Whether the firm is one of the operator's cluster, so that its page can be opened."""
    return actor.may("firm.read") and firms_of(actor).filter(id=firm).exists()


@query
def find_firm(actor: Actor, *, firm: UUID) -> FirmDetail:
    """One firm of the operator's cluster. Raises ``RightMissing``, ``OrganisationNotFound``."""
    actor.require("firm.read")
    with reading(actor, purpose=Purpose.OPERATION, fields=SHOWN) as log:
        log.of([firm])
        found = firms_of(actor).filter(id=firm).first()
        if found is None:
            raise OrganisationNotFound
        barrel = _barrels([found]).get(firm)
    profile = getattr(found, "profile", None)
    return FirmDetail(
        row=_row(found, barrel),
        contact=profile.contact if profile else "",
        phones=tuple(profile.phones) if profile else (),
        email=profile.email if profile else "",
        address=profile.address if profile else "",
        products=profile.products if profile else "",
        website=profile.website if profile else "",
        former_names=tuple(found.former_names),
    )
