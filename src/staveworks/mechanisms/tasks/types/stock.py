"""Goods from stock: lots, their entries, and what a delivered part came from."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from staveworks.foundation.reservation.types import Amounts
from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.text import Text


class EntryKind(StrEnum):
    """Why the amount of a stock lot changed."""

    RECEIVED = "received"
    CORRECTED = "corrected"

    @property
    def text(self) -> Text:
        return ENTRY_TEXTS[self]


ENTRY_TEXTS = {
    EntryKind.RECEIVED: Text(zh="收货", en="Received"),
    EntryKind.CORRECTED: Text(zh="盘点更正", en="Count corrected"),
}


@dataclass(frozen=True, slots=True)
class StockEntry:
    """One line of a lot's record, append-only: by how much it changed, and why."""

    number: int
    kind: EntryKind
    change: int
    reason: str
    by: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class StockLot:
    """Goods of one receipt. ``there``: on the shelf, of which ``held`` and ``committed`` are spoken for. ``best_before``: the last
    day on which it is sold."""

    id: UUID
    number: str
    received_date: date
    best_before: date | None
    amounts: Amounts
    entries: tuple[StockEntry, ...]

    def lapsed(self, today: date) -> bool:
        return self.best_before is not None and self.best_before < today


@dataclass(frozen=True, slots=True)
class Stock:
    """A good that a provider keeps, with its lots in the order in which they are sold."""

    id: UUID
    name: Text
    unit: Text
    lots: tuple[StockLot, ...]

    def total(self, what: str, today: date) -> int:
        """``there``, ``held``, ``committed``, ``free`` over its lots; free only of those that may still be sold."""
        lots = (lot for lot in self.lots if what != "free" or not lot.lapsed(today))
        return sum(getattr(lot.amounts, what) for lot in lots)


@dataclass(frozen=True, slots=True)
class DeliveredLot:
    """What a part of a line came from."""

    part: int
    lot_id: UUID
    number: str
    best_before: date | None
    quantity: int
    unit: Text


class TooLittleLeft(Refused):
    """``left``: how much could be had."""

    def __init__(self, left: int, unit: Text) -> None:
        super().__init__(
            Text(
                zh=f"库存不够，还剩 {left} {unit.zh}。" if left else "库存卖完了。",
                en=f"Too little in stock: {left} {unit.en} left." if left else "Out of stock.",
            ),
            field="quantity",
        )
        self.left = left


class StockNotFound(NotFound):
    text = Text(zh="没有这项库存，或不归您管。", en="No such stock, or it isn't yours.")


class StockInvalid(Invalid):
    text = Text(zh="请填写。", en="Fill this in.")


class LotNumberTaken(Refused):
    text = Text(zh="这个批号已经登记过。", en="This lot number is recorded already.")


class CountInUse(Refused):
    """``spoken``: held or committed of the lot, which can't be counted away."""

    def __init__(self, spoken: int) -> None:
        super().__init__(
            Text(
                zh=f"其中 {spoken} 已被占住或已订出，不能更正到更少。先取消那些订单。",
                en=f"{spoken} of it is held or sold: it can't be less. Take those orders off first.",
            ),
            field="counted",
        )
