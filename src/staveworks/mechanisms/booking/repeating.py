"""A booking that repeats, seen before anything is taken: which of its dates are free, which are skipped, and why."""

from bisect import insort
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from staveworks.db.clock import database_now
from staveworks.db.transaction import query
from staveworks.foundation.parties.types import Actor
from staveworks.kit.holidays import load_holidays
from staveworks.kit.spans import Span
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.arriving import CODE
from staveworks.mechanisms.booking.domain.series import SeriesInvalid, repeated
from staveworks.mechanisms.booking.domain.slots import CLOSED, check_slot, held_for, is_taken
from staveworks.mechanisms.booking.free import local_day, opened, taken
from staveworks.mechanisms.booking.mechanism import MECHANISM, resource_of, wanted_span
from staveworks.mechanisms.booking.quotas import said_over
from staveworks.mechanisms.booking.training import said_untrained
from staveworks.mechanisms.booking.types import Resource, SlotRefused
from staveworks.trade.catalogue.queries import access_version
from staveworks.trade.catalogue.requests import check_request
from staveworks.trade.catalogue.types import OfferVersion
from staveworks.trade.orders.pricing import as_reader

TAKEN = Text(zh="已有人约了。", en="Somebody has booked it.")
HOLIDAY = Text(zh="法定节假日，不开放。", en="Closed on a public holiday.")
NOT_BOOKED = Text(
    zh="这项服务不按时间预约，不能重复。", en="This offer isn’t booked by the time and can’t repeat."
)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a series, in the time of the resource's place. ``why``: it is skipped, and this is the reason."""

    during: Span
    zone: str
    why: Text | None = None

    @property
    def free(self) -> bool:
        return self.why is None

    @property
    def local(self) -> str:
        """As a request says its start: with the zone's offset."""
        return self.during.starts_at.astimezone(ZoneInfo(self.zone)).isoformat()


@query
def preview_series(
    actor: Actor, *, version_id: UUID, request: Mapping[str, Any], rrule: str
) -> tuple[Occurrence, ...]:
    """Every date of the rule, in order. Takes nothing.

    Raises ``RightMissing``, ``OfferNotFound``, ``SeriesInvalid``, and ``Invalid`` at a field of the offer's form that no date mends.
    """
    actor.require("order.place")
    version = access_version(as_reader(actor), version_id=version_id)
    resource = resource_of(version)
    if version.content.mechanism != CODE or resource is None:
        raise SeriesInvalid(NOT_BOOKED, field="rrule")
    return _looked_at(actor, version, resource, request, rrule)


def _looked_at(
    actor: Actor, version: OfferVersion, resource: Resource, request: Mapping[str, Any], rrule: str
) -> tuple[Occurrence, ...]:
    check_request(MECHANISM.form(version), request)
    spans = repeated(wanted_span(resource, request), rrule, zone=resource.opening.zone)
    wanted, now = int(request.get("quantity", 1)), database_now()
    holding = [held_for(resource.rules, each) for each in spans]
    around = Span(holding[0].starts_at, max(each.ends_at for each in holding))
    units = [list(each) for each in taken([resource], around)[resource.id]]
    days = (local_day(resource, moment) for moment in (around.starts_at, around.ends_at))
    open_then = opened(resource, *days, now=now)
    found = []
    beside: dict[date, int] = {}
    for span, held in zip(spans, holding, strict=True):
        why: Text | None = None
        try:
            check_slot(resource.rules, span, open_then, zone=resource.opening.zone, now=now)
        except SlotRefused as refused:
            if refused.field != "starts_at":
                raise
            why = _why(resource, span, refused.text)
        if why is None:
            why = said_untrained(actor, resource, span, request)
        if why is None:
            mine = [unit for unit in units if not is_taken(unit, held)][:wanted]
            why = TAKEN if len(mine) < wanted else said_over(actor, resource, span, wanted, beside)
            for unit in mine if why is None else ():
                insort(unit, held)
        found.append(Occurrence(span, resource.opening.zone, why))
    return tuple(found)


def _why(resource: Resource, span: Span, said: Text) -> Text:
    off = resource.opening.holidays and local_day(resource, span.starts_at) in load_holidays().off
    return HOLIDAY if said == CLOSED and off else said
