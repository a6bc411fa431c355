"""Begin an offer, write on it, throw away one that was never published. What is written may still lack something."""

import json
from uuid import UUID

from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.kit.text import Text
from staveworks.trade.catalogue.documents import KEYS, UNKNOWN_KEY
from staveworks.trade.catalogue.models import Draft, Offer
from staveworks.trade.catalogue.owned import lock_own
from staveworks.trade.catalogue.types import Document, NotADraft, OfferInvalid, OfferState

LARGEST = 60_000
TOO_LARGE = Text(zh="内容太长，最多约两万字。", en="Too long: at most about twenty thousand characters.")


@use_case
def draft_offer(actor: Actor, *, content: Document) -> UUID:
    """The id of a new offer that only its provider sees. Raises ``RightMissing``, ``OfferInvalid`` (an unknown entry, too long)."""
    actor.require("offer.manage")
    _check_shape(content)
    offer = Offer.objects.create(id=new_id(), provider_org_id=actor.org)
    Draft.objects.create(
        offer=offer, provider_org_id=actor.org, content=content, edited_by_id=actor.person_id
    )
    append_event(actor, "offer.drafted", subject=offer.id)
    return offer.id


@use_case
def edit_draft(actor: Actor, *, offer_id: UUID, content: Document) -> None:
    """Replace the working copy; what is published stays as it is. Raises ``RightMissing``, ``OfferNotFound``, ``OfferInvalid``."""
    actor.require("offer.manage")
    _check_shape(content)
    offer = lock_own(actor, offer_id)
    Draft.objects.filter(offer=offer).update(content=content, edited_by_id=actor.person_id, edited_at=Now())
    Offer.objects.filter(id=offer.id).update(moved_at=Now())


@use_case
def discard_draft(actor: Actor, *, offer_id: UUID) -> None:
    """An offer that was never published goes. Raises ``RightMissing``, ``OfferNotFound``, ``NotADraft``."""
    actor.require("offer.manage")
    offer = lock_own(actor, offer_id)
    if offer.state != OfferState.DRAFT:
        raise NotADraft
    Draft.objects.filter(offer=offer).delete()
    Offer.objects.filter(id=offer.id).delete()
    append_event(actor, "offer.discarded", subject=offer_id)


def _check_shape(content: Document) -> None:
    for key in content:
        if key not in KEYS:
            raise OfferInvalid(UNKNOWN_KEY.format(key=str(key)[:40]), field=str(key)[:40])
    written = json.dumps(content, ensure_ascii=False)
    if len(written) > LARGEST:
        raise OfferInvalid(TOO_LARGE)
    if "\\u0000" in written:
        raise OfferInvalid(Text(zh="含有不能保存的字符。", en="It has a character that can't be kept."))
