"""A provider keeps goods in lots: what they are, what comes in, and what a count finds."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from staveworks.db.clock import database_today
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.queries import amounts_of
from staveworks.foundation.reservation.types import CapacityInUse, Kind
from staveworks.foundation.reservation.usecases.register_resource import (
    change_capacity,
    register_lot,
    register_resource,
)
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.models import Stock, StockEntry, StockLot
from staveworks.mechanisms.tasks.terms import clean
from staveworks.mechanisms.tasks.types.stock import (
    CountInUse,
    EntryKind,
    LotNumberTaken,
    StockInvalid,
    StockNotFound,
)

LONGEST_NAME, LONGEST_UNIT, LONGEST_NUMBER, LONGEST_REASON = 120, 20, 60, 400
MOST = 10**12
NO_QUANTITY = Text(zh="填大于 0 的整数。", en="A whole number above 0.")
NO_COUNT = Text(zh="填 0 或以上的整数。", en="A whole number, 0 or more.")
SAME = Text(zh="和账上一样，没有要更正的。", en="As it stands in the books: nothing to correct.")
LATE = Text(zh="不能晚于今天。", en="Not after today.")
SHORT = Text(zh="不能早于收货日。", en="Not before the day it came.")
TAKEN = Text(zh="已有同名的库存。", en="There is a stock of this name.")
WHY = Text(zh="请写明为什么更正。", en="Say why it is corrected.")


@use_case
def keep_stock(actor: Actor, *, name: Text, unit: Text) -> UUID:
    """The id by which an offer's terms name it. Raises ``RightMissing``, ``StockInvalid`` at ``name`` or ``unit``."""
    actor.require("offer.manage")
    said = {
        "name": _worded(name.zh, "name", LONGEST_NAME),
        "name_en": _worded(name.en, "name", LONGEST_NAME),
        "unit": _worded(unit.zh, "unit", LONGEST_UNIT),
        "unit_en": _worded(unit.en, "unit", LONGEST_UNIT),
    }
    resource = register_resource(actor, kind=Kind.STORE, capacity=1)
    try:
        with transaction.atomic():
            Stock.objects.create(resource_id=resource, org_id=actor.org, **said)
    except IntegrityError:
        raise StockInvalid(TAKEN, field="name") from None
    append_event(actor, "stock.kept", subject=resource)
    return resource


@use_case
def receive_lot(
    actor: Actor,
    *,
    stock_id: UUID,
    number: str,
    quantity: int,
    received_date: date | None = None,
    best_before: date | None = None,
) -> UUID:
    """The lot that came in (today, unless said otherwise); it is for sale at once, up to and including ``best_before``.

    Raises ``RightMissing``, ``StockNotFound``, ``StockInvalid``, ``LotNumberTaken``.
    """
    actor.require("line.serve")
    if not Stock.objects.filter(resource_id=stock_id, org_id=actor.org).exists():
        raise StockNotFound
    today = database_today()
    came, wording = received_date or today, _worded(number, "number", LONGEST_NUMBER)
    if not 0 < quantity <= MOST:
        raise StockInvalid(NO_QUANTITY, field="quantity")
    if came > today:
        raise StockInvalid(LATE, field="received_date")
    if best_before is not None and best_before < came:
        raise StockInvalid(SHORT, field="best_before")
    lot = register_lot(
        actor, store_id=stock_id, capacity=quantity, since_date=came, ends_at=_end_of(best_before)
    )
    try:
        with transaction.atomic():
            StockLot.objects.create(
                resource_id=lot,
                org_id=actor.org,
                stock_id=stock_id,
                number=wording,
                received_date=came,
                best_before=best_before,
            )
    except IntegrityError:
        raise LotNumberTaken(field="number") from None
    _enter(actor, lot, 1, EntryKind.RECEIVED, quantity)
    append_event(actor, "stock.received", subject=stock_id, lot=str(lot), quantity=quantity)
    return lot


@use_case
def correct_count(actor: Actor, *, lot_id: UUID, counted: int, reason: str) -> int:
    """By how much the books were wrong: ``counted`` is what lies on the shelf, with what is held or sold and not yet delivered.

    Raises ``RightMissing``, ``StockNotFound``, ``StockInvalid`` (at ``counted``, ``reason``), ``CountInUse``.
    """
    actor.require("line.serve")
    wording = clean(reason)[:LONGEST_REASON]
    if not wording:
        raise StockInvalid(WHY, field="reason")
    if not 0 <= counted <= MOST:
        raise StockInvalid(NO_COUNT, field="counted")
    lot = StockLot.objects.select_for_update().filter(resource_id=lot_id, org_id=actor.org).first()
    if lot is None:
        raise StockNotFound
    amounts = amounts_of(actor, [lot_id])[lot_id]
    change = counted - amounts.there
    if not change:
        raise StockInvalid(SAME, field="counted")
    try:
        change_capacity(actor, resource_id=lot_id, capacity=amounts.capacity + change)
    except CapacityInUse:
        raise CountInUse(amounts.held + amounts.committed) from None
    last = lot.entries.aggregate(last=Max("number"))["last"]
    _enter(actor, lot_id, last + 1, EntryKind.CORRECTED, change, wording)
    append_event(actor, "stock.corrected", subject=lot.stock_id, lot=str(lot_id), change=change)
    return change


def _enter(actor: Actor, lot: UUID, number: int, kind: EntryKind, change: int, reason: str = "") -> None:
    entry = StockEntry(
        org_id=actor.org,
        lot_id=lot,
        number=number,
        kind=kind,
        change=change,
        reason=reason,
        by_id=actor.person_id,
    )
    entry.save(force_insert=True)


def _end_of(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time())) if day else None


def _worded(said: str, field: str, most: int) -> str:
    wording = clean(said)
    if not wording or len(wording) > most:
        raise StockInvalid(field=field)
    return wording
