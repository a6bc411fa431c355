"""Booking behind the catalogue's port: what a buyer is asked, what a time costs, what is held for it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from staveworks.db.clock import database_now
from staveworks.foundation.reservation.types import Ask
from staveworks.kit.errors import Invalid
from staveworks.kit.spans import Span, on_calendar
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.domain.pricing import ONE, steps_by_window
from staveworks.mechanisms.booking.domain.slots import check_slot, held_for
from staveworks.mechanisms.booking.free import first_free, local_day, opened
from staveworks.mechanisms.booking.models import Bookable
from staveworks.mechanisms.booking.quotas import check_quota
from staveworks.mechanisms.booking.rows import resources_of
from staveworks.mechanisms.booking.terms_form import terms_form
from staveworks.mechanisms.booking.training import COMES, SHAPE, check_trained
from staveworks.mechanisms.booking.types import Hours, Resource, SlotRefused
from staveworks.mechanisms.booking.windows import windows_of
from staveworks.trade.catalogue.domain import charges_for, share_of
from staveworks.trade.catalogue.forms import closed_form, own_fields, own_needed
from staveworks.trade.catalogue.mechanisms import Buyer, PricePart, Quote, Told, Wanted, told
from staveworks.trade.catalogue.quoting import priced_unit
from staveworks.trade.catalogue.requests import RequestInvalid, check_request
from staveworks.trade.catalogue.types import NotServed, OfferVersion, Price, TimePrice

__all__ = ["MECHANISM", "Hours"]

NO_RESOURCE = Text(zh="先登记资源，再选它。", en="Register the resource first, then choose it.")
NO_ENTRY = Text(zh="这种交付方式没有这一项。", en="This way of delivery has no such entry.")
NO_MOMENT = Text(zh="写成 2026-12-01T09:00。", en="Written 2026-12-01T09:00.")
MUCH = Text(zh="只有 {units} 个。", en="There are only {units}.")


class Booking:
    """A resource for a time. ``terms``: ``{"resource": id, "windows": [{"days", "from", "to", "ratio"}]}``."""

    code = "booking"
    name = Text(zh="预约", en="Booking")
    has_calendar = True
    its_fields = ("starts_at", "minutes", "quantity", COMES, "note")

    def terms_form(self, *, provider: UUID) -> Mapping[str, Any]:
        """Which of the provider's resources, and when it is dearer or cheaper."""
        found = Bookable.objects.filter(org_id=provider).order_by("name_zh", "resource_id")
        return terms_form([each for each in resources_of(found) if not each.withdrawn])

    def check_terms(self, terms: Mapping[str, Any], *, provider: UUID, price: Price) -> None:
        for key in terms:
            if key not in ("resource", "windows"):
                raise Invalid(NO_ENTRY, field=key)
        resource = find_resource(terms)
        if resource is None or resource.org_id != provider or resource.withdrawn:
            raise Invalid(NO_RESOURCE, field="resource")
        windows_of(terms)

    def form(self, version: OfferVersion) -> Mapping[str, Any]:
        """The time; how long, where that is to choose; how many, where there is more than one; the offer's own questions."""
        return _form(version, find_resource(version.content.terms or {}))

    def asks(self, version: OfferVersion) -> bool:
        """Always for the time; the resource needn't be looked up for that."""
        return True

    def quote(
        self, version: OfferVersion, request: Mapping[str, Any], *, buyer: Buyer, at: datetime
    ) -> Quote:
        resource = find_resource(version.content.terms or {})
        return _quote(version, resource, _form(version, resource), request, buyer, at)

    def quote_many(
        self, version: OfferVersion, wanted: Sequence[Wanted], *, buyer: Buyer, at: datetime
    ) -> list[Told]:
        """The resource and the form are looked up once."""
        resource = find_resource(version.content.terms or {})
        form = _form(version, resource)
        return [
            told(_quote, version, resource, form, request, replace(buyer, line_id=line), at)
            for request, line in wanted
        ]

    def next_free(self, versions: Sequence[OfferVersion]) -> Mapping[UUID, datetime | None]:
        named = {each.offer_id: resource_id_of(each.content.terms or {}) for each in versions}
        rows = Bookable.objects.filter(resource_id__in=[each for each in named.values() if each])
        now, found = database_now(), {each.id: each for each in resources_of(rows)}
        soonest = {id_: None if each.withdrawn else first_free(each, now=now) for id_, each in found.items()}
        return {offer: soonest[id_] for offer, id_ in named.items() if id_ in soonest}


_STARTS = {"type": "string", "format": "date-time", "x-zh": "开始时间", "x-en": "From"}
_NOTE = {"type": "string", "maxLength": 1000, "x-zh": "说明", "x-en": "Note"}


def _form(version: OfferVersion, resource: Resource | None) -> Mapping[str, Any]:
    asked: dict[str, Any] = {"starts_at": _STARTS}
    if resource and not resource.rules.one_length:
        asked["minutes"] = _minutes(resource)
    if resource and resource.units > 1:
        asked["quantity"] = {
            "type": "integer", "minimum": 1, "maximum": resource.units, "default": 1,
            "x-zh": "数量", "x-en": "How many",
        }  # fmt: skip
    if resource and resource.training:
        asked[COMES] = dict(SHAPE)
    own = version.content.form
    asked |= own_fields(own, its_fields=Booking.its_fields) | {"note": _NOTE}
    needed = ["starts_at", *own_needed(own, its_fields=Booking.its_fields)]
    return closed_form(asked, needed)


def _quote(
    version: OfferVersion,
    resource: Resource | None,
    form: Mapping[str, Any],
    request: Mapping[str, Any],
    buyer: Buyer,
    at: datetime,
) -> Quote:
    if resource is None or resource.training is None:  # its owner asks no more who comes
        request = {name: value for name, value in request.items() if name != COMES}
    check_request(form, request)
    if resource is None:
        raise RequestInvalid(NO_RESOURCE, field="starts_at")
    wanted = wanted_span(resource, request)
    days = [local_day(resource, moment) for moment in (wanted.starts_at, wanted.ends_at)]
    check_slot(resource.rules, wanted, opened(resource, *days, now=at), zone=resource.opening.zone, now=at)
    units = int(request.get("quantity", 1))
    if units > resource.units:
        raise SlotRefused(MUCH.format(units=resource.units), field="quantity")
    check_trained(buyer.actor, resource, wanted, request)
    check_quota(buyer.actor, resource, wanted, units, instead_of=buyer.line_id)
    parts = _parts(version, resource, wanted, units, buyer)
    return Quote(
        parts=parts,
        price_fen=sum(part.amount_fen for part in parts),
        asks=(Ask(resource.id, units, held_for(resource.rules, wanted)),),
        cancellation=version.content.cancellation,
        lead_time_days=version.content.lead_time_days,
        starts_at=wanted.starts_at,
        due_at=wanted.ends_at,
    )


def _minutes(resource: Resource) -> dict[str, Any]:
    rules = resource.rules
    said = {
        "type": "integer", "default": rules.shortest, "x-zh": "时长", "x-en": "How long",
        "x-unit-zh": "分钟", "x-unit-en": "minutes",
    }  # fmt: skip
    return said | {"minimum": rules.shortest, "maximum": rules.longest}


def wanted_span(resource: Resource, request: Mapping[str, Any]) -> Span:
    """What a request asks for; a time without a zone is the resource's. Raises ``RequestInvalid``, ``SlotRefused``."""
    try:
        starts_at = datetime.fromisoformat(str(request["starts_at"]))
    except ValueError:
        raise RequestInvalid(NO_MOMENT, field="starts_at") from None
    if not on_calendar(starts_at):
        raise RequestInvalid(NO_MOMENT, field="starts_at")
    if starts_at.tzinfo is None:
        starts_at = starts_at.replace(tzinfo=ZoneInfo(resource.opening.zone))
    starts_at = starts_at.astimezone(ZoneInfo("UTC"))
    return Span(
        starts_at, starts_at + timedelta(minutes=int(request.get("minutes", resource.rules.shortest)))
    )


def _parts(
    version: OfferVersion, resource: Resource, wanted: Span, units: int, buyer: Buyer
) -> tuple[PricePart, ...]:
    """By time: so many steps of each window, for each unit. Otherwise the price for so many."""
    content, price = version.content, version.content.price
    ratio = content.ratio_for(buyer.group)
    if ratio is None:
        raise NotServed
    if not isinstance(price, TimePrice):
        charges = charges_for(price, Decimal(units), ratio)
        unit = priced_unit(price)
        rows = [PricePart(content.title, c.quantity, c.unit_price_fen, c.amount_fen, unit) for c in charges]
        return tuple(rows if price.kind != "fixed" else (_times(row, units) for row in rows))
    steps = steps_by_window(
        wanted,
        step_minutes=price.step_minutes,
        minimum_minutes=price.minimum_minutes,
        windows=windows_of(content.terms or {}),
        zone=resource.opening.zone,
    )
    parts = []
    for each in steps:
        fen = share_of(price.step_price_fen, ratio * each.ratio)
        label = content.title if each.ratio == ONE else _at_ratio(content.title, each.ratio)
        parts.append(
            PricePart(label, Decimal(each.count * units), fen, fen * each.count * units, priced_unit(price))
        )
    return tuple(parts)


def _times(row: PricePart, units: int) -> PricePart:
    return PricePart(row.label, Decimal(units), row.unit_price_fen, row.unit_price_fen * units)


def _at_ratio(title: Text, ratio: Decimal) -> Text:
    said = f"{ratio.normalize():f}"
    return Text(zh=f"{title.zh} · 时段价 ×{said}", en=f"{title.en} · at ×{said}")


def resource_of(version: OfferVersion) -> Resource | None:
    """What is booked by an offer; None: it names nothing that there is."""
    return find_resource(version.content.terms or {})


def find_resource(terms: Mapping[str, Any]) -> Resource | None:
    """What an offer's terms lend."""
    id_ = resource_id_of(terms)
    found = resources_of(Bookable.objects.filter(resource_id=id_)) if id_ else []
    return found[0] if found else None


def resource_id_of(terms: Mapping[str, Any]) -> UUID | None:
    try:
        return UUID(str(terms.get("resource", "")))
    except ValueError:
        return None


MECHANISM = Booking()
