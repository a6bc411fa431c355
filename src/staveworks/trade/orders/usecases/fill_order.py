"""Fill the draft of an order: put an offer in, change what is asked, take it out."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event, append_events
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError
from staveworks.kit.ids import new_id
from staveworks.trade.catalogue.frozen import quote_document
from staveworks.trade.catalogue.mechanisms import Quote
from staveworks.trade.catalogue.queries import access_version, quote_many, quote_version
from staveworks.trade.orders.models import Line as Row
from staveworks.trade.orders.models import Order
from staveworks.trade.orders.moving import access_row, drafts, lock_order, unhold
from staveworks.trade.orders.pricing import as_reader
from staveworks.trade.orders.types import Added, LineState, NotADraft, OwnOffer

NOTE = 200


@use_case
def add_line(
    actor: Actor, *, version_id: UUID, request: Mapping[str, Any], order_id: UUID | None = None
) -> Added:
    """The line with what it costs now; in ``order_id``, a draft of anybody in the organisation, else in her own newest draft,
    which is made if there is none: what a colleague is about to place is not changed under her hands.

    Raises ``RightMissing``, ``OrderNotFound``, ``NotADraft``, ``OwnOffer``, and whatever ``quote_version`` raises.
    """
    (added,) = add_lines(actor, version_id=version_id, requests=[request], order_id=order_id)
    return added


@use_case
def add_lines(
    actor: Actor, *, version_id: UUID, requests: Sequence[Mapping[str, Any]], order_id: UUID | None = None
) -> list[Added]:
    """A line of the same offer for each request, all or none. Raises as ``add_line``."""
    actor.require("order.place")
    reader = as_reader(actor)
    version = access_version(reader, version_id=version_id)
    if version.provider_org == actor.org:
        raise OwnOffer
    quotes = _quoted(reader, version_id, requests)
    order = _draft(actor, order_id)
    unheld = unhold(actor, order)
    last = Row.objects.filter(order=order).aggregate(last=Max("place"))["last"] or 0
    lines = [
        Row(
            id=new_id(),
            order=order,
            place=last + place,
            buyer_org_id=actor.org,
            provider_org_id=version.provider_org,
            version_id=version_id,
            request=dict(request),
            quote=quote_document(quote),
            price_fen=quote.price_fen,
            acceptance_days=version.content.acceptance_days,
        )
        for place, (request, quote) in enumerate(zip(requests, quotes, strict=True), 1)
    ]
    Row.objects.bulk_create(lines)
    said = {"order": order.id, "provider": version.provider_org}
    append_events(actor, "line.added", {line.id: said for line in lines})
    return [Added(line.id, order.id, unheld) for line in lines]


@use_case
def change_line(actor: Actor, *, line_id: UUID, request: Mapping[str, Any]) -> None:
    """Ask for something else of the same offer, at what it costs now.

    Raises ``RightMissing``, ``LineNotFound``, ``NotADraft``, and whatever ``quote_version`` raises.
    """
    actor.require("order.place")
    row, order = _own_draft(actor, line_id)
    quote = quote_version(as_reader(actor), version_id=row.version_id, request=request, line_id=row.id)
    unhold(actor, order)
    Row.objects.filter(id=row.id, state=LineState.DRAFT).update(
        request=dict(request), quote=quote_document(quote), price_fen=quote.price_fen
    )


@use_case
def remove_line(actor: Actor, *, line_id: UUID) -> bool:
    """Whether the order was held, which gave it back. Raises ``RightMissing``, ``LineNotFound``, ``NotADraft``."""
    actor.require("order.place")
    row, order = _own_draft(actor, line_id)
    unheld = unhold(actor, order)
    Row.objects.filter(id=row.id, state=LineState.DRAFT).delete()
    append_event(actor, "line.removed", subject=row.id, order=order.id)
    return unheld


@use_case
def swap_line(actor: Actor, *, line_id: UUID, version_id: UUID, request: Mapping[str, Any]) -> Added:
    """Another offer in the place of one in a draft, or none: of both one is in it.

    Raises ``RightMissing``, ``LineNotFound``, ``NotADraft``, ``OwnOffer``, and whatever ``quote_version`` raises.
    """
    row, order = _own_draft(actor, line_id)
    remove_line(actor, line_id=row.id)
    return add_line(actor, version_id=version_id, request=request, order_id=order.id)


@use_case
def start_order(actor: Actor, *, note: str) -> UUID:
    """An empty draft of its own for what is not to be held and placed with anything else; ``note``: what it is for. It is nobody's
    newest draft: what she puts into an order next doesn't come into this one.

    Raises ``RightMissing``.
    """
    actor.require("order.place")
    take_turn(actor)
    order = begin_order(actor, collects=False)
    note_order(actor, order_id=order.id, note=note)
    return order.id


@use_case
def note_order(actor: Actor, *, order_id: UUID, note: str) -> None:
    """What the order is for; the firm's own words, no provider reads them. Raises ``RightMissing``, ``OrderNotFound``."""
    actor.require("order.place")
    lock_order(actor, order_id)
    Order.objects.filter(id=order_id).update(note=" ".join(note.split())[:NOTE])


def _quoted(reader: Actor, version_id: UUID, requests: Sequence[Mapping[str, Any]]) -> list[Quote]:
    """Raises what keeps the first of them from being ordered."""
    quotes = []
    for quote in quote_many(reader, version_id=version_id, wanted=[(each, None) for each in requests]):
        if isinstance(quote, StaveworksError):
            raise quote
        quotes.append(quote)
    return quotes


def take_turn(actor: Actor) -> None:
    """Until the transaction ends nobody else of the organisation begins or fills an order: of two who begin one each gets a number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('orders:' || %s, 0))", [str(actor.org)])


def _own_draft(actor: Actor, line_id: UUID) -> tuple[Row, Order]:
    row = access_row(actor, line_id, "buyer_org_id")
    order = lock_order(actor, row.order_id)
    if not drafts(order).filter(id=row.id).exists():
        raise NotADraft
    return row, order


def _draft(actor: Actor, order_id: UUID | None) -> Order:
    """The order to fill, locked. An order is a draft as long as no line of it is more."""
    take_turn(actor)
    if order_id is not None:
        order = lock_order(actor, order_id)
        if _has_more_than_drafts(order):
            raise NotADraft
        return order
    own = Order.objects.filter(buyer_org_id=actor.org)
    hers = own.filter(made_by_id=actor.person_id)
    newest = hers.exclude(lines__in=Row.objects.exclude(state=LineState.DRAFT)).order_by("-number").first()
    return lock_order(actor, newest.id) if newest is not None else begin_order(actor)


def begin_order(actor: Actor, *, collects: bool = True) -> Order:
    """A new one, under the organisation's next number; whoever begins one has taken her turn (``take_turn``). ``collects``: she
    fills it with what she puts into an order."""
    own = Order.objects.filter(buyer_org_id=actor.org)
    number = (own.aggregate(last=Max("number"))["last"] or 0) + 1
    made = Order(
        id=new_id(), buyer_org_id=actor.org, number=number, made_by_id=actor.person_id if collects else None
    )
    made.save(force_insert=True)
    append_event(actor, "order.drafted", subject=made.id, number=number)
    return made


def _has_more_than_drafts(order: Order) -> bool:
    return Row.objects.filter(order=order).exclude(state=LineState.DRAFT).exists()
