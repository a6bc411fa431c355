"""Calendars that look lived-in: standing bookings of some weeks that are over and some to come, one order each."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from staveworks.demo.dealing import Deal, fill, go_their_way, place
from staveworks.demo.people import owner_of
from staveworks.foundation.parties.types import Actor
from staveworks.kit.spans import Span
from staveworks.mechanisms.booking.free import free_between, local_day, opened
from staveworks.mechanisms.booking.queries import list_bookables
from staveworks.mechanisms.booking.types import Resource
from staveworks.trade.catalogue.types import OfferVersion

A_WEEK, A_DAY = timedelta(days=7), timedelta(days=1)
WEEKS_AHEAD = 12
SETTLED_AFTER, ACCEPTED_AFTER, JUDGED = 14, 3, 2
"""In days: how long ago what is paid by now was used, what is accepted; and how long a buyer takes to accept."""
SEARCHED = timedelta(days=21)


def keep_calendars(
    series: Iterable[Mapping[str, Any]],
    offers: Mapping[str, OfferVersion],
    buyer_of: Callable[[str | int], Actor | None],
) -> None:
    """``series``: as `orders.yaml` says under ``calendars``. All of one are ordered at once, about a week before the first."""
    deals: list[Deal] = []
    for each in series:
        version, buyer = offers.get(each["offer"]), buyer_of(each["by"])
        if version is not None and buyer is not None and buyer.org != version.provider_org:
            deals += _book(each, version, buyer)
    go_their_way(deals)


def _book(said: Mapping[str, Any], version: OfferVersion, buyer: Actor) -> list[Deal]:
    provider, now = owner_of(version.provider_org), timezone.now()
    resource = resource_of(provider, version)
    ahead, spans = _weeks_ahead(resource, list(_spans(resource, said)), now)
    if not spans:
        return []
    asked = [said["ask"] | {"starts_at": _local(resource, each.starts_at + ahead)} for each in spans]
    order, lines = fill(buyer, [(version, each) for each in asked])
    place(buyer, order)
    return [
        Deal(*_outcome(span, ahead, now), line, buyer, provider, {"part": "已按约使用"})
        for span, line in zip(spans, lines, strict=True)
    ]


def _spans(resource: Resource, said: Mapping[str, Any]) -> Iterator[Span]:
    zone = ZoneInfo(resource.opening.zone)
    today = timezone.localdate(timezone=zone)
    monday = today - today.weekday() * A_DAY
    minutes = said["ask"].get("minutes", resource.rules.shortest)
    for week in said["weeks"]:
        day = monday + week * A_WEEK + said["day"] * A_DAY
        starts_at = datetime.combine(day, time.fromisoformat(said["from"]), tzinfo=zone)
        yield Span(starts_at, starts_at + timedelta(minutes=minutes))


def _weeks_ahead(resource: Resource, spans: list[Span], now: datetime) -> tuple[timedelta, list[Span]]:
    """By how much later they are ordered than they will lie, so that the first can still be booked; without those on closed days."""
    for weeks in range(WEEKS_AHEAD + 1):
        ahead = weeks * A_WEEK
        whole = [
            span
            for span in spans
            if all(_is_open(resource, each, now) for each in (span, span.moved_to(span.starts_at + ahead)))
        ]
        if not whole:
            continue
        soonest, latest = now + resource.rules.notice + A_DAY, now + resource.rules.horizon
        if whole[0].starts_at + ahead >= soonest and whole[-1].starts_at + ahead <= latest:
            return ahead, whole
    return timedelta(0), []


def _is_open(resource: Resource, span: Span, now: datetime) -> bool:
    first, last = local_day(resource, span.starts_at), local_day(resource, span.ends_at)
    return any(each.holds(span) for each in opened(resource, first, last, now=now))


def _outcome(span: Span, ahead: timedelta, now: datetime) -> tuple[str, tuple[int, int, int]]:
    if span.ends_at > now:
        return ("in_delivery" if span.starts_at <= now else "confirmed"), (ahead.days, 0, 0)
    until = ceil((span.ends_at + ahead - now) / A_DAY)
    since = ahead.days - until
    if since < ACCEPTED_AFTER:
        return "delivered", (until, since, 0)
    return ("settled" if since >= SETTLED_AFTER else "accepted"), (until, JUDGED, since - JUDGED)


def first_time(provider: Actor, version: OfferVersion, *, day: int, at: str, minutes: int) -> Span:
    """The first that is free and begins at ``at``, in ``day`` days or later."""
    resource, now = resource_of(provider, version), timezone.now()
    first = local_day(resource, now) + day * A_DAY
    for slot in free_between(resource, first, first + SEARCHED, minutes=minutes, now=now):
        if _local(resource, slot.starts_at).endswith(f"T{at}"):
            return slot
    raise LookupError(f"{version.content.title.zh}: {at} is never free")


def resource_of(provider: Actor, version: OfferVersion) -> Resource:
    named = str((version.content.terms or {})["resource"])
    return next(each for each in list_bookables(provider) if str(each.id) == named)


def _local(resource: Resource, moment: datetime) -> str:
    """As the form writes it."""
    return f"{moment.astimezone(ZoneInfo(resource.opening.zone)):%Y-%m-%dT%H:%M}"
