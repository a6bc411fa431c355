"""Join the waiting list of what an offer lends, while nothing in the window is free: any time in it will do. Or leave it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from staveworks.db.clock import database_now
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError
from staveworks.kit.ids import new_id
from staveworks.kit.spans import Span, on_calendar
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.domain.slots import check_length
from staveworks.mechanisms.booking.mechanism import MECHANISM, MUCH, find_resource
from staveworks.mechanisms.booking.models import Wish as Row
from staveworks.mechanisms.booking.training import check_trained
from staveworks.mechanisms.booking.types import (
    NothingKept,
    NoWaitingList,
    Resource,
    SlotRefused,
    TimeFree,
    WaitsAlready,
    WindowInvalid,
    WishNotFound,
    WishState,
)
from staveworks.mechanisms.booking.waiting_list import request_at, times_for
from staveworks.trade.catalogue.queries import access_offer, buyer_for, quote_version
from staveworks.trade.catalogue.requests import check_request
from staveworks.trade.catalogue.types import NotServed, OfferNotPublished, OfferState, OfferVersion
from staveworks.trade.orders.pricing import as_reader
from staveworks.trade.orders.types import OwnOffer

LONGEST = timedelta(days=92)
TRIES = 5
"""What the calendar calls free an offer may refuse, above a quota say."""
PAST = Text(zh="这段时间已经过去，或太近来不及。", en="That is over, or too soon to be booked.")
NARROW = Text(zh="要比开始晚，至少放得下一次预约。", en="Later than the beginning by at least one booking.")
WIDE = Text(zh="最长 92 天。", en="At most 92 days.")


@use_case
def make_wish(
    actor: Actor,
    *,
    offer_id: UUID,
    request: Mapping[str, Any],
    earliest_at: datetime,
    latest_at: datetime,
) -> UUID:
    """The id of the place in the list. ``request``: answers to the offer's form, but when.

    Raises ``RightMissing``, ``OfferNotFound``, ``OfferNotPublished``, ``OwnOffer``, ``NotServed``, ``NoWaitingList``, ``WindowInvalid``,
    ``SlotRefused``, ``RequestInvalid``, ``Untrained`` (for the whole window), ``TimeFree``,
    ``WaitsAlready``.
    """
    actor.require("order.place")
    offer = access_offer(as_reader(actor), offer_id=offer_id)
    version = offer.version
    if version is None or offer.state is not OfferState.PUBLISHED:
        raise OfferNotPublished
    if version.provider_org == actor.org:
        raise OwnOffer
    resource = find_resource(version.content.terms or {})
    if version.content.mechanism != MECHANISM.code or resource is None or resource.withdrawn:
        raise NoWaitingList
    if version.content.ratio_for(buyer_for(as_reader(actor), version).group) is None:
        raise NotServed
    asked = {name: value for name, value in request.items() if name != "starts_at"}
    check_request(MECHANISM.form(version), {**asked, "starts_at": earliest_at.isoformat()})
    minutes, units = int(asked.get("minutes", resource.rules.shortest)), int(asked.get("quantity", 1))
    if units > resource.units:
        raise SlotRefused(MUCH.format(units=resource.units), field="quantity")
    check_length(resource.rules, minutes)
    earliest_at = _check_window(resource, earliest_at, latest_at, timedelta(minutes=minutes))
    check_trained(actor, resource, Span(earliest_at, latest_at), asked)
    row = Row(
        id=new_id(),
        resource_id=resource.id,
        provider_org_id=version.provider_org,
        buyer_org_id=actor.org,
        offer_id=offer_id,
        request=asked,
        units=units,
        minutes=minutes,
        earliest_at=earliest_at,
        latest_at=latest_at,
        made_by_id=actor.person_id,
    )
    _check_nothing_free(actor, row, resource, version)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise WaitsAlready from None
    append_event(actor, "wish.made", subject=row.id, resource=resource.id)
    return row.id


@use_case
def leave_list(actor: Actor, *, wish_id: UUID) -> None:
    """Raises ``RightMissing``, ``WishNotFound``, ``NothingKept`` (a time is kept, which is declined; or it is over)."""
    actor.require("order.place")
    own = Row.objects.filter(id=wish_id, buyer_org_id=actor.org)
    if not own.exists():
        raise WishNotFound
    if not own.filter(state=WishState.WAITING).update(state=WishState.LEFT):
        raise NothingKept
    append_event(actor, "wish.left", subject=wish_id)


def _check_window(resource: Resource, earliest: datetime, latest: datetime, length: timedelta) -> datetime:
    """From when on: not from the past."""
    now = database_now()
    if not on_calendar(earliest):
        too_far = FAR.format(days=resource.rules.horizon.days)
        raise WindowInvalid(PAST if earliest < now else too_far, field="earliest_at")
    if latest < earliest + length:
        raise WindowInvalid(NARROW, field="latest_at")
    if latest - earliest > LONGEST:
        raise WindowInvalid(WIDE, field="latest_at")
    if latest < now + resource.rules.notice + length:
        raise WindowInvalid(PAST, field="latest_at")
    if earliest > now + resource.rules.horizon:
        raise WindowInvalid(FAR.format(days=resource.rules.horizon.days), field="earliest_at")
    return max(earliest, now)


def _check_nothing_free(actor: Actor, row: Row, resource: Resource, version: OfferVersion) -> None:
    """A time that she could book now is for booking: kept from the list it would block the provider at no cost."""
    for _, slot in zip(range(TRIES), times_for(row, resource, now=database_now()), strict=False):
        request = request_at(row, slot.starts_at)
        try:
            quote_version(as_reader(actor), version_id=version.id, request=request)
        except StaveworksError:
            continue
        raise TimeFree(row.offer_id, slot.starts_at, request, zone=resource.opening.zone)


FAR = Text(zh="最远可约 {days} 天以后。", en="It can be booked at most {days} days ahead.")
