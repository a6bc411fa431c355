"""Hold everything that a draft needs, all of it or nothing, at prices that the buyer has seen."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.types import Ask, Chain, NotFree
from staveworks.foundation.reservation.usecases.hold import hold
from staveworks.trade.catalogue.documents import read_document
from staveworks.trade.catalogue.frozen import quote_document
from staveworks.trade.orders.models import Line as Row
from staveworks.trade.orders.moving import draft_lines, drafts, from_now, lock_order, unhold
from staveworks.trade.orders.pricing import Priced, price_now
from staveworks.trade.orders.terms import terms_in_force
from staveworks.trade.orders.types import LinesNotFree, LineState, Missing, PriceChanged


@use_case
def hold_order(actor: Actor, *, order_id: UUID) -> Chain:
    """The chain of what is held now; what was held before is given back first.

    Raises ``RightMissing``, ``OrderNotFound``, ``NothingOrdered``, ``NotADraft``, ``PriceChanged`` (she sees the new prices and
    decides), ``LinesNotFree`` (with the nearest alternatives); then nothing new is held, and what was held before still is.
    """
    actor.require("order.place")
    order = lock_order(actor, order_id)
    rows = draft_lines(order)
    priced, changes = price_now(actor, rows)
    if changes:
        raise PriceChanged(changes)
    unhold(actor, order, "held anew")
    ttl = terms_in_force().hold
    chain, priced = _hold(actor, rows, priced, ttl)
    _keep_quotes(priced)
    # Where nothing is scarce nothing expires, but the prices were looked at now and are shown for as long.
    drafts(order).update(chain_id=chain.id, held_until=chain.expires_at or from_now(ttl))
    append_event(actor, "order.held", subject=order.id, lines=len(rows))
    return chain


@use_case
def take_prices(actor: Actor, *, order_id: UUID) -> None:
    """The buyer takes the lines as they are offered now; what can't be ordered any more stays as it is, to be removed.

    Raises ``RightMissing``, ``OrderNotFound``, ``NothingOrdered``, ``NotADraft``.
    """
    actor.require("order.place")
    order = lock_order(actor, order_id)
    rows = draft_lines(order)
    unhold(actor, order, "prices changed")
    for each in price_now(actor, rows)[0]:
        if each.changed:
            Row.objects.filter(id=each.row.id, state=LineState.DRAFT).update(
                version_id=each.version.id,
                quote=quote_document(each.quote),
                price_fen=each.quote.price_fen,
                acceptance_days=each.version.content.acceptance_days,
            )
    append_event(actor, "order.repriced", subject=order.id)


def _hold(
    actor: Actor, rows: Sequence[Row], priced: list[Priced], ttl: timedelta
) -> tuple[Chain, list[Priced]]:
    """Where somebody was quicker but what is quoted now is another ask (the next week with room), that one is tried."""
    asks = {each.row.id: each.quote.asks for each in priced}
    try:
        return hold(actor, asks, ttl=ttl), priced
    except NotFree as refused:
        again, changes = price_now(actor, rows)
        if changes:
            raise PriceChanged(changes) from None
        if {each.row.id: each.quote.asks for each in again} == asks:
            raise LinesNotFree(_missing(rows, asks, refused)) from None
    return _hold(actor, rows, again, ttl)


def _keep_quotes(priced: Sequence[Priced]) -> None:
    """What is held is what is quoted now: at the same price it may be another week than when the line was added."""
    for each in priced:
        document = quote_document(each.quote)
        if document != each.row.quote:
            Row.objects.filter(id=each.row.id, state=LineState.DRAFT).update(quote=document)


def _missing(rows: Sequence[Row], asks: Mapping[UUID, Sequence[Ask]], refused: NotFree) -> list[Missing]:
    """The lines that the findings are about: those that ask for what isn't free."""
    return [
        Missing(
            row.id,
            read_document(row.version.content).title,
            found.obstacle,
            found.alternatives,
            found.free
            if found.free < found.ask.quantity
            else 0,  # else it is free, but not beside the others
        )
        for found in refused.findings
        for row in rows
        if found.obstacle and found.ask in asks[row.id]
    ]
