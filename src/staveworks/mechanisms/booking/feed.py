"""A resource's bookings as an iCalendar feed (RFC 5545), for Outlook, Thunderbird and phones: at a secret address, read only."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from staveworks.db.clock import database_now
from staveworks.db.transaction import acting
from staveworks.foundation.parties.domain import digest_of
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.kit.text import Language
from staveworks.mechanisms.booking.models import Feed
from staveworks.mechanisms.booking.queries import access_bookable, plan_days
from staveworks.mechanisms.booking.types import DayPlan, FeedNotFound, Resource

if TYPE_CHECKING:
    from icalendar import Event

PAST, AHEAD = timedelta(days=7), timedelta(days=90)
TENTATIVE = {"held", "placed"}
CLOSED = {"zh": "停用", "en": "Closed"}
HELD = {"zh": "有人正在下单", "en": "Being ordered"}


def read_feed(token: str, *, language: Language) -> bytes:
    """What is booked and closed from a week ago up to three months ahead. Raises ``FeedNotFound``."""
    digest = digest_of(token)
    with acting(token=digest):
        feed = Feed.objects.filter(digest=digest).first()
    if feed is None:
        raise FeedNotFound
    actor, now = operator_service_for(feed.org_id), database_now()
    resource = access_bookable(actor, resource_id=feed.resource_id)
    first = timezone.localdate(now - PAST)
    days = plan_days(actor, resource_id=resource.id, first=first, days=(PAST + AHEAD).days)
    return calendar_of(resource, days, language=language, at=now)


def calendar_of(resource: Resource, days: Iterable[DayPlan], *, language: Language, at: datetime) -> bytes:
    """One event of each booking and each closing, in order; the same content gives the same bytes but for ``at``."""
    from icalendar import Calendar  # it takes a tenth of a second: not at every start

    calendar = Calendar()
    name = resource.name.in_language(language)
    for key, value in (("prodid", "-//Staveworks//Bookings//EN"), ("version", "2.0"), ("method", "PUBLISH")):
        calendar.add(key, value)
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(minutes=30), parameters={"value": "DURATION"})
    for event in _events(resource, list(days), language, at):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(resource: Resource, days: list[DayPlan], language: Language, at: datetime) -> Iterable["Event"]:
    bookings = dict.fromkeys(each for day in days for each in day.bookings)
    for each in sorted(bookings, key=lambda booking: (booking.during, booking.units)):
        uid = f"{each.line_id or f'{resource.id}-{each.during.starts_at:%Y%m%dT%H%M}-{each.units[0]}'}@staveworks"
        who = each.buyer.in_language(language) if each.buyer else HELD[language]
        status = "TENTATIVE" if each.state in TENTATIVE else "CONFIRMED"
        yield _event(resource, uid, who, each.during.starts_at, each.during.ends_at, status, language, at)
    closings = dict.fromkeys(each for day in days for each in day.closings)
    for closing in sorted(closings, key=lambda one: (one.during, one.units)):
        what = f"{CLOSED[language]} · {closing.reason}"
        during = closing.during
        yield _event(
            resource, f"{closing.chain_id}@staveworks", what, during.starts_at, during.ends_at, "CONFIRMED", language, at
        )  # fmt: skip


def _event(
    resource: Resource,
    uid: str,
    who: str,
    starts_at: datetime,
    ends_at: datetime,
    status: str,
    language: Language,
    at: datetime,
) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", at.replace(microsecond=0))
    event.add("dtstart", starts_at.astimezone(UTC))
    event.add("dtend", ends_at.astimezone(UTC))
    event.add("summary", f"{who} · {resource.name.in_language(language)}")
    if resource.place:
        event.add("location", resource.place)
    event.add("status", status)
    return event
