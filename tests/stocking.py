"""A mill for tests: 陆纱's, which sells yarn by the kilogram from stock in lots.

>>> mill = make_mill()
>>> mill.receive("2611-07", 500)
>>> mill.place(world.lin, 120)       # the line, placed
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from staveworks.foundation.parties.types import Actor, Role
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.stock_queries import access_stock
from staveworks.mechanisms.tasks.types.stock import Stock
from staveworks.mechanisms.tasks.usecases.keep_stock import keep_stock, receive_lot
from staveworks.mechanisms.tasks.usecases.keep_weekly import keep_weekly
from staveworks.trade.catalogue.types import OfferVersion
from staveworks.trade.orders.usecases.fill_order import add_line
from staveworks.trade.orders.usecases.hold_order import hold_order
from staveworks.trade.orders.usecases.place_order import place_order
from tests.trading import publish
from tests.world import join, make_firm, make_person

PER_KILOGRAM: dict[str, Any] = {
    "kind": "per_unit",
    "unit": {"zh": "公斤", "en": "kg"},
    "unit_price_fen": 20,
    "minimum": "1",
    "step": "1",
}


@dataclass(frozen=True, slots=True)
class Mill:
    """陆纱 owns it; a kilogram of her yarn costs ¥0.20."""

    lu: Actor
    stock: UUID
    yarn: OfferVersion

    def receive(
        self,
        number: str,
        quantity: int,
        *,
        received_date: date | None = None,
        best_before: date | None = None,
    ) -> UUID:
        return receive_lot(
            self.lu,
            stock_id=self.stock,
            number=number,
            quantity=quantity,
            received_date=received_date,
            best_before=best_before,
        )

    def place(self, buyer: Actor, quantity: int | str) -> UUID:
        """The line, placed."""
        added = add_line(buyer, version_id=self.yarn.id, request={"quantity": quantity})
        hold_order(buyer, order_id=added.order_id)
        place_order(buyer, order_id=added.order_id)
        return added.line_id

    def see(self) -> Stock:
        return access_stock(self.lu, stock_id=self.stock)

    def amounts(self) -> dict[str, tuple[int, int]]:
        """By lot number: what is there, what is free."""
        return {lot.number: (lot.amounts.there, lot.amounts.free) for lot in self.see().lots}


def make_mill(owner: Actor | None = None) -> Mill:
    lu = owner or join(make_person("陆纱"), make_firm("盛泽纱厂"), Role.OWNER)
    stock = keep_stock(
        lu,
        name=Text(zh="精梳棉纱 40 支", en="Combed cotton yarn, 40s"),
        unit=Text(zh="公斤", en="kg"),
    )
    terms = {"kind": "stock", "stock": str(stock)}
    return Mill(lu, stock, publish(lu, mechanism="task", terms=terms, price=PER_KILOGRAM))


def stock_things(owner: Actor) -> dict[str, str]:
    """Yarn that the owner keeps, a lot of it, what its laboratory takes a week, by the parameters of addresses."""
    mill = make_mill(owner)
    weekly = keep_weekly(owner, name=Text(zh="检测组", en="Laboratory"), units=20)
    return {
        "stock": str(mill.stock),
        "stock_lot": str(mill.receive("2611-07", 500)),
        "weekly": str(weekly),
    }
