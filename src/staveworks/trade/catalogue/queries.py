"""Reads. ``access_offer`` is the only way to one offer; published ones are read by whoever belongs to an organisation."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F

from staveworks.db.clock import database_now
from staveworks.db.transaction import query
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor, title_of
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.trade.catalogue.documents import document_of, read_document, read_price
from staveworks.trade.catalogue.domain import group_of
from staveworks.trade.catalogue.mechanisms import (
    Buyer,
    Quote,
    Told,
    Wanted,
    mechanism_of,
    mechanisms,
    quotes_of,
)
from staveworks.trade.catalogue.models import Offer, Version
from staveworks.trade.catalogue.rows import version_of
from staveworks.trade.catalogue.types import (
    Document,
    Group,
    NotServed,
    OfferInvalid,
    OfferNotFound,
    OfferNotPublished,
    OfferState,
    OfferVersion,
    OfferView,
    OwnOffer,
    Price,
)


@query
def access_offer(actor: Actor, *, offer_id: UUID) -> OfferView:
    """An offer with its latest version; its provider sees the working copy too. Raises ``RightMissing``, ``OfferNotFound``."""
    actor.require("offer.read")
    found = Offer.objects.select_related("provider_org").filter(id=offer_id).first()
    if found is None:
        raise OfferNotFound
    own = found.provider_org_id == actor.org_id and actor.may("offer.manage")
    row = Version.objects.filter(offer=found, number=found.number).first()
    version = version_of(row) if row else None
    return OfferView(
        id=found.id,
        provider_org=found.provider_org_id,
        provider=title_of(found.provider_org.name, found.provider_org.name_en),
        state=OfferState(found.state),
        version=version,
        draft=found.draft.content if own else None,
        group=_group(actor, version.content.city if version else None),
        own=own,
    )


@query
def access_version(actor: Actor, *, version_id: UUID) -> OfferVersion:
    """One version, also of an offer that has changed or was withdrawn since. Raises ``RightMissing``, ``OfferNotFound``."""
    actor.require("offer.read")
    return version_of(_version(version_id))


@query
def list_versions(actor: Actor, *, version_ids: Collection[UUID]) -> dict[UUID, OfferVersion]:
    """Those of the versions that there are, also of offers that have changed since. Raises ``RightMissing``."""
    actor.require("offer.read")
    found = Version.objects.select_related("offer").filter(id__in=version_ids)
    return {row.id: version_of(row) for row in found}


@query
def quote_version(
    actor: Actor, *, version_id: UUID, request: Mapping[str, Any], line_id: UUID | None = None
) -> Quote:
    """What ``request`` would cost the actor's organisation now, and what must be held for it. Takes nothing.

    ``line_id``: the draft line that is priced anew, or the line that falls away for it: what it takes doesn't stand in the way.

    Raises ``RightMissing``, ``OfferNotFound``, ``OfferNotPublished`` (withdrawn, or a newer version holds), ``NotServed``,
    ``PriceByQuote``, and ``Invalid`` at a field of the offer's form.
    """
    (quote,) = quote_many(actor, version_id=version_id, wanted=[(request, line_id)])
    if isinstance(quote, StaveworksError):
        raise quote
    return quote


@query
def quote_many(actor: Actor, *, version_id: UUID, wanted: Sequence[Wanted]) -> list[Told]:
    """What each request would cost at one moment, or what ``quote_version`` would raise for it.

    Raises what concerns them all: ``RightMissing``, ``OfferNotFound``, ``OfferNotPublished``, ``NotServed``.
    """
    actor.require("offer.read")
    row = _version(version_id)
    if row.offer.state != OfferState.PUBLISHED or row.offer.number != row.number:
        raise OfferNotPublished
    version = version_of(row)
    buyer = buyer_for(actor, version)
    if version.content.ratio_for(buyer.group) is None:
        raise NotServed
    mechanism = mechanism_of(version.content.mechanism)
    return quotes_of(mechanism, version, wanted, buyer=buyer, at=database_now())


def buyer_for(actor: Actor, version: OfferVersion) -> Buyer:
    """The actor's organisation as a buyer of ``version``, in her transaction."""
    return Buyer(actor, actor.org, _group(actor, version.content.city))


@query
def list_own_offers(actor: Actor) -> list[OwnOffer]:
    """The provider's desk: all of its offers, the latest moved first. Raises ``RightMissing``."""
    actor.require("offer.manage")
    found = (
        Offer.objects.filter(provider_org_id=actor.org).select_related("draft").order_by("-moved_at", "id")
    )
    current = Version.objects.filter(offer__provider_org_id=actor.org, number=F("offer__number"))
    published = {each.offer_id: each for each in current}
    return [_own(offer, published.get(offer.id)) for offer in found]


@query
def list_terms_forms(actor: Actor) -> dict[str, Mapping[str, Any]]:
    """What each way of delivery asks of an offer of the organisation (JSON Schema), by its code. Raises ``RightMissing``."""
    actor.require("offer.manage")
    return {each.code: each.terms_form(provider=actor.org) for each in mechanisms()}


def _version(version_id: UUID) -> Version:
    row = Version.objects.select_related("offer").filter(id=version_id).first()
    if row is None:
        raise OfferNotFound
    return row


def _group(actor: Actor, city: str | None) -> Group:
    own = Organisation.objects.filter(id=actor.org).values_list("claimed_at", "city_id").get()
    return group_of(city, member=own[0] is not None, home=own[1])


def _own(offer: Offer, version: Version | None) -> OwnOffer:
    draft: Document = offer.draft.content
    shown = version.content if version and offer.state != OfferState.DRAFT else draft
    planks = shown.get("planks")
    return OwnOffer(
        id=offer.id,
        title=_title(shown),
        state=OfferState(offer.state),
        mechanism=str(shown.get("mechanism") or ""),
        planks=tuple(str(each) for each in planks) if isinstance(planks, list) else (),
        price=_price(shown),
        number=offer.number,
        changed=version is not None and not _same(version.content, draft),
        moved_at=offer.moved_at,
    )


def _title(document: Document) -> Text:
    found = document.get("title")
    title = found if isinstance(found, dict) else {}
    zh, en = (str(title.get(key) or "") for key in ("zh", "en"))
    return Text(zh=zh or en, en=en or zh)


def _price(document: Document) -> Price | None:
    """The price as far as it is written; None where it isn't complete."""
    try:
        return read_price(document.get("price"))
    except OfferInvalid:
        return None


def _same(published: Document, draft: Document) -> bool:
    try:
        return published == document_of(read_document(draft))
    except OfferInvalid:
        return False
