"""Make something bookable, and change how and when it is. What is booked already stays as it was agreed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.models import City
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.types import Kind as Scarce
from staveworks.foundation.reservation.usecases.register_resource import change_capacity, register_resource
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.domain.opening import document_of, opening_of
from staveworks.mechanisms.booking.models import Bookable
from staveworks.mechanisms.booking.types import (
    DAY,
    BookableKind,
    BookingRules,
    CityUnknown,
    KindUnknown,
    NameMissing,
    QuotaPeriod,
    ResourceNotFound,
    RulesInvalid,
    TrainingOfferUnknown,
)
from staveworks.trade.catalogue.queries import access_offer
from staveworks.trade.catalogue.types import OfferNotFound, OfferState
from staveworks.trade.orders.pricing import as_reader

GRID = Text(
    zh="要能整除一天，例如 15、30、60 分钟。", en="It divides a day: 15, 30 or 60 minutes, for example."
)
LENGTHS = Text(
    zh="是起止间隔的倍数，最短不长于最长。", en="A multiple of the grid, the shortest not above the longest."
)
AHEAD = Text(zh="最远要比提前量更远。", en="How far ahead must lie behind the notice.")
NO_PERIOD = Text(zh="选每周或每月。", en="A week or a month.")
NO_AMOUNT = Text(zh="不少于最短的一次。", en="No less than the shortest booking.")
NOT_NEEDED = Text(
    zh="先勾选“来的人要有培训证明”。", en="First say that whoever comes needs a training certificate."
)
KEPT = Text(zh="1 分钟到 7 天。", en="From 1 minute to 7 days.")
LONGEST_DAYS = 400
LONGEST_KEPT = 7 * DAY


@dataclass(frozen=True, slots=True)
class Details:
    """All that is said of a resource. ``opening``: a document as ``domain/opening.py`` reads it; lengths in minutes."""

    name: Text
    kind: str
    opening: Mapping[str, Any]
    grid: int = 30
    shortest: int = 60
    longest: int = 240
    before: int = 0
    after: int = 0
    notice_minutes: int = 0
    horizon_days: int = 60
    grace: int = 30
    quota_period: str = ""
    firm_minutes: int | None = None
    person_minutes: int | None = None
    keep_minutes: int = 120
    needs_training: bool = False
    training_offer: UUID | None = None
    place: str = ""
    city: str = ""
    zone: str = field(default="")


@use_case
def register_bookable(actor: Actor, *, details: Details, units: int = 1) -> UUID:
    """The id of the resource, with ``units`` alike.

    Raises ``RightMissing``, ``NameMissing``, ``KindUnknown``, ``CityUnknown``, ``OpeningInvalid``, ``RulesInvalid``,
    ``TrainingOfferUnknown``, ``CapacityInvalid``.
    """
    actor.require("offer.manage")
    columns = _columns(details)
    _check_training(actor, details)
    resource = register_resource(actor, kind=Scarce.EXCLUSIVE, capacity=units)
    Bookable.objects.bulk_create([Bookable(resource_id=resource, org_id=actor.org, **columns)])
    append_event(actor, "bookable.registered", subject=resource, kind=columns["kind"], units=units)
    return resource


@use_case
def change_bookable(actor: Actor, *, resource_id: UUID, details: Details, units: int) -> None:
    """Raises as ``register_bookable``, ``ResourceNotFound``, and ``CapacityInUse`` where a unit that would go is booked."""
    actor.require("offer.manage")
    columns = _columns(details)
    _check_training(actor, details)
    own = Bookable.objects.filter(resource_id=resource_id, org_id=actor.org)
    if not own.update(**columns, changed_at=Now()):
        raise ResourceNotFound
    change_capacity(actor, resource_id=resource_id, capacity=units)
    append_event(actor, "bookable.changed", subject=resource_id, units=units)


def _columns(said: Details) -> dict[str, Any]:
    if not said.name.zh.strip() or not said.name.en.strip():
        raise NameMissing(field="name_zh" if not said.name.zh.strip() else "name_en")
    if said.kind not in list(BookableKind):
        raise KindUnknown(field="kind")
    city = City.objects.filter(code=said.city).first() if said.city else None
    if said.city and city is None:
        raise CityUnknown(field="city")
    zone = said.zone or (city.zone if city else "Asia/Shanghai")
    _check_rules(said)
    _check_quota(said)
    return {
        "kind": said.kind,
        "name_zh": said.name.zh.strip()[:120],
        "name_en": said.name.en.strip()[:120],
        "place": said.place.strip()[:200],
        "city_id": said.city or None,
        "zone": zone,
        "opening": document_of(opening_of(said.opening, zone=zone)),
        "grid": said.grid,
        "shortest": said.shortest,
        "longest": said.longest,
        "before": said.before,
        "after": said.after,
        "notice_minutes": said.notice_minutes,
        "horizon_days": said.horizon_days,
        "grace": said.grace,
        "quota_period": said.quota_period,
        "firm_minutes": said.firm_minutes,
        "person_minutes": said.person_minutes,
        "keep_minutes": said.keep_minutes,
        "needs_training": said.needs_training,
        "training_offer_id": said.training_offer,
    }


def _check_training(actor: Actor, said: Details) -> None:
    """The training is a published offer of one's own, and named only where training is asked for."""
    if said.training_offer is None:
        return
    try:
        offer = access_offer(as_reader(actor), offer_id=said.training_offer)
    except OfferNotFound:
        raise TrainingOfferUnknown(field="training_offer") from None
    if not offer.own or offer.state is not OfferState.PUBLISHED:
        raise TrainingOfferUnknown(field="training_offer")
    if not said.needs_training:
        raise TrainingOfferUnknown(NOT_NEEDED, field="training_offer")


def _check_rules(said: Details) -> None:
    """Each at its field; ``BookingRules`` has the last word."""
    if not 0 < said.grid <= DAY or DAY % said.grid:
        raise RulesInvalid(GRID, field="grid")
    for name in ("shortest", "longest"):
        value = getattr(said, name)
        if value < said.grid or value % said.grid or value > LONGEST_DAYS * DAY:
            raise RulesInvalid(LENGTHS, field=name)
    if said.shortest > said.longest:
        raise RulesInvalid(LENGTHS, field="longest")
    for name in ("before", "after", "grace"):
        if not 0 <= getattr(said, name) <= DAY:
            raise RulesInvalid(GRID, field=name)
    if not 1 <= said.keep_minutes <= LONGEST_KEPT:
        raise RulesInvalid(KEPT, field="keep_minutes")
    if not 0 < said.horizon_days <= LONGEST_DAYS:
        raise RulesInvalid(AHEAD, field="horizon_days")
    if not 0 <= said.notice_minutes < said.horizon_days * DAY:
        raise RulesInvalid(AHEAD, field="notice_minutes")
    BookingRules(
        grid=said.grid,
        shortest=said.shortest,
        longest=said.longest,
        before=said.before,
        after=said.after,
        notice=timedelta(minutes=said.notice_minutes),
        horizon=timedelta(days=said.horizon_days),
    )


def _check_quota(said: Details) -> None:
    """A period with at least one amount of which somebody can book something, or neither."""
    amounts = {name: getattr(said, name) for name in ("firm_minutes", "person_minutes")}
    if said.quota_period and said.quota_period not in list(QuotaPeriod):
        raise RulesInvalid(NO_PERIOD, field="quota_period")
    if not said.quota_period and any(each is not None for each in amounts.values()):
        raise RulesInvalid(NO_PERIOD, field="quota_period")
    if said.quota_period and all(each is None for each in amounts.values()):
        raise RulesInvalid(NO_AMOUNT, field="firm_minutes")
    for name, each in amounts.items():
        if each is not None and not said.shortest <= each <= LONGEST_DAYS * DAY:
            raise RulesInvalid(NO_AMOUNT, field=name)
