"""A line's steps as compare-and-swap: of two who take one at once, one does."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from django.db.models import DateTimeField, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Least

from staveworks.db.clock import DatabaseClock
from staveworks.foundation.eventlog.usecases.append_event import append_event, append_events
from staveworks.foundation.parties.queries import actor_for
from staveworks.foundation.parties.types import Actor, OrganisationNotFound
from staveworks.foundation.reservation.types import ReservationNotFound
from staveworks.foundation.reservation.usecases.release import release
from staveworks.kit.errors import Refused
from staveworks.trade.orders.models import Line as Row
from staveworks.trade.orders.models import Order
from staveworks.trade.orders.types import (
    Lapsed,
    LineNotFound,
    LineState,
    NotADraft,
    NothingOrdered,
    NotYet,
    OrderNotFound,
    ProviderAccepts,
)

SideColumn = Literal["buyer_org_id", "provider_org_id"]


def lock_order(actor: Actor, order_id: UUID) -> Order:
    """The buyer's order; whatever the buyer does with its lines is done one after the other. Raises ``OrderNotFound``."""
    found = Order.objects.select_for_update().filter(id=order_id, buyer_org_id=actor.org).first()
    if found is None:
        raise OrderNotFound
    return found


def access_row(actor: Actor, line_id: UUID, side: SideColumn) -> Row:
    """A line of which the actor's organisation is that side. Raises ``LineNotFound``."""
    found = Row.objects.filter(id=line_id, **{side: actor.org}).select_related("version").first()
    if found is None:
        raise LineNotFound
    return found


def check_own_people(actor: Actor, row: Row, refusal: type[Refused] = ProviderAccepts) -> None:
    """Whoever judges a delivery, or calls one off, by the buyer's mandate isn't of its provider. Raises ``refusal``."""
    if actor.mandate_id is None or actor.person_id is None:
        return
    if actor.via_org_id == row.provider_org_id:
        raise refusal
    try:
        at_provider = actor_for(actor.person_id, row.provider_org_id)
    except OrganisationNotFound:
        return
    if at_provider.may("line.serve"):
        raise refusal


def step(row: Row, *states: LineState, to: LineState, in_time: bool = False, **values: Any) -> None:
    """Move the line out of one of ``states``; ``in_time``: only before its deadline, by the database's clock.

    Raises ``NotYet`` where it is in another state now, ``Lapsed``.
    """
    live = Row.objects.filter(id=row.id, state__in=states)
    due = live.filter(Q(deadline_at=None) | Q(deadline_at__gt=DatabaseClock())) if in_time else live
    if due.update(state=to, **values):
        return
    if live.exists():
        raise Lapsed
    raise NotYet(LineState(Row.objects.values_list("state", flat=True).get(id=row.id)))


def let_go(actor: Actor, row: Row, reason: str) -> None:
    """Give back what is reserved for a line, if anything is."""
    try:
        release(actor, subject_id=row.id, reason=reason)
    except ReservationNotFound:
        return


def let_all_go(actor: Actor, rows: Iterable[Row], reason: str) -> None:
    """Give back what an order holds, in one call of the kernel: its locks are taken in their order, whatever the lines'."""
    for chain in {row.chain_id for row in rows if row.chain_id}:
        try:
            release(actor, chain_id=chain, reason=reason)
        except ReservationNotFound:  # nothing of it is scarce
            continue


def note(actor: Actor, event: str, row: Row, **data: Any) -> None:
    """The event of a line, in the name of whose step it is; both parties' ids are in it for what follows."""
    append_event(actor, event, subject=row.id, org=actor.org, **_parties(row), **data)


def note_all(actor: Actor, event: str, rows: Iterable[Row]) -> None:
    """The same of each of these lines."""
    append_events(actor, event, {row.id: _parties(row) for row in rows}, org=actor.org)


def _parties(row: Row) -> dict[str, Any]:
    return {"order": row.order_id, "buyer": row.buyer_org_id, "provider": row.provider_org_id}


def from_now(length: timedelta) -> Any:
    """A deadline by the database's clock."""
    return DatabaseClock() + length


def before_it_begins(length: timedelta) -> Any:
    """A line's deadline: after the booked time has begun nobody answers any more."""
    begins = Cast(KeyTextTransform("starts_at", "quote"), DateTimeField())
    return Least(from_now(length), begins)  # PostgreSQL passes over a null


def drafts(order: Order) -> QuerySet[Row]:
    return Row.objects.filter(order=order, state=LineState.DRAFT).select_related("version").order_by("place")


def draft_lines(order: Order) -> list[Row]:
    """All lines of an order that is a draft. Raises ``NotADraft``, ``NothingOrdered``."""
    if Row.objects.filter(order=order).exclude(state=LineState.DRAFT).exists():
        raise NotADraft
    rows = list(drafts(order))
    if not rows:
        raise NothingOrdered
    return rows


def unhold(actor: Actor, order: Order, reason: str = "the order was changed") -> bool:
    """Give back what a draft holds; whether it held anything until now."""
    held = drafts(order).filter(held_until__gt=DatabaseClock()).exists()
    let_all_go(actor, drafts(order), reason)
    drafts(order).update(chain_id=None, held_until=None)
    return held
