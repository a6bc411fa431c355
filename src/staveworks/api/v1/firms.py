"""The cluster's firms, for its operator: with their water levels, narrowed and sorted; the cluster as a whole."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page, position
from staveworks.api.sending import send_link
from staveworks.api.shapes import In, Out, Words
from staveworks.api.v1.barrels import BarrelOut, show_barrel
from staveworks.api.v1.papers import PDF, PaperIn, report_sent
from staveworks.api.v1.people import Invited
from staveworks.cluster.barrel.firm_pages import list_firms_after
from staveworks.cluster.barrel.firms import FirmFilter, FirmRow, Standing, find_firm
from staveworks.cluster.barrel.overview import cluster_overview
from staveworks.cluster.barrel.report import find_report
from staveworks.foundation.parties.domain import contact_of
from staveworks.foundation.parties.usecases.issue_claim_link import issue_claim_link
from staveworks.kit.text import Text

router = Resource("firms")
cluster_router = Resource("firms")
READ = right("firm.read")
INVITATION = Text(
    zh="【Staveworks】您的企业已在集群名册里，请认领：",
    en="[Staveworks] Your firm is in the cluster's roster. Claim it here:",
)
Sort = Literal["name", "-name", "city", "-city", "staff", "-staff", "water", "-water", "date", "-date"]
Code = Annotated[str, Field(max_length=60)]


class FirmOut(Out):
    """``hidden``: its barrel isn't shown to the operator. ``standing`` elsewhere: unclaimed, held by the operator ``held_by``."""

    id: UUID
    name: Words
    uscc: str | None
    city: str | None
    city_name: Words | None
    business_type: str
    staff: int | None
    standing: Standing
    hidden: bool
    held_by: Words | None
    barrel: BarrelOut | None


class FirmDetail(FirmOut):
    contact: str
    phones: list[str]
    email: str
    address: str
    products: str
    website: str
    former_names: list[str]


class FirmQuery(In):
    """What is left empty narrows nothing."""

    words: Annotated[str, Field(max_length=100, description="Part of the name, or the USCC.")] = ""
    city: Annotated[str, Field(max_length=6)] = ""
    business_type: Code = ""
    binding: Annotated[str, Field(max_length=40, description="The plank that binds.")] = ""
    standing: Literal["", "found", "invited", "claimed", "elsewhere"] = ""
    diagnosed: Literal["", "yes", "no"] = ""
    sort: Sort = "name"


class InviteFirm(In):
    """``contact``: the owner's phone number or e-mail address, to which the link is sent."""

    contact: Annotated[str, Field(min_length=3, max_length=254)]


class FunnelOut(Out):
    """Firms that reached each step. ``elsewhere``: found, but held by another operator, whose invitations aren't known."""

    found: int
    invited: int
    claimed: int
    diagnosed: int
    elsewhere: int


class CityLevelOut(Out):
    """``medians``: plank → median of the likely heights; ``binding``: plank → firms that it holds down."""

    code: str | None
    name: Words
    firms: int
    diagnosed: int
    water: float | None
    shortest: str | None
    medians: dict[str, float]
    binding: dict[str, int]


class ClusterOut(Out):
    """``histogram``: lower edge of a class of 5 points → firms. ``water``: the median of the likely levels."""

    funnel: FunnelOut
    under_way: int
    water: float | None
    shortest: str | None
    binding: dict[str, int]
    histogram: dict[int, int]
    cities: list[CityLevelOut]


def _values(row: FirmRow) -> dict[str, object]:
    return {
        "id": row.id,
        "name": Words.of(row.name),
        "uscc": row.uscc,
        "city": row.city_code,
        "city_name": Words.maybe(row.city_name),
        "business_type": row.business_type,
        "staff": row.staff,
        "standing": row.standing,
        "hidden": row.hidden,
        "held_by": Words.maybe(row.held_by),
        "barrel": show_barrel(row.diagnosis) if row.diagnosis else None,
    }


@router.read("", says=Text(zh="列出集群企业", en="List firms"), door=READ, answer=Page[FirmOut])
def list_cluster_firms(request: Call, filter: Query[FirmQuery], paging: Query[Paging]) -> Page[FirmOut]:
    """Unclaimed ones as steward, claimed ones that show their barrel; for a city operator, all firms of its city."""
    narrowed = FirmFilter(**filter.model_dump())
    listing = f"firms:{narrowed.sort}"
    found = list_firms_after(
        request.auth, narrowed=narrowed, after=position(paging, listing), limit=paging.limit + 1
    )
    return page(
        found,
        paging=paging,
        listing=listing,
        key=lambda firm: firm.key,
        show=lambda firm: FirmOut.model_validate(_values(firm.row)),
    )


@router.read("/{uuid:firm}", says=Text(zh="查看企业", en="Get a firm"), door=READ, answer=FirmDetail)
def get_firm(request: Call, firm: UUID) -> FirmDetail:
    """One firm of the cluster."""
    found = find_firm(request.auth, firm=firm)
    rest = {
        "contact": found.contact,
        "phones": list(found.phones),
        "email": found.email,
        "address": found.address,
        "products": found.products,
        "website": found.website,
        "former_names": list(found.former_names),
    }
    return FirmDetail.model_validate(_values(found.row) | rest)


@router.effect(
    "POST",
    "/{uuid:firm}/invitation",
    says=Text(zh="邀请企业认领", en="Invite a firm to claim itself"),
    door=right("firm.invite"),
    answer=Invited,
    status=201,
)
def invite_firm(request: Call, firm: UUID, body: InviteFirm) -> Invited:
    """Sends its owner the link by which she takes the firm over, by SMS or e-mail."""
    contact = contact_of(body.contact)
    issued = issue_claim_link(request.auth, org_id=firm, contact=contact.address)
    send_link(request, contact.address, INVITATION, page="claim_link", token=issued.token)
    return Invited.model_validate(issued)


@router.read(
    "/{uuid:firm}/report.pdf",
    says=Text(zh="企业报告", en="Get a firm's report"),
    door=READ,
    answer=None,
    gives=PDF,
)
def get_firm_report(request: Call, firm: UUID, chosen: Query[PaperIn]) -> HttpResponse:
    """The report of a firm that shows its barrel, as PDF; without its answers there is no advice."""
    return report_sent(find_report(request.auth, firm=firm), chosen)


@cluster_router.read(
    "",
    says=Text(zh="集群概况", en="Get the cluster's overview"),
    door=right("cluster.read"),
    answer=ClusterOut,
)
def get_cluster(request: Call) -> ClusterOut:
    """How many firms have come how far, and what is short where."""
    found = cluster_overview(request.auth)
    return ClusterOut(
        funnel=FunnelOut.model_validate(found.funnel),
        under_way=found.under_way,
        water=found.water,
        shortest=found.shortest,
        binding=found.binding,
        histogram=found.histogram,
        cities=[
            CityLevelOut(
                code=city.code,
                name=Words.of(city.name),
                firms=city.firms,
                diagnosed=city.diagnosed,
                water=city.water,
                shortest=city.shortest,
                medians=city.medians,
                binding=city.binding,
            )
            for city in found.cities
        ],
    )
