"""Publish what the working copy says: a new version that everybody sees from now on. Those before stay as they were."""

from uuid import UUID

from django.db.models.functions import Now

from staveworks.db.clock import database_today
from staveworks.db.transaction import query, use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.kit.data import data_file
from staveworks.kit.ids import new_id
from staveworks.kit.planks import load_register
from staveworks.trade.catalogue.checking import check_content
from staveworks.trade.catalogue.documents import document_of, read_document
from staveworks.trade.catalogue.listing import list_offer, unlist_offer
from staveworks.trade.catalogue.models import Draft, Offer, Version
from staveworks.trade.catalogue.owned import lock_own
from staveworks.trade.catalogue.rows import version_of
from staveworks.trade.catalogue.types import (
    Content,
    Document,
    NothingToPublish,
    NotPublished,
    OfferChanged,
    OfferNotFound,
    OfferState,
    OfferVersion,
)


@use_case
def publish_offer(actor: Actor, *, offer_id: UUID) -> OfferVersion:
    """The version that holds from now on; of a withdrawn offer that says the same as before, the one that held.

    Raises ``RightMissing``, ``OfferNotFound``, ``OfferInvalid`` (at the field), ``NothingToPublish``.
    """
    actor.require("offer.manage")
    offer = lock_own(actor, offer_id)
    content = read_document(Draft.objects.get(offer=offer).content)
    if not _says_else(offer, content):
        return _put_back(actor, offer)
    return _add_version(actor, offer, content)


@query
def check_draft(actor: Actor, *, offer_id: UUID) -> None:
    """Whether what the working copy says can be published. Raises ``RightMissing``, ``OfferNotFound``, ``OfferInvalid`` (at the field)."""
    actor.require("offer.manage")
    draft = Draft.objects.filter(offer_id=offer_id, offer__provider_org_id=actor.org).first()
    if draft is None:
        raise OfferNotFound
    _check(actor, read_document(draft.content))


@use_case
def change_price(
    actor: Actor, *, offer_id: UUID, price: Document, groups: Document | None, number: int
) -> OfferVersion:
    """A new version that differs in price only; ``number``: of the version that the actor saw. Orders keep the price they were
    placed at; other edits of the working copy stay unpublished.

    Raises ``RightMissing``, ``OfferNotFound``, ``NotPublished``, ``OfferChanged``, ``OfferInvalid``, ``NothingToPublish``.
    """
    actor.require("offer.manage")
    offer = lock_own(actor, offer_id)
    if offer.state != OfferState.PUBLISHED:
        raise NotPublished
    if offer.number != number:
        raise OfferChanged
    priced = {"price": price, "groups": groups}
    content = read_document({**_current(offer).content, **priced})
    if not _says_else(offer, content):
        raise NothingToPublish
    draft = Draft.objects.select_for_update().get(offer=offer)
    Draft.objects.filter(offer=offer).update(content={**draft.content, **priced})
    return _add_version(actor, offer, content)


@use_case
def withdraw_offer(actor: Actor, *, offer_id: UUID) -> None:
    """Nobody can order it any more; what was ordered stands. Raises ``RightMissing``, ``OfferNotFound``, ``NotPublished``."""
    actor.require("offer.manage")
    offer = lock_own(actor, offer_id)
    if offer.state != OfferState.PUBLISHED:
        raise NotPublished
    _move(offer, OfferState.WITHDRAWN)
    unlist_offer(offer.id)
    append_event(actor, "offer.withdrawn", subject=offer.id, number=offer.number)


def _add_version(actor: Actor, offer: Offer, content: Content) -> OfferVersion:
    _check(actor, content)
    row = Version.objects.create(
        id=new_id(),
        offer=offer,
        provider_org_id=actor.org,
        number=offer.number + 1,
        mechanism=content.mechanism,
        city_id=content.city,
        planks=list(content.planks),
        content=document_of(content),
        published_by_id=actor.person_id,
    )
    _move(offer, OfferState.PUBLISHED, number=row.number)
    append_event(actor, "offer.published", subject=offer.id, version=row.id, number=row.number)
    row.refresh_from_db()
    version = version_of(row)
    list_offer(version)
    return version


def _check(actor: Actor, content: Content) -> None:
    check_content(
        content,
        register=load_register(data_file("planks.yaml")),
        provider=actor.org,
        today=database_today(),
    )


def _put_back(actor: Actor, offer: Offer) -> OfferVersion:
    if offer.state == OfferState.PUBLISHED:
        raise NothingToPublish
    _move(offer, OfferState.PUBLISHED)
    current = _current(offer)
    append_event(actor, "offer.published", subject=offer.id, version=current.id, number=current.number)
    version = version_of(current)
    list_offer(version)
    return version


def _says_else(offer: Offer, content: Content) -> bool:
    return offer.number == 0 or _current(offer).content != document_of(content)


def _current(offer: Offer) -> Version:
    return Version.objects.get(offer=offer, number=offer.number)


def _move(offer: Offer, state: OfferState, **values: int) -> None:
    Offer.objects.filter(id=offer.id).update(state=state, moved_at=Now(), **values)
