"""Reads: the buyer's orders, the provider's desk of lines, disputes to decide. ``access_…`` is the only way to one."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from staveworks.db.transaction import query
from staveworks.foundation.parties.types import Actor
from staveworks.trade.orders.models import Approval as ApprovalRow
from staveworks.trade.orders.models import Line as Row
from staveworks.trade.orders.models import Order as OrderRow
from staveworks.trade.orders.pricing import price_now
from staveworks.trade.orders.rows import ON_A_CARD, WITH, approval_of, line_of, order_card
from staveworks.trade.orders.terms import limits_of
from staveworks.trade.orders.types import (
    FELL_AWAY,
    Change,
    Limits,
    Line,
    LineNotFound,
    LineState,
    Order,
    OrderCard,
    OrderNotFound,
    Parties,
    Placed,
)
from staveworks.trade.orders.usecases.end_line import CANCELLABLE, fee_now


@query
def list_orders(actor: Actor, *, limit: int = 200) -> list[OrderCard]:
    """The organisation's orders, the newest first. Raises ``RightMissing``."""
    actor.require("order.read")
    lines = Prefetch("lines", Row.objects.only(*ON_A_CARD))
    found = OrderRow.objects.filter(buyer_org_id=actor.org).prefetch_related(lines).order_by("-number")
    return [order_card(row, row.lines.all()) for row in found[:limit]]


@query
def access_order(actor: Actor, *, order_id: UUID) -> Order:
    """Raises ``RightMissing``, ``OrderNotFound``."""
    actor.require("order.read")
    row = OrderRow.objects.filter(id=order_id, buyer_org_id=actor.org).first()
    if row is None:
        raise OrderNotFound
    lines = list(_whole(Row.objects.filter(order=row)).order_by("place"))
    asked = ApprovalRow.objects.filter(order=row).order_by("-requested_at").first()
    held = [line.held_until for line in lines if line.held_until]
    return Order(
        card=order_card(row, lines),
        lines=tuple(line_of(line) for line in lines),
        approval=approval_of(asked) if asked else None,
        held_until=min(held, default=None),
    )


@query
def current_draft(actor: Actor) -> OrderCard | None:
    """The order that she is filling, with at least one line in it. Raises ``RightMissing``."""
    actor.require("order.read")
    own = OrderRow.objects.filter(
        buyer_org_id=actor.org, made_by_id=actor.person_id, lines__state=LineState.DRAFT
    )
    row = own.exclude(lines__in=Row.objects.exclude(state=LineState.DRAFT)).order_by("-number").first()
    return order_card(row, row.lines.all()) if row else None


@query
def orders_with(actor: Actor, *, version_ids: Collection[UUID], since: datetime) -> dict[UUID, Placed]:
    """For each of these versions of offers the newest line that the organisation ordered after ``since``, or that she herself has in a
    draft; lines that fell away don't count. Raises ``RightMissing``."""
    actor.require("order.read")
    mine = Q(state=LineState.DRAFT, order__made_by_id=actor.person_id)
    found = Row.objects.filter(
        mine | Q(placed_at__gte=since) | Q(state=LineState.AWAITING_APPROVAL),
        buyer_org_id=actor.org,
        version_id__in=version_ids,
    ).exclude(state__in=FELL_AWAY)
    rows = found.order_by("order__number", "place").values_list("version_id", "order_id", "state")
    return {version: Placed(order, LineState(state)) for version, order, state in rows}


@query
def changes_of(actor: Actor, *, order_id: UUID) -> tuple[Change, ...]:
    """What would be different if the draft were ordered now. Raises ``RightMissing``, ``OrderNotFound``."""
    actor.require("order.read")
    if not OrderRow.objects.filter(id=order_id, buyer_org_id=actor.org).exists():
        raise OrderNotFound
    rows = Row.objects.filter(order_id=order_id, state=LineState.DRAFT).select_related("version")
    return tuple(price_now(actor, rows.order_by("place"))[1])


@query
def list_desk(
    actor: Actor,
    *,
    states: Sequence[LineState] = tuple(LineState),
    ids: Collection[UUID] | None = None,
    newest_first: bool = False,
    limit: int = 200,
) -> list[Line]:
    """Lines placed with the organisation, or those of them with these ``ids``; what waits the longest first, or what moved last.

    Raises ``RightMissing``.
    """
    actor.require("line.serve")
    found = Row.objects.filter(provider_org_id=actor.org, state__in=states)
    if ids is not None:
        found = found.filter(id__in=ids)
    order = ("-moved_at", "-id") if newest_first else ("moved_at", "id")
    return [line_of(row) for row in _whole(found).order_by(*order)[:limit]]


@query
def access_line(actor: Actor, *, line_id: UUID) -> Line:
    """A line, for its buyer, its provider, or who decides its dispute. Raises ``RightMissing``, ``LineNotFound``."""
    row = _whole(Row.objects.filter(id=line_id)).first()
    if row is None:
        raise LineNotFound
    if row.buyer_org_id == actor.org:
        actor.require("order.read")
    elif row.provider_org_id == actor.org:
        actor.require("line.serve")
    else:
        actor.require("dispute.decide")
    return line_of(row)


@query
def cancellation_fee_of(actor: Actor, *, line_id: UUID) -> int | None:
    """What cancelling would cost now, in fen; None: it can't be cancelled. Raises ``RightMissing``, ``LineNotFound``."""
    actor.require("order.read")
    row = Row.objects.filter(id=line_id, buyer_org_id=actor.org).first()
    if row is None:
        raise LineNotFound
    return fee_now(row) if row.state in CANCELLABLE else None


@query
def list_disputes(actor: Actor, *, newest_first: bool = False, limit: int = 200) -> list[Line]:
    """Lines whose open dispute the organisation decides, the oldest or the last opened first. Raises ``RightMissing``."""
    actor.require("dispute.decide")
    found = Row.objects.filter(dispute__decider_org_id=actor.org, dispute__settled_at=None)
    order = ("-dispute__opened_at", "-id") if newest_first else ("dispute__opened_at", "id")
    return [line_of(row) for row in _whole(found).order_by(*order)[:limit]]


@query
def parties_of(actor: Actor, *, line_id: UUID) -> Parties:
    """Whose line it is, for whichever of them asks; nobody's where it is gone or none that the actor sees."""
    row = Row.objects.filter(id=line_id).select_related("dispute").first()
    if row is None:
        return Parties(None, None, None)
    dispute = getattr(row, "dispute", None)
    return Parties(row.buyer_org_id, row.provider_org_id, dispute.decider_org_id if dispute else None)


@query
def states_of(actor: Actor, *, line_ids: Sequence[UUID]) -> dict[UUID, LineState]:
    """How far each of these lines has come, of those that the actor's organisation is a party of; for mechanisms."""
    found = Row.objects.filter(id__in=line_ids).filter(
        Q(buyer_org_id=actor.org) | Q(provider_org_id=actor.org)
    )
    return {line: LineState(state) for line, state in found.values_list("id", "state")}


@query
def access_limits(actor: Actor) -> Limits:
    """Raises ``RightMissing``."""
    actor.require("order.read")
    return limits_of(actor)


def _whole(rows: QuerySet[Row]) -> QuerySet[Row]:
    return rows.select_related(*WITH).prefetch_related("parts")
