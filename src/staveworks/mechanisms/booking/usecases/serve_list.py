"""Serve a waiting list: what is free is kept for the first in line whose wish it fits, by a hold of the kernel that ends by itself.

Run after whatever may have freed a time, and every so often, since an expired hold is nobody's act. Again: nothing more happens.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import Error, IntegrityError, OperationalError, transaction
from psycopg import Error as PsycopgError

from staveworks.db.clock import database_now
from staveworks.db.transaction import acting, use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.queries import list_reservations
from staveworks.foundation.reservation.types import NotFree
from staveworks.foundation.reservation.types import State as Held
from staveworks.foundation.reservation.usecases.hold import hold
from staveworks.foundation.reservation.usecases.release import release
from staveworks.kit.errors import StaveworksError
from staveworks.kit.ids import new_id
from staveworks.mechanisms.booking.models import Bookable
from staveworks.mechanisms.booking.models import Wish as Row
from staveworks.mechanisms.booking.rows import resources_of
from staveworks.mechanisms.booking.types import OPEN_WISHES, Resource, WishState
from staveworks.mechanisms.booking.waiting_list import in_line, lock_list, request_at, times_for
from staveworks.trade.catalogue.queries import access_offer, quote_version
from staveworks.trade.catalogue.types import OfferNotPublished, OfferState
from staveworks.trade.orders.queries import states_of
from staveworks.trade.orders.usecases.end_line import CANCELLABLE

log = logging.getLogger("staveworks.booking")
LEAST = timedelta(minutes=1)
TRIES = 5
"""Somebody may order a time between looking and holding; and what the calendar calls free an offer may refuse."""


@use_case
def serve_list(actor: Actor, *, resource_id: UUID) -> int:
    """For the provider: how many wishes moved. Those whose time is over or was lost to a closing move first."""
    wishes = Row.objects.filter(resource_id=resource_id, provider_org_id=actor.org, state__in=OPEN_WISHES)
    if not wishes.exists():
        return 0
    lock_list(resource_id)
    (resource,) = resources_of(Bookable.objects.filter(resource_id=resource_id))
    moved = sum(_served(row, _end_kept) for row in in_line(wishes.filter(state=WishState.KEPT)))
    for row in in_line(wishes.filter(state=WishState.WAITING)):
        moved += _served(row, lambda each: _serve(each, resource))
    return moved


def _served(row: Row, serve: Callable[[Row], int]) -> int:
    """One that can't be served doesn't hold up those behind it. (A conflict does: then the whole list is served again.)"""
    try:
        with transaction.atomic():
            return serve(row)
    except OperationalError:
        raise
    except (Error, StaveworksError, ArithmeticError, LookupError, ValueError):
        log.exception("wish %s can't be served", row.id)
        return 0


def _serve(row: Row, resource: Resource) -> int:
    now = database_now()
    if row.latest_at <= now + resource.rules.notice or not _still_to_move(row):
        return _move(row, WishState.WAITING, WishState.OVER, "wish.over")
    return 0 if resource.withdrawn else _keep_first(row, resource, now)


def _end_kept(row: Row) -> int:
    """What the kernel doesn't hold any more isn't kept: its time is over, or a closing took it and she waits on, where she was. Of
    several units one that was taken ends it for all."""
    held = {each.state for each in list_reservations(_buyer(row), chain_id=row.chain_id)}
    if Held.EXPIRED in held:
        return _move(row, WishState.KEPT, WishState.LAPSED, "wish.lapsed")
    if Held.RELEASED in held:
        if Held.HELD in held:
            with _as_buyer(row) as buyer:
                release(buyer, chain_id=row.chain_id, reason="displaced")
        lost = {"chain_id": None, "line_id": None, "starts_at": None, "kept_until": None}
        return _move(row, WishState.KEPT, WishState.WAITING, "wish.displaced", **lost)
    return 0


def _still_to_move(row: Row) -> bool:
    """Whether there still is the booking that is to be moved, if it is about one."""
    if row.moves_id is None:
        return True
    return states_of(_buyer(row), line_ids=[row.moves_id]).get(row.moves_id) in CANCELLABLE


def _keep_first(row: Row, resource: Resource, now: datetime) -> int:
    for tried, slot in enumerate(times_for(row, resource, now=now)):
        if tried == TRIES:
            break
        ttl = min(resource.keep, slot.starts_at - resource.rules.notice - now)
        if ttl >= LEAST and _kept(row, slot.starts_at, ttl):
            return 1
    return 0


def _kept(row: Row, starts_at: datetime, ttl: timedelta) -> bool:
    """Whether it could be held. In the buyer's name: nobody holds in another's. Hold and place in the list move together."""
    buyer, line = _buyer(row), new_id()
    try:
        with acting(org=buyer.org, person=buyer.person_id):
            offer = access_offer(buyer, offer_id=row.offer_id)
            if offer.version is None or offer.state is not OfferState.PUBLISHED:
                raise OfferNotPublished
            asked = request_at(row, starts_at)
            quote = quote_version(buyer, version_id=offer.version.id, request=asked, line_id=row.moves_id)
            if any(ask.resource_id != row.resource_id for ask in quote.asks):  # it lends another one by now
                raise NotFree(())
            chain = hold(buyer, {line: quote.asks}, ttl=ttl)
            said = {
                "chain_id": chain.id,
                "line_id": line,
                "starts_at": starts_at,
                "kept_until": chain.expires_at,
            }
            if not _move(row, WishState.WAITING, WishState.KEPT, "wish.kept", **said):
                raise NotFree(())
    except StaveworksError:  # taken since, or an offer that wouldn't sell it to her now; she stays in line
        return False
    except IntegrityError as error:
        if not _above_quota(error):
            raise
        return False  # what her firm holds by now leaves no room for it; she stays in line
    return True


def _above_quota(error: IntegrityError) -> bool:
    cause = error.__cause__
    return isinstance(cause, PsycopgError) and cause.diag.constraint_name == "booking_quota"


def _move(row: Row, was: WishState, becomes: WishState, event: str, **values: object) -> int:
    with _as_buyer(row) as buyer:
        if not Row.objects.filter(id=row.id, state=was).update(state=becomes, **values):
            return 0
        append_event(buyer, event, subject=row.id, resource=row.resource_id)
        return 1


@contextmanager
def _as_buyer(row: Row) -> Iterator[Actor]:
    buyer = _buyer(row)
    with acting(org=buyer.org, person=buyer.person_id):
        yield buyer


def _buyer(row: Row) -> Actor:
    return operator_service_for(row.buyer_org_id)
