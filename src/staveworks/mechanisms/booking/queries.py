"""Reads: what an organisation lends by the hour, the week of a resource, the day of all of them, and what is free."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from staveworks.db.clock import database_now
from staveworks.db.transaction import query
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.queries import list_reservations
from staveworks.foundation.reservation.types import OCCUPYING, Reservation, State
from staveworks.kit.errors import StaveworksError
from staveworks.kit.holidays import load_holidays
from staveworks.kit.spans import Span, on_calendar
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.free import free_between, opened
from staveworks.mechanisms.booking.mechanism import find_resource
from staveworks.mechanisms.booking.models import Bookable, Feed
from staveworks.mechanisms.booking.models import TrainingCertificate as CertificateRow
from staveworks.mechanisms.booking.models import Wish as WishRow
from staveworks.mechanisms.booking.rows import resources_of
from staveworks.mechanisms.booking.training import certificates_of
from staveworks.mechanisms.booking.types import (
    OPEN_WISHES,
    Booking,
    Closing,
    DayPlan,
    DayUnknown,
    Resource,
    ResourceNotFound,
    TrainingCertificate,
    Wish,
    WishNotFound,
    WishState,
)
from staveworks.mechanisms.booking.waiting_list import WITH, in_line, wish_of, wishes_of
from staveworks.trade.catalogue.queries import access_offer, quote_version
from staveworks.trade.orders.pricing import as_reader
from staveworks.trade.orders.queries import access_line, list_desk
from staveworks.trade.orders.types import Line, LineState

A_DAY = timedelta(days=1)
SHOWN = (
    LineState.PLACED,
    LineState.CONFIRMED,
    LineState.IN_DELIVERY,
    LineState.DELIVERED,
    LineState.DISPUTED,
    LineState.ACCEPTED,
    LineState.SETTLED,
)
MOST_HELD = 5000
MOST_WISHES = 200
MOST_CERTIFICATES = 2000


@query
def has_feed(actor: Actor, *, resource_id: UUID) -> bool:
    """Whether calendar programs read the resource at an address. Raises ``RightMissing``."""
    actor.require("line.serve")
    return Feed.objects.filter(resource_id=resource_id, org_id=actor.org).exists()


@query
def list_bookables(actor: Actor) -> list[Resource]:
    """What the organisation lends, by name. Raises ``RightMissing``."""
    actor.require("line.serve")
    return resources_of(Bookable.objects.filter(org_id=actor.org).order_by("name_zh", "resource_id"))


@query
def access_bookable(actor: Actor, *, resource_id: UUID, right: str = "line.serve") -> Resource:
    """One of the organisation's own. Raises ``RightMissing``, ``ResourceNotFound``."""
    actor.require(right)
    found = resources_of(Bookable.objects.filter(resource_id=resource_id, org_id=actor.org))
    if not found:
        raise ResourceNotFound
    return found[0]


@query
def find_place(actor: Actor, *, terms: Mapping[str, Any]) -> tuple[Text, str] | None:
    """Where to come: the resource that an offer's terms lend, and its place. None where nothing is booked."""
    found = find_resource(terms)
    return (found.name, found.place) if found else None


@query
def list_free(
    actor: Actor, *, resource_id: UUID, day: date, minutes: int | None = None, wanted: int = 1
) -> list[Span]:
    """Slots of a local day that anybody could book now. Raises ``RightMissing``, ``ResourceNotFound``, ``DayUnknown``."""
    actor.require("offer.read")
    if not on_calendar(day):
        raise DayUnknown(field="day")
    found = resources_of(Bookable.objects.filter(resource_id=resource_id))
    if not found or found[0].withdrawn:
        raise ResourceNotFound
    (resource,) = found
    length = minutes or resource.rules.shortest
    if not resource.rules.shortest <= length <= resource.rules.longest:
        return []
    return list(free_between(resource, day, day, minutes=length, now=database_now(), wanted=wanted))


@query
def plan_days(actor: Actor, *, resource_id: UUID, first: date, days: int = 7) -> list[DayPlan]:
    """What happens on local days: open, booked by whom, closed. Raises ``RightMissing``, ``ResourceNotFound``, ``DayUnknown``."""
    resource = access_bookable(actor, resource_id=resource_id)
    if not on_calendar(first):
        raise DayUnknown(field="first")
    return _plan(actor, [resource], first, days)[resource.id]


@query
def plan_day(actor: Actor, *, day: date) -> list[tuple[Resource, DayPlan]]:
    """The day of everything that the organisation lends, by name. Raises ``RightMissing``, ``DayUnknown``."""
    resources = list_bookables(actor)
    if not on_calendar(day):
        raise DayUnknown(field="day")
    plans = _plan(actor, resources, day, 1)
    return [(resource, plans[resource.id][0]) for resource in resources]


@query
def list_booked_lines(actor: Actor, *, first: date, days: int) -> list[UUID]:
    """The lines of what others have booked with the organisation on these days. Raises ``RightMissing``."""
    plans = _plan(actor, list_bookables(actor), first, days)
    found = (each.line_id for plan in plans.values() for day in plan for each in day.bookings)
    return list(dict.fromkeys(line for line in found if line))


@query
def list_wishes(actor: Actor) -> list[Wish]:
    """The organisation's places in waiting lists: those that are open first, then the newest. Raises ``RightMissing``."""
    actor.require("order.read")
    found = WishRow.objects.filter(buyer_org_id=actor.org).select_related(*WITH).order_by("-made_at", "-id")
    wishes = wishes_of(found[:MOST_WISHES])
    return sorted(wishes, key=lambda each: (each.state not in OPEN_WISHES, each.state is not WishState.KEPT))


@query
def access_wish(actor: Actor, *, wish_id: UUID) -> Wish:
    """The organisation's own. Raises ``RightMissing``, ``WishNotFound``."""
    actor.require("order.read")
    row = WishRow.objects.filter(id=wish_id, buyer_org_id=actor.org).select_related(*WITH).first()
    if row is None:
        raise WishNotFound
    return wish_of(row)


@query
def price_wish(actor: Actor, *, wish_id: UUID) -> int | None:
    """What the time that is kept would cost now, in fen; None: it can't be had any more. Raises ``RightMissing``, ``WishNotFound``."""
    wish, reader = access_wish(actor, wish_id=wish_id), as_reader(actor)
    if wish.state is not WishState.KEPT or wish.starts_at is None:
        return None
    request = dict(wish.request) | {"starts_at": wish.starts_at.isoformat()}
    try:
        offer = access_offer(reader, offer_id=wish.offer_id)
        if offer.version is None:
            return None
        version, instead = offer.version.id, wish.moves
        return quote_version(reader, version_id=version, request=request, line_id=instead).price_fen
    except StaveworksError:
        return None


@query
def list_waiting(actor: Actor, *, resource_id: UUID) -> list[Wish]:
    """Who waits for one of the organisation's resources, first in line first. Raises ``RightMissing``, ``ResourceNotFound``."""
    actor.require("line.serve")
    if not Bookable.objects.filter(resource_id=resource_id, org_id=actor.org).exists():
        raise ResourceNotFound
    found = WishRow.objects.filter(resource_id=resource_id, provider_org_id=actor.org, state__in=OPEN_WISHES)
    return wishes_of(in_line(found.select_related(*WITH))[:MOST_WISHES])


@query
def list_certificates(actor: Actor, *, resource_id: UUID) -> list[TrainingCertificate]:
    """Of a resource, the newest first: for its provider all, for a firm those of its own people. Raises ``RightMissing``,
    ``ResourceNotFound``."""
    actor.require("offer.read")
    if not Bookable.objects.filter(resource_id=resource_id).exists():
        raise ResourceNotFound
    sides = Q(provider_org_id=actor.org) | Q(buyer_org_id=actor.org)
    found = CertificateRow.objects.filter(sides, resource_id=resource_id)
    return certificates_of(found.order_by("-made_at", "-id")[:MOST_CERTIFICATES])


@query
def firm_of_certificate(actor: Actor, *, certificate_id: UUID) -> UUID | None:
    """Whose person has it, for the provider who gave it."""
    own = CertificateRow.objects.filter(id=certificate_id, provider_org_id=actor.org)
    return own.values_list("buyer_org_id", flat=True).first()


@query
def resources_of_line(actor: Actor, *, line_id: UUID) -> tuple[UUID, list[UUID]]:
    """Whose and what a line reserves, for whichever of its sides asks. Raises ``RightMissing``, ``LineNotFound``."""
    line = access_line(actor, line_id=line_id)
    return line.provider_org, [ask.resource_id for ask in line.quote.asks]


@query
def list_of_wish(actor: Actor, *, wish_id: UUID) -> tuple[UUID, UUID]:
    """(provider, resource) whose list a wish stands in, for its buyer. Raises ``WishNotFound``."""
    found = WishRow.objects.filter(id=wish_id).values_list("provider_org_id", "resource_id").first()
    if found is None:
        raise WishNotFound
    return found


def _plan(actor: Actor, resources: Sequence[Resource], first: date, days: int) -> dict[UUID, list[DayPlan]]:
    if not resources:
        return {}
    bounds = [_local(resource, first, days) for resource in resources]
    within = Span(min(b.starts_at for b in bounds), max(b.ends_at for b in bounds))
    held = list_reservations(actor, within=within, limit=MOST_HELD)
    own = [each for each in held if each.owner_id == actor.org and each.state in OCCUPYING]
    ids = {each.subject_id for each in own}
    lines = {line.id: line for line in list_desk(actor, states=SHOWN, ids=ids, limit=MOST_HELD)}
    return {resource.id: _days(resource, own, lines, first, days) for resource in resources}


def _local(resource: Resource, first: date, days: int) -> Span:
    zone = ZoneInfo(resource.opening.zone)
    return Span(
        datetime.combine(first, time(), tzinfo=zone),
        datetime.combine(first + days * A_DAY, time(), tzinfo=zone),
    )


def _days(
    resource: Resource, held: Iterable[Reservation], lines: Mapping[UUID, Line], first: date, days: int
) -> list[DayPlan]:
    its = [each for each in held if each.resource_id == resource.id]
    bookings, closings = _bookings(resource, its, lines), _closings(its)
    spans = opened(resource, first, first + (days - 1) * A_DAY, now=database_now())
    holidays = load_holidays()
    plans = []
    for number in range(days):
        day = first + number * A_DAY
        whole = _local(resource, day, 1)
        plans.append(
            DayPlan(
                day=day,
                opened=tuple(_cut(each, whole) for each in spans if each.overlaps(whole)),
                bookings=tuple(each for each in bookings if each.during.overlaps(whole)),
                closings=tuple(each for each in closings if each.during.overlaps(whole)),
                holiday=resource.opening.holidays and day in holidays.off,
                provisional=resource.opening.holidays and holidays.is_provisional(day),
            )
        )
    return plans


def _cut(span: Span, to: Span) -> Span:
    return Span(max(span.starts_at, to.starts_at), min(span.ends_at, to.ends_at))


def _bookings(resource: Resource, held: Iterable[Reservation], lines: Mapping[UUID, Line]) -> list[Booking]:
    """One of each line, however many units; what a draft holds shows no name."""
    groups: dict[tuple[UUID, Span], list[Reservation]] = {}
    for each in held:
        if each.state is not State.MAINTENANCE and each.during is not None:
            groups.setdefault((each.subject_id, each.during), []).append(each)
    found = []
    for (subject, during), rows in groups.items():
        line = lines.get(subject)
        units = tuple(sorted(each.unit or 0 for each in rows))
        found.append(
            Booking(
                line_id=line.id if line else None,
                during=_booked(line) or _without_buffers(resource, during),
                units=units,
                state=str(line.state) if line else str(rows[0].state),
                buyer=line.buyer if line else None,
                title=line.title if line else None,
            )
        )
    return sorted(found, key=lambda each: (each.during, each.units))


def _booked(line: Line | None) -> Span | None:
    if line is None or line.quote.starts_at is None or line.quote.due_at is None:
        return None
    return Span(line.quote.starts_at, line.quote.due_at)


def _without_buffers(resource: Resource, held: Span) -> Span:
    before, after = (timedelta(minutes=each) for each in (resource.rules.before, resource.rules.after))
    starts_at, ends_at = held.starts_at + before, held.ends_at - after
    return Span(starts_at, ends_at) if starts_at < ends_at else held


def _closings(held: Iterable[Reservation]) -> list[Closing]:
    groups: dict[tuple[UUID, Span], list[Reservation]] = {}
    for each in held:
        if each.state is State.MAINTENANCE and each.during is not None:
            groups.setdefault((each.chain_id, each.during), []).append(each)
    found = [
        Closing(chain, during, tuple(sorted(each.unit or 0 for each in rows)), rows[0].reason)
        for (chain, during), rows in groups.items()
    ]
    return sorted(found, key=lambda each: (each.during, each.units))
