"""Alternatives to a time that can't be had: the same kind of thing for the same planks, as long, as many; here and in other cities."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, F, QuerySet, Value, When

from staveworks.db.clock import database_now
from staveworks.db.transaction import query
from staveworks.foundation.parties.models import City
from staveworks.foundation.parties.types import Actor, title_of
from staveworks.kit.errors import Invalid, StaveworksError
from staveworks.kit.spans import Span
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.domain.alternatives import Candidate, apart, in_order, kilometres
from staveworks.mechanisms.booking.domain.slots import check_length, free_slots, nearest
from staveworks.mechanisms.booking.free import AT_ONCE, local_day, opened, taken
from staveworks.mechanisms.booking.mechanism import MECHANISM, find_resource, resource_id_of, wanted_span
from staveworks.mechanisms.booking.models import Bookable
from staveworks.mechanisms.booking.rows import resources_of
from staveworks.mechanisms.booking.types import Alternative, Resource
from staveworks.trade.catalogue.models import Listing
from staveworks.trade.catalogue.queries import access_version, quote_version
from staveworks.trade.catalogue.rows import version_of
from staveworks.trade.catalogue.types import OfferVersion
from staveworks.trade.orders.pricing import as_reader

LOOKED_AT = 40
"""Offers whose calendars are read: those of the same city first, then those that are free soonest."""
OF_EACH = 2
NEAREST = 200
"""Free times of each that are looked at for as many that don't overlap."""


@query
def list_alternatives(
    actor: Actor, *, version_id: UUID, request: Mapping[str, Any], most: int = 5
) -> list[Alternative]:
    """Free times instead of what ``request`` asks of an offer, those of the same resource first, then the nearest of others, each with
    what it would cost; nothing where it isn't booked by the time.

    With the answers as they are: an offer that would have to ask for more isn't among them. Raises ``OfferNotFound``.
    """
    reader = as_reader(actor)
    version = access_version(reader, version_id=version_id)
    resource = find_resource(version.content.terms or {})
    if version.content.mechanism != MECHANISM.code or resource is None:
        return []
    try:
        wanted = wanted_span(resource, request)
        units = int(request.get("quantity", 1))
    except (Invalid, ValueError, KeyError):
        return []
    listed = {each.offer_id: each for each in _listed(actor, version, resource)}
    lent = _lent(listed, resource, minutes=wanted.length // timedelta(minutes=1), units=units)
    now = database_now()
    found = in_order(_candidates(lent, resource, wanted, units, now), wanted.starts_at, resource.id)
    alternatives: list[Alternative] = []
    for each in found:
        if len(alternatives) == most:
            break
        asked = request_for(lent[each.offer_id], request, wanted=each.span, units=units)
        priced = _priced(reader, listed[each.offer_id], each, asked)
        if priced is not None:
            alternatives.append(priced)
    return alternatives


def request_for(
    resource: Resource, request: Mapping[str, Any], *, wanted: Span, units: int
) -> dict[str, Any]:
    """The same answers, with another time; only what its form asks for."""
    asked = {
        name: value for name, value in request.items() if name not in ("starts_at", "minutes", "quantity")
    }
    asked["starts_at"] = wanted.starts_at.isoformat()
    if not resource.rules.one_length:
        asked["minutes"] = wanted.length // timedelta(minutes=1)
    if resource.units > 1:
        asked["quantity"] = units
    return asked


def _listed(actor: Actor, version: OfferVersion, resource: Resource) -> Sequence[Listing]:
    """Its own offer, and published ones for the same planks."""
    found: QuerySet[Listing] = Listing.objects.filter(
        mechanism=MECHANISM.code, planks__overlap=list(version.content.planks)
    ).exclude(provider_org_id=actor.org)
    nearer = Case(
        When(offer_id=version.offer_id, then=Value(0)),
        When(city_id=resource.city or version.content.city, then=Value(1)),
        default=Value(2),
    )
    rows = found.select_related("version", "provider_org", "city")
    return list(rows.order_by(nearer, F("next_free_at").asc(nulls_last=True), "offer_id")[:LOOKED_AT])


def _lent(
    listed: Mapping[UUID, Listing], like: Resource, *, minutes: int, units: int
) -> dict[UUID, Resource]:
    """By offer: what it lends, where that is of the same kind and can be booked so long and so often."""
    named = {offer: resource_id_of(row.version.content.get("terms") or {}) for offer, row in listed.items()}
    rows = Bookable.objects.filter(resource_id__in=[each for each in named.values() if each], kind=like.kind)
    resources = {each.id: each for each in resources_of(rows) if _fits(each, minutes, units)}
    return {offer: resources[id_] for offer, id_ in named.items() if id_ in resources}


def _fits(resource: Resource, minutes: int, units: int) -> bool:
    try:
        check_length(resource.rules, minutes)
    except Invalid:
        return False
    return not resource.withdrawn and resource.units >= units


def _candidates(
    lent: Mapping[UUID, Resource], like: Resource, wanted: Span, units: int, now: datetime
) -> Iterator[Candidate]:
    """One question to the kernel for all calendars."""
    around = Span(max(wanted.starts_at - AT_ONCE, now), max(wanted.ends_at, now) + AT_ONCE)
    busy = taken(list({each.id: each for each in lent.values()}.values()), around) if lent else {}
    spots = {
        city.code: (city.latitude, city.longitude)
        for city in City.objects.filter(code__in={each.city for each in (*lent.values(), like) if each.city})
        if city.latitude is not None and city.longitude is not None
    }
    here = spots.get(like.city or "")
    for offer, each in lent.items():
        days = (local_day(each, moment) for moment in (around.starts_at, around.ends_at))
        free = free_slots(
            each.rules,
            opened(each, *days, now=now),
            busy[each.id],
            minutes=wanted.length // timedelta(minutes=1),
            zone=each.opening.zone,
            now=now,
            wanted=units,
        )
        there = spots.get(each.city or "")
        km = 0.0 if each.id == like.id else kilometres(here, there) if here and there else None
        inside = (slot for slot in free if around.holds(slot) and (each.id != like.id or slot != wanted))
        for slot in apart(nearest(inside, wanted.starts_at, most=NEAREST), most=OF_EACH):
            yield Candidate(offer, each.id, slot, km)


def _priced(reader: Actor, row: Listing, found: Candidate, request: dict[str, Any]) -> Alternative | None:
    """None: it can't be ordered by her, or not without further answers."""
    version = version_of(row.version)
    try:
        quote = quote_version(reader, version_id=version.id, request=request)
    except StaveworksError:
        return None
    return Alternative(
        offer_id=found.offer_id,
        version_id=version.id,
        title=version.content.title,
        provider=title_of(row.provider_org.name, row.provider_org.name_en),
        city=Text(zh=row.city.name_zh, en=row.city.name_en) if row.city else None,
        km=None if found.km is None else round(found.km),
        span=found.span,
        price_fen=quote.price_fen,
        request=request,
    )
