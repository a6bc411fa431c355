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
from staveworks.trade.catalogue.mechanisms import Quote, mechanism_of
from staveworks.trade.catalogue.types import OfferVersion
from staveworks.web.typed import day_of, moment_of, whole_number

BOOKING = "booking"
KEPT = ("minutes", "quantity", "comes")


@dataclass(frozen=True, slots=True)
class FreeTimes:
    """``times``: (as it is typed, as it is read). ``next``: the day of the next free time, where ``day`` has none.

    ``kept``: what else was asked, for the links: another time is no other length. ``taken``: what was chosen, where that isn't free.
    """

    day: date
    times: tuple[tuple[str, str], ...]
    chosen: str
    next: date | None
    kept: str = ""
    taken: datetime | None = None

    @property
    def before(self) -> date | None:
        return self.day - timedelta(days=1) if self.day > timezone.localdate() else None

    @property
    def after(self) -> date:
        return self.day + timedelta(days=1)


def free_times(
    actor: Actor, version: OfferVersion, request: HttpRequest, quote: Quote | None = None
) -> FreeTimes | None:
    """Of the day in the address, else that of the chosen time, else the first with a free one; as long and as many as is asked.

    ``quote``: of what was asked. None where nothing is booked by the time.
    """
    resource = (version.content.terms or {}).get("resource")
    if version.content.mechanism != BOOKING or not resource:
        return None
    soonest = mechanism_of(BOOKING).next_free([version]).get(version.offer_id)
    first = timezone.localdate(soonest) if soonest else None
    given = request.POST if request.method == "POST" else request.GET
    chosen = moment_of(given.get("starts_at", ""))
    day = day_of(request.GET.get("day", "")) or (chosen and chosen.date()) or first or timezone.localdate()
    minutes, wanted = (whole_number(given.get(name, "")) for name in ("minutes", "quantity"))
    id_ = UUID(str(resource))
    try:
        slots = list_free(actor, resource_id=id_, day=day, minutes=minutes, wanted=wanted or 1)
        taken = _taken(actor, id_, quote, wanted or 1)
    except ResourceNotFound:
        return None
    starts = [timezone.localtime(slot.starts_at) for slot in slots]
    return FreeTimes(
        day=day,
        times=tuple((f"{each:%Y-%m-%dT%H:%M}", f"{each:%H:%M}") for each in starts),
        chosen=f"{chosen:%Y-%m-%dT%H:%M}" if chosen else "",
        next=first,
        kept="".join(f"&{urlencode({name: given[name]})}" for name in KEPT if given.get(name)),
        taken=taken,
    )


def _taken(actor: Actor, resource_id: UUID, quote: Quote | None, wanted: int) -> datetime | None:
    """When what was priced begins, if that isn't free now; whether it can be had is decided when it is held."""
    if quote is None or quote.starts_at is None or quote.due_at is None:
        return None
    free = list_free(
        actor,
        resource_id=resource_id,
        day=timezone.localdate(quote.starts_at),
        minutes=(quote.due_at - quote.starts_at) // timedelta(minutes=1),
        wanted=wanted,
    )
    return None if any(slot.starts_at == quote.starts_at for slot in free) else quote.starts_at
