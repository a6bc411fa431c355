"""库存: goods that a provider keeps in lots, receipts and counts; which lots a delivery came from."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Query
from pydantic import BeforeValidator, Field

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.shapes import In, Nothing, Out, Words
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.stock_queries import access_stock, delivered_lots, list_stocks
from staveworks.mechanisms.tasks.types.stock import Stock
from staveworks.mechanisms.tasks.usecases.keep_stock import MOST, correct_count, keep_stock, receive_lot
from staveworks.mechanisms.tasks.usecases.keep_weekly import change_weekly, keep_weekly
from staveworks.mechanisms.tasks.weekly_queries import list_weekly

router = Resource("stock")
weekly_router = Resource("stock")
lines_router = Resource("stock")
SERVE, MANAGE, READ = right("line.serve"), right("offer.manage"), right("order.read")
Reason = Annotated[str, Field(min_length=1, max_length=400)]
Changed = Annotated[Literal["received", "corrected"], BeforeValidator(str)]


class NameWords(In):
    """A wording in both languages."""

    zh: Annotated[str, Field(min_length=1, max_length=120)]
    en: Annotated[str, Field(min_length=1, max_length=120)]

    def text(self) -> Text:
        return Text(zh=self.zh, en=self.en)


class KeepStock(In):
    """``unit``: in what it is counted; offers are priced by the same."""

    name: NameWords
    unit: NameWords


class ReceiveLot(In):
    """``received_date``: today, unless it is said. ``best_before``: the last day on which it is sold."""

    number: Annotated[str, Field(min_length=1, max_length=60)]
    quantity: Annotated[int, Field(ge=1, le=MOST)]
    received_date: date | None = None
    best_before: date | None = None


class CorrectCount(In):
    """``counted``: what lies on the shelf, with what is sold and not delivered yet."""

    counted: Annotated[int, Field(ge=0, le=MOST)]
    reason: Reason


class KeepWeekly(In):
    """``units`` a week, of all offers together whose terms name it."""

    name: NameWords
    units: Annotated[int, Field(ge=1, le=1_000_000)]


class ChangeWeekly(In):
    units: Annotated[int, Field(ge=1, le=1_000_000)]


class WeeklyDone(Out):
    weekly: UUID


class WeekLoadOut(Out):
    """``name``: the ISO week, such as 2026-W50."""

    name: str
    monday: date
    units: int
    taken: int


class WeeklyOut(Out):
    """With the eight weeks from this one on."""

    id: UUID
    name: Words
    units: int
    weeks: list[WeekLoadOut]


class StockDone(Out):
    stock: UUID


class LotDone(Out):
    lot: UUID


class Corrected(Out):
    """By how much the books were wrong."""

    change: int


class StockEntryOut(Out):
    number: int
    kind: Changed
    change: int
    reason: str
    at: datetime


class StockLotOut(Out):
    """``there``: on the shelf, of which ``held`` and ``committed`` are spoken for and ``free`` is the rest."""

    id: UUID
    number: str
    received_date: date
    best_before: date | None
    there: int
    held: int
    committed: int
    free: int
    entries: list[StockEntryOut]


class StockOut(Out):
    """Lots in the order in which they are sold."""

    id: UUID
    name: Words
    unit: Words
    lots: list[StockLotOut]

    @classmethod
    def of(cls, stock: Stock) -> "StockOut":
        lots = [
            StockLotOut(
                id=lot.id,
                number=lot.number,
                received_date=lot.received_date,
                best_before=lot.best_before,
                there=lot.amounts.there,
                held=lot.amounts.held,
                committed=lot.amounts.committed,
                free=lot.amounts.free,
                entries=[StockEntryOut.model_validate(entry) for entry in lot.entries],
            )
            for lot in stock.lots
        ]
        return cls(id=stock.id, name=Words.of(stock.name), unit=Words.of(stock.unit), lots=lots)


class DeliveredLotOut(Out):
    """What the ``part``-th delivery of a line came from."""

    part: int
    lot: UUID
    number: str
    best_before: date | None
    quantity: int
    unit: Words


class DeliveredLots(Out):
    lots: list[DeliveredLotOut]


@router.read("", says=Text(zh="列出库存", en="List stock"), door=SERVE, answer=Page[StockOut])
def list_own_stock(request: Call, paging: Query[Paging]) -> Page[StockOut]:
    """What the organisation keeps, with its lots."""
    return page_of_all(
        sorted(list_stocks(request.auth), key=lambda stock: stock.id),
        paging=paging,
        listing="stock",
        key=lambda stock: (str(stock.id),),
        show=StockOut.of,
    )


@router.effect(
    "POST", "", says=Text(zh="登记库存", en="Keep a stock"), door=MANAGE, answer=StockDone, status=201
)
def keep_one_stock(request: Call, body: KeepStock) -> StockDone:
    """An offer names it in its terms: `{"kind": "stock", "stock": id}`."""
    return StockDone(stock=keep_stock(request.auth, name=body.name.text(), unit=body.unit.text()))


@router.read("/{uuid:stock}", says=Text(zh="看一项库存", en="Read a stock"), door=SERVE, answer=StockOut)
def read_one_stock(request: Call, stock: UUID) -> StockOut:
    """With every receipt and correction of its lots."""
    return StockOut.of(access_stock(request.auth, stock_id=stock))


@router.effect(
    "POST",
    "/{uuid:stock}/lots",
    says=Text(zh="收货", en="Receive a stock lot"),
    door=SERVE,
    answer=LotDone,
    status=201,
)
def receive_one_lot(request: Call, stock: UUID, body: ReceiveLot) -> LotDone:
    """It is for sale at once. Orders hold of the lot that keeps the shortest first, then of the oldest."""
    return LotDone(lot=receive_lot(request.auth, stock_id=stock, **body.model_dump()))


@router.effect(
    "POST",
    "/lots/{uuid:stock_lot}/corrections",
    says=Text(zh="更正数量", en="Correct a count"),
    door=SERVE,
    answer=Corrected,
    status=201,
)
def correct_one_count(request: Call, stock_lot: UUID, body: CorrectCount) -> Corrected:
    """Beside what stood before, with the reason. What is held or sold can't be counted away."""
    return Corrected(
        change=correct_count(request.auth, lot_id=stock_lot, counted=body.counted, reason=body.reason)
    )


@weekly_router.read(
    "", says=Text(zh="列出每周产能", en="List weekly capacity"), door=SERVE, answer=Page[WeeklyOut]
)
def list_weekly_capacity(request: Call, paging: Query[Paging]) -> Page[WeeklyOut]:
    """How many units a week, and how many of them are taken."""
    return page_of_all(
        sorted(list_weekly(request.auth), key=lambda weekly: weekly.id),
        paging=paging,
        listing="weekly",
        key=lambda weekly: (str(weekly.id),),
        show=WeeklyOut.model_validate,
    )


@weekly_router.effect(
    "POST",
    "",
    says=Text(zh="登记每周产能", en="Keep a weekly capacity"),
    door=MANAGE,
    answer=WeeklyDone,
    status=201,
)
def keep_one_weekly(request: Call, body: KeepWeekly) -> WeeklyDone:
    """An offer names it in its terms: `{"weekly": id}`. An order asks for a `week` (`2026-W50`) or gets the first with room."""
    return WeeklyDone(weekly=keep_weekly(request.auth, name=body.name.text(), units=body.units))


@weekly_router.effect(
    "PUT",
    "/{uuid:weekly}",
    says=Text(zh="改每周产能", en="Change a weekly capacity"),
    door=MANAGE,
    answer=Nothing,
)
def change_one_weekly(request: Call, weekly: UUID, body: ChangeWeekly) -> Nothing:
    """In every week to come; less than is sold in one of them is refused."""
    change_weekly(request.auth, weekly_id=weekly, units=body.units)
    return Nothing()


@lines_router.read(
    "/{uuid:line}/lots",
    says=Text(zh="看交付的批次", en="Read the lots delivered"),
    door=READ,
    answer=DeliveredLots,
)
def read_delivered_lots(request: Call, line: UUID) -> DeliveredLots:
    """For its buyer and its provider; none where the goods didn't come from stock."""
    return DeliveredLots(
        lots=[
            DeliveredLotOut(
                part=each.part,
                lot=each.lot_id,
                number=each.number,
                best_before=each.best_before,
                quantity=each.quantity,
                unit=Words.of(each.unit),
            )
            for each in delivered_lots(request.auth, line_id=line)
        ]
    )
