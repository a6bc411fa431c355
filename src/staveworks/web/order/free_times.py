"""Where an offer is booked by the time: which times of a day are free, each a link that fills it into the form."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.booking.queries import list_free
from staveworks.mechanisms.booking.types import ResourceNotFound
from staveworks.trade.catalogue.mechanisms import mechanism_of
from staveworks.trade.catalogue.types import OfferVersion

BOOKING = "booking"
KEPT = ("minutes", "quantity", "comes")


@dataclass(frozen=True, slots=True)
class FreeTimes:
    """``times``: (as it is typed, as it is read). ``next``: the day of the next free time, where ``day`` has none.

    ``kept``: what else was asked, for the links: another time is no other length.
    """

    day: date
    times: tuple[tuple[str, str], ...]
    chosen: str
    next: date | None
    kept: str = ""

    @property
    def before(self) -> date | None:
        return self.day - timedelta(days=1) if self.day > timezone.localdate() else None

    @property
    def after(self) -> date:
        return self.day + timedelta(days=1)


def free_times(actor: Actor, version: OfferVersion, request: HttpRequest) -> FreeTimes | None:
    """Of the day in the address, else the first day with a free time; None where nothing is booked by the time."""
    resource = (version.content.terms or {}).get("resource")
    if version.content.mechanism != BOOKING or not resource:
        return None
    soonest = mechanism_of(BOOKING).next_free([version]).get(version.offer_id)
    first = timezone.localdate(soonest) if soonest else None
    day = _day(request.GET.get("day", "")) or first or timezone.localdate()
    try:
        slots = list_free(actor, resource_id=UUID(str(resource)), day=day)
    except ResourceNotFound:
        return None
    starts = [timezone.localtime(slot.starts_at) for slot in slots]
    return FreeTimes(
        day=day,
        times=tuple((f"{each:%Y-%m-%dT%H:%M}", f"{each:%H:%M}") for each in starts),
        chosen=_moment(request.GET.get("starts_at", "")),
        next=first,
        kept="".join(f"&{urlencode({name: request.GET[name]})}" for name in KEPT if request.GET.get(name)),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _moment(text: str) -> str:
    try:
        return f"{datetime.fromisoformat(text):%Y-%m-%dT%H:%M}"
    except ValueError:
        return ""
