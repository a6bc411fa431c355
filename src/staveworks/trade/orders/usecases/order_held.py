"""Order what is held already: a line whose reservations were made for it before it existed, placed with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.trade.catalogue.frozen import quote_document
from staveworks.trade.catalogue.queries import access_offer, quote_version
from staveworks.trade.catalogue.types import OfferNotPublished, OfferState
from staveworks.trade.orders.models import Line as Row
from staveworks.trade.orders.models import Order
from staveworks.trade.orders.pricing import as_reader
from staveworks.trade.orders.types import OrderState, OwnOffer
from staveworks.trade.orders.usecases.fill_order import begin_order, take_turn
from staveworks.trade.orders.usecases.place_order import place_order


@dataclass(frozen=True, slots=True)
class OrderedHeld:
    order_id: UUID
    line_id: UUID
    state: OrderState


@use_case
def order_held(
    actor: Actor,
    *,
    offer_id: UUID,
    request: Mapping[str, Any],
    line_id: UUID,
    chain_id: UUID,
    held_until: datetime,
    expected_fen: int | None = None,
) -> OrderedHeld:
    """An order of its own with one line, placed or awaiting approval. ``chain_id``: a hold of the buyer's with ``line_id`` as subject.

    Raises ``RightMissing``, ``OfferNotFound``, ``OfferNotPublished``, ``OwnOffer``, whatever ``quote_version`` and ``place_order`` raise; then
    nothing is ordered, and what is held still is.
    """
    actor.require("order.place")
    order, line = begin_held(
        actor,
        offer_id=offer_id,
        request=request,
        line_id=line_id,
        chain_id=chain_id,
        held_until=held_until,
    )
    state = place_order(actor, order_id=order.id, expected_fen=expected_fen)
    return OrderedHeld(order.id, line.id, state)


def begin_held(
    actor: Actor,
    *,
    offer_id: UUID,
    request: Mapping[str, Any],
    line_id: UUID,
    chain_id: UUID,
    held_until: datetime,
) -> tuple[Order, Row]:
    """The order with its line, still a draft, of the offer as it is now."""
    reader = as_reader(actor)
    offer = access_offer(reader, offer_id=offer_id)
    if offer.version is None or offer.state is not OfferState.PUBLISHED:
        raise OfferNotPublished
    version = offer.version
    if version.provider_org == actor.org:
        raise OwnOffer
    quote = quote_version(reader, version_id=version.id, request=request)
    take_turn(actor)
    order = begin_order(actor)
    line = Row(
        id=line_id,
        order=order,
        place=1,
        buyer_org_id=actor.org,
        provider_org_id=version.provider_org,
        version_id=version.id,
        request=dict(request),
        quote=quote_document(quote),
        price_fen=quote.price_fen,
        acceptance_days=version.content.acceptance_days,
        chain_id=chain_id,
        held_until=held_until,
    )
    line.save(force_insert=True)
    append_event(actor, "line.added", subject=line.id, order=order.id, provider=version.provider_org)
    return order, line
