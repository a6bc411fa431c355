"""Reads: what is free, what is taken (by nobody's name), and the reservations of the actor's organisation."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, Sum

from staveworks.db.clock import DatabaseClock, database_now
from staveworks.db.transaction import query
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.domain import nearest, nearest_slots
from staveworks.foundation.reservation.models import Reservation as Row
from staveworks.foundation.reservation.models import Resource
from staveworks.foundation.reservation.rows import chain_of, range_of, range_text, reservation_of, span_of
from staveworks.foundation.reservation.types import (
    Amounts,
    Ask,
    Chain,
    Finding,
    Kind,
    Obstacle,
    Reservation,
    ReservationNotFound,
    ResourceSeen,
    State,
    Taken,
)
from staveworks.kit.spans import Span

LOOK_AROUND = timedelta(days=7)


@query
def inquire(actor: Actor, asks: Sequence[Ask], *, around: timedelta = LOOK_AROUND) -> tuple[Finding, ...]:
    """Of each ask by itself: how much is free, what stands in the way, the nearest free spans up to ``around`` away.

    Takes nothing, and promises nothing: only ``hold`` does. The kernel knows no opening hours; whoever has a calendar asks
    for ``busy`` and looks between.
    """
    seen = {each.id: each for each in resources(actor, [ask.resource_id for ask in asks])}
    spans = [ask.during for ask in asks if ask.during]
    window = (
        Span(min(s.starts_at for s in spans) - around, max(s.ends_at for s in spans) + around)
        if spans
        else None
    )
    taken = busy(actor, list(seen), within=window)
    return tuple(_finding(ask, seen.get(ask.resource_id), taken, around) for ask in asks)


@query
def busy(actor: Actor, resource_ids: Sequence[UUID], *, within: Span | None = None) -> list[Taken]:
    """What is taken of these resources ``within`` a span (default: ever), earliest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT resource, unit, during, amount, capacity FROM reservation_busy(%s, %s::tstzrange) ORDER BY lower(during), unit",
            [list(resource_ids), range_text(within) or "(,)"],
        )
        return [
            Taken(resource, unit, span_of(during), amount, capacity)
            for resource, unit, during, amount, capacity in cursor.fetchall()
        ]


@query
def resources(actor: Actor, resource_ids: Sequence[UUID]) -> list[ResourceSeen]:
    """What these resources are; unknown ones are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT resource, owner, kind, capacity, withdrawn FROM reservation_resources(%s)",
            [list(resource_ids)],
        )
        return [
            ResourceSeen(id, owner, Kind(kind), capacity, withdrawn)
            for id, owner, kind, capacity, withdrawn in cursor.fetchall()
        ]


@query
def amounts_of(actor: Actor, resource_ids: Sequence[UUID]) -> dict[UUID, Amounts]:
    """How much of its counted resources that are sold at no time, such as lots, is there, held, committed; for their owner."""
    live = Q(reservations__state=State.HELD, reservations__expires_at__gt=DatabaseClock())
    firm = Q(reservations__state__in=[State.COMMITTED, State.IN_USE])
    rows = Resource.objects.filter(id__in=resource_ids, org_id=actor.org).annotate(
        gone=Sum("reservations__consumed", default=0),
        held=Sum("reservations__quantity", filter=live, default=0),
        firm=Sum(F("reservations__quantity") - F("reservations__consumed"), filter=firm, default=0),
    )
    return {row.id: Amounts(row.capacity, row.capacity - row.gone, row.held, row.firm) for row in rows}


@query
def access_chain(actor: Actor, chain_id: UUID) -> Chain:
    """The reservations of a chain that the actor's organisation holds or owns. Raises ``ReservationNotFound``."""
    rows = list(Row.objects.filter(chain_id=chain_id).order_by("place", "unit"))
    if not rows:
        raise ReservationNotFound
    return chain_of(chain_id, rows)


@query
def list_reservations(
    actor: Actor,
    *,
    chain_id: UUID | None = None,
    subject_ids: Sequence[UUID] | None = None,
    resource_id: UUID | None = None,
    within: Span | None = None,
    limit: int = 1000,
) -> list[Reservation]:
    """Reservations that the actor's organisation holds or owns, of a chain, of subjects, of a resource, in a span; earliest first."""
    rows = Row.objects.all()
    if chain_id is not None:
        rows = rows.filter(chain_id=chain_id)
    if subject_ids is not None:
        rows = rows.filter(subject_id__in=subject_ids)
    if resource_id is not None:
        rows = rows.filter(resource_id=resource_id)
    if within is not None:
        rows = rows.filter(during__overlap=range_of(within))
    return [reservation_of(row) for row in rows.order_by("during", "place", "unit", "id")[:limit]]


@query
def list_held(actor: Actor, *, subject_id: UUID) -> list[Reservation]:
    """What the actor's organisation holds for a subject at this moment, not firm yet."""
    live = Row.objects.filter(subject_id=subject_id, state=State.HELD, expires_at__gt=DatabaseClock())
    return [reservation_of(row) for row in live]


def list_broken(chain_ids: Collection[UUID]) -> list[UUID]:
    """Those of these chains of which something was given back or has expired. Under the cross role, for jobs."""
    lost = Row.objects.using("cross").filter(
        chain_id__in=chain_ids, state__in=[State.RELEASED, State.EXPIRED]
    )
    return list(lost.values_list("chain_id", flat=True).distinct())


def _finding(ask: Ask, seen: ResourceSeen | None, taken: Sequence[Taken], around: timedelta) -> Finding:
    if seen is None:
        return Finding(ask, 0, Obstacle.UNKNOWN)
    if seen.withdrawn:
        return Finding(ask, 0, Obstacle.WITHDRAWN)
    its = [each for each in taken if each.resource_id == ask.resource_id]
    return _exclusive(ask, seen, its, around) if seen.kind is Kind.EXCLUSIVE else _counted(ask, seen, its)


def _exclusive(ask: Ask, seen: ResourceSeen, taken: Sequence[Taken], around: timedelta) -> Finding:
    span = ask.during
    if span is None:
        return Finding(ask, 0, Obstacle.NEEDS_TIME)
    units = [(each.unit, each.during) for each in taken if each.unit is not None and each.during is not None]
    free = seen.capacity - len(
        {unit for unit, other in units if unit <= seen.capacity and other.overlaps(span)}
    )
    if free >= ask.quantity:
        return Finding(ask, free)
    soonest = max(span.starts_at - around, database_now())
    latest = span.ends_at + around
    found = (
        nearest(span, units, units=seen.capacity, wanted=ask.quantity, within=Span(soonest, latest))
        if soonest < latest
        else ()
    )
    return Finding(ask, free, Obstacle.TAKEN, found)


def _counted(ask: Ask, seen: ResourceSeen, taken: Sequence[Taken]) -> Finding:
    same = next((each for each in taken if each.during == ask.during), None)
    now = database_now() if ask.during else None
    others = tuple(
        nearest_slots(
            ask.during,
            [
                each.during
                for each in taken
                if each.during
                and now
                and each.capacity - each.amount >= ask.quantity
                and each.during.starts_at > now
            ],
        )
        if ask.during
        else ()
    )
    if same is None and any(
        each.during is None or ask.during is None or each.during.overlaps(ask.during) for each in taken
    ):
        return Finding(ask, 0, Obstacle.OTHER_SLOT, others)
    free = same.capacity - same.amount if same else seen.capacity
    return Finding(ask, free) if free >= ask.quantity else Finding(ask, free, Obstacle.TAKEN, others)
