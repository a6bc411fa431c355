"""The operator's table of firms, with their barrels: narrowed, sorted, counted.

Everything here runs as the operator's organisation: the policies of the diagnoses leave out firms whose barrel it may not see.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from staveworks.cluster.barrel.cards import current_cards
from staveworks.cluster.barrel.listing import FACETS, Found, count_and_find, find_one
from staveworks.cluster.barrel.types import DiagnosisCard
from staveworks.db.transaction import query
from staveworks.foundation.facts.reading import reading
from staveworks.foundation.facts.types import Field, Purpose
from staveworks.foundation.parties.models import City
from staveworks.foundation.parties.types import Actor, OrganisationNotFound, title_of
from staveworks.kit.text import Text

MOST_ROWS = 5000
SHOWN = (Field.BARREL, Field.PROFILE)
"""What the table shows of a claimed firm, where its owner grants it for the running of the cluster."""


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
    "city": ("city", "sort_key"),
    "staff": ("staff",),
    "water": ("water",),
    "date": ("at",),
}


@query
def list_firms(actor: Actor, *, narrowed: FirmFilter, offset: int = 0, limit: int = 50) -> FirmTable:
    """Firms of the operator's cluster, narrowed, sorted, with counts for the filters. Raises ``RightMissing``."""
    actor.require("firm.read")
    with reading(actor, purpose=Purpose.OPERATION, fields=SHOWN) as log:
        chosen, order = chosen_of(narrowed), terms_of(*keys_of(narrowed.sort))
        limit = min(limit, MOST_ROWS)
        found, counts, total = count_and_find(
            actor, narrowed.words, chosen, order, offset=offset, limit=limit
        )
        rows = with_barrels(found)
        log.of(row.id for row in rows)
    cities = City.objects.filter(code__in=list(counts["city"]))
    names = {city.code: Text(zh=city.name_zh, en=city.name_en) for city in cities}
    return FirmTable(rows, total, counts, names)


def chosen_of(narrowed: FirmFilter) -> dict[str, str]:
    return {name: getattr(narrowed, name) for name in FACETS}


def keys_of(sort: str) -> tuple[tuple[str, ...], bool]:
    """The columns by which ``sort`` sorts, the id last, and whether downwards."""
    return (*SORTS.get(sort.removeprefix("-"), SORTS["name"]), "id"), sort.startswith("-")


def terms_of(keys: Iterable[str], down: bool) -> list[str]:
    """Nulls are last in both directions."""
    return [f"{key} {'DESC' if down else 'ASC'} NULLS LAST" for key in keys]


def with_barrels(found: Sequence[Found]) -> list[FirmRow]:
    barrels = current_cards([UUID(str(each["id"])) for each in found])
    return [_row(each, barrels) for each in found]


def _row(found: Found, barrels: Mapping[UUID, DiagnosisCard]) -> FirmRow:
    firm, standing = UUID(str(found["id"])), Standing(found["standing"])
    elsewhere = standing is Standing.ELSEWHERE and found["steward"]
    return FirmRow(
        id=firm,
        name=title_of(found["name"], found["name_en"]),
        uscc=found["uscc"],
        city_code=found["city"],
        city_name=Text(zh=found["city_zh"], en=found["city_en"]) if found["city"] else None,
        business_type=found["business_type"] or "",
        staff=found["staff"],
        standing=standing,
        hidden=not found["shows"] and standing in (Standing.CLAIMED, Standing.ELSEWHERE),
        diagnosis=barrels.get(firm),
        held_by=title_of(found["steward"], found["steward_en"]) if elsewhere else None,
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
def lists_firm(actor: Actor, *, firm: UUID) -> bool:
    """Whether the firm is one of the operator's cluster, so that its page can be opened."""
    return actor.may("firm.read") and bool(find_one(actor, firm))


@query
def find_firm(actor: Actor, *, firm: UUID) -> FirmDetail:
    """One firm of the operator's cluster. Raises ``RightMissing``, ``OrganisationNotFound``."""
    actor.require("firm.read")
    with reading(actor, purpose=Purpose.OPERATION, fields=SHOWN) as log:
        log.of([firm])
        found = find_one(actor, firm)
        if found is None:
            raise OrganisationNotFound
        (row,) = with_barrels([found])
    return FirmDetail(
        row=row,
        contact=found["contact"] or "",
        phones=tuple(found["phones"] or ()),
        email=found["email"] or "",
        address=found["address"] or "",
        products=found["products"] or "",
        website=found["website"] or "",
        former_names=tuple(found["former_names"]),
    )
