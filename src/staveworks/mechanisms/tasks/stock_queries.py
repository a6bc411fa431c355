"""Reads of stock: what the provider keeps, lot by lot; which lots a delivered line came from."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet

from staveworks.db.transaction import query
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.queries import amounts_of
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.models import Stock, StockEntry, StockLot
from staveworks.mechanisms.tasks.types.stock import DeliveredLot, EntryKind, StockNotFound
from staveworks.mechanisms.tasks.types.stock import Stock as StockSeen
from staveworks.mechanisms.tasks.types.stock import StockEntry as EntrySeen
from staveworks.mechanisms.tasks.types.stock import StockLot as LotSeen
from staveworks.trade.orders.queries import access_line


@query
def list_stocks(actor: Actor) -> list[StockSeen]:
    """What the organisation keeps, by name. Raises ``RightMissing``."""
    actor.require("line.serve")
    return _seen(actor, Stock.objects.filter(org_id=actor.org).order_by("name"))


@query
def access_stock(actor: Actor, *, stock_id: UUID) -> StockSeen:
    """Raises ``RightMissing``, ``StockNotFound``."""
    actor.require("line.serve")
    found = _seen(actor, Stock.objects.filter(resource_id=stock_id, org_id=actor.org))
    if not found:
        raise StockNotFound
    return found[0]


@query
def delivered_lots(actor: Actor, *, line_id: UUID) -> list[DeliveredLot]:
    """Which lots the parts of a line came from, for its buyer and its provider; of other goods none.

    Raises ``RightMissing``, ``LineNotFound``.
    """
    line = access_line(actor, line_id=line_id)
    used = [(part.number, each) for part in line.parts for each in part.used]
    found = StockLot.objects.filter(resource_id__in=[each.resource_id for _, each in used])
    lots = {row.resource_id: row for row in found.select_related("stock")}
    return [
        DeliveredLot(
            number,
            each.resource_id,
            lots[each.resource_id].number,
            lots[each.resource_id].best_before,
            each.quantity,
            _unit(lots[each.resource_id].stock),
        )
        for number, each in used
        if each.resource_id in lots
    ]


def _seen(actor: Actor, rows: QuerySet[Stock]) -> list[StockSeen]:
    entries = Prefetch("entries", StockEntry.objects.order_by("number"))
    lots = StockLot.objects.order_by(F("best_before").asc(nulls_last=True), "received_date", "resource_id")
    found = list(rows.prefetch_related(Prefetch("lots", lots.prefetch_related(entries))))
    amounts = amounts_of(actor, [lot.resource_id for row in found for lot in row.lots.all()])
    return [
        StockSeen(
            row.resource_id,
            Text(zh=row.name, en=row.name_en),
            _unit(row),
            tuple(
                LotSeen(
                    lot.resource_id,
                    lot.number,
                    lot.received_date,
                    lot.best_before,
                    amounts[lot.resource_id],
                    tuple(_entries(lot.entries.all())),
                )
                for lot in row.lots.all()
            ),
        )
        for row in found
    ]


def _entries(rows: Iterable[StockEntry]) -> Iterable[EntrySeen]:
    return (
        EntrySeen(row.number, EntryKind(row.kind), row.change, row.reason, row.by_id, row.at) for row in rows
    )


def _unit(row: Stock) -> Text:
    return Text(zh=row.unit, en=row.unit_en)
