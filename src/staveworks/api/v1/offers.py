"""服务目录: search what can be ordered, price it; providers write, publish, price and withdraw their offers."""

from typing import Any
from uuid import UUID

from ninja import Query

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page, page_of_all, position
from staveworks.api.shapes import Nothing
from staveworks.api.v1.offer_shapes import (
    AskQuote,
    ChangePrice,
    FoundOut,
    OfferMade,
    OfferOut,
    OfferRow,
    OfferVersionOut,
    OwnRow,
    QuoteOut,
    Search,
    Write,
)
from staveworks.cluster.prescription.own import find_own_problem
from staveworks.kit.text import Text
from staveworks.trade.catalogue.queries import (
    access_offer,
    access_version,
    list_own_offers,
    quote_version,
)
from staveworks.trade.catalogue.search import Wanted, search_offers
from staveworks.trade.catalogue.usecases.draft_offer import discard_draft, draft_offer, edit_draft
from staveworks.trade.catalogue.usecases.publish_offer import change_price, publish_offer, withdraw_offer

router = Resource("offers")
READ, MANAGE = right("offer.read"), right("offer.manage")
DEEPEST = 10_000
"""Offers after which a search goes no further: who looks that far narrows it."""


@router.read("", says=Text(zh="搜索服务", en="Search offers"), door=READ, answer=FoundOut)
def search_catalogue(request: Call, search: Query[Search]) -> FoundOut:
    """What is published and fits, with how many there are by each filter; ordered by fit to the caller's own barrel unless asked
    otherwise."""
    start = int((position(search, "offers") or (0,))[0])
    wanted = Wanted(
        words=search.q.replace("\x00", ""),
        planks=tuple(search.plank),
        mechanisms=tuple(search.mechanism),
        cities=tuple(search.city),
        prices=tuple(search.price),
        within_days=search.within,
        programmes=tuple(search.programme),
        provider=search.provider,
        order=search.order,
    )
    barrel = find_own_problem(request.auth)
    limit = search.limit + 1 if start < DEEPEST else search.limit
    found = search_offers(request.auth, wanted, barrel=barrel, offset=start, limit=limit)
    shown = page(
        found.cards,
        paging=search,
        listing="offers",
        key=lambda _: (start + search.limit,),
        show=OfferRow.of,
    )
    return FoundOut(
        items=shown.items,
        next=shown.next,
        total=found.total,
        counts={facet: dict(counts) for facet, counts in found.counts.items()},
        order=found.order,
        corrected=dict(found.corrected),
        relaxed=found.relaxed,
    )


@router.read("/own", says=Text(zh="列出自己的服务", en="List own offers"), door=MANAGE, answer=Page[OwnRow])
def list_offers_of_own(request: Call, paging: Query[Paging]) -> Page[OwnRow]:
    """All of the organisation's, drafts too, the latest changed first."""
    return page_of_all(
        list_own_offers(request.auth),
        paging=paging,
        listing="own offers",
        key=lambda row: (row.moved_at.isoformat(), str(row.id)),
        show=OwnRow.of,
        newest_first=True,
    )


@router.effect(
    "POST", "", says=Text(zh="起草服务", en="Draft an offer"), door=MANAGE, answer=OfferMade, status=201
)
def draft_one_offer(request: Call, body: Write) -> OfferMade:
    """It may still lack something; only its provider sees it."""
    return OfferMade(id=draft_offer(request.auth, content=dict[str, Any](body.content)))


@router.read(
    "/versions/{uuid:version}",
    says=Text(zh="看一个版本", en="Get a version"),
    door=READ,
    answer=OfferVersionOut,
)
def get_version(request: Call, version: UUID) -> OfferVersionOut:
    """Also of an offer that has changed or was withdrawn since."""
    return OfferVersionOut.of(access_version(request.auth, version_id=version))


@router.ask(
    "/versions/{uuid:version}/quote",
    says=Text(zh="算价格", en="Price a request"),
    door=READ,
    answer=QuoteOut,
)
def price_request(request: Call, version: UUID, body: AskQuote) -> QuoteOut:
    """What a request would cost the caller's organisation now. Refused where a newer version holds, or the offer is withdrawn."""
    return QuoteOut.of(quote_version(request.auth, version_id=version, request=body.request))


@router.read("/{uuid:offer}", says=Text(zh="查看服务", en="Get an offer"), door=READ, answer=OfferOut)
def get_offer(request: Call, offer: UUID) -> OfferOut:
    """With the version in force; its provider gets the working copy too."""
    return OfferOut.of(access_offer(request.auth, offer_id=offer))


@router.effect(
    "PUT",
    "/{uuid:own_offer}/draft",
    says=Text(zh="修改草稿", en="Change the working copy"),
    door=MANAGE,
    answer=Nothing,
)
def change_draft(request: Call, own_offer: UUID, body: Write) -> Nothing:
    """What is published stays as it is."""
    edit_draft(request.auth, offer_id=own_offer, content=dict[str, Any](body.content))
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:own_offer}/publish",
    says=Text(zh="上架", en="Publish an offer"),
    door=MANAGE,
    answer=OfferVersionOut,
    takes=None,
)
def publish_one_offer(request: Call, own_offer: UUID) -> OfferVersionOut:
    """What the working copy says becomes a new version; a withdrawn offer that says the same comes back as it was."""
    return OfferVersionOut.of(publish_offer(request.auth, offer_id=own_offer))


@router.effect(
    "POST",
    "/{uuid:own_offer}/price",
    says=Text(zh="改价", en="Change the price"),
    door=MANAGE,
    answer=OfferVersionOut,
)
def change_one_price(request: Call, own_offer: UUID, body: ChangePrice) -> OfferVersionOut:
    """A new version that differs in price only; orders keep theirs."""
    made = change_price(
        request.auth,
        offer_id=own_offer,
        price=dict[str, Any](body.price),
        groups=dict[str, Any](body.groups) if body.groups is not None else None,
        number=body.number,
    )
    return OfferVersionOut.of(made)


@router.effect(
    "POST",
    "/{uuid:own_offer}/withdraw",
    says=Text(zh="撤下", en="Withdraw an offer"),
    door=MANAGE,
    answer=Nothing,
    takes=None,
)
def withdraw_one_offer(request: Call, own_offer: UUID) -> Nothing:
    """It can't be ordered any more; what was ordered stands."""
    withdraw_offer(request.auth, offer_id=own_offer)
    return Nothing()


@router.effect(
    "DELETE",
    "/{uuid:own_offer}/draft",
    says=Text(zh="删除草稿", en="Delete a draft"),
    door=MANAGE,
    answer=Nothing,
    takes=None,
)
def discard_one_offer(request: Call, own_offer: UUID) -> Nothing:
    """One that was never published."""
    discard_draft(request.auth, offer_id=own_offer)
    return Nothing()
