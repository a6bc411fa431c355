"""Goods from stock behind the catalogue's port: what an offer may name, what is held for so many units, what is left."""

from decimal import Decimal
from uuid import UUID

from staveworks.foundation.reservation.queries import inquire, list_held
from staveworks.foundation.reservation.types import Ask
from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.models import Stock
from staveworks.mechanisms.tasks.terms import NO_STOCK, StockTerms
from staveworks.mechanisms.tasks.types.stock import TooLittleLeft
from staveworks.trade.catalogue.mechanisms import Buyer
from staveworks.trade.catalogue.types import (
    FixedPrice,
    Price,
    QuantityInvalid,
    QuotePrice,
    TieredPrice,
    UnitPrice,
)

OTHER_UNIT = Text(
    zh="库存按{stock}计，价格要按同样的单位，或是一{stock}一口价。",
    en="The stock is counted in {en}: price it by the same unit, or as one price for one.",
)
PARTED = Text(
    zh="库存按整数计，起订量和步长要是整数。", en="Stock is counted whole: so are minimum and step."
)
WHOLE = Text(zh="按整数订。", en="Order a whole number.")


def check_stock(terms: StockTerms, *, provider: UUID, price: Price) -> None:
    """Its provider's own, counted as it is priced. Raises ``Invalid`` at ``stock``."""
    stock = Stock.objects.filter(resource_id=terms.stock_id, org_id=provider).first()
    if stock is None:
        raise Invalid(NO_STOCK, field="stock")
    match price:
        case FixedPrice() | QuotePrice():
            return
        case UnitPrice() | TieredPrice() if (price.unit.zh, price.unit.en) == (stock.unit, stock.unit_en):
            if price.minimum % 1 or price.step % 1:
                raise Invalid(PARTED, field="stock")
        case _:
            raise Invalid(OTHER_UNIT.format(stock=stock.unit, en=stock.unit_en), field="stock")


def goods_asked(terms: StockTerms, quantity: Decimal, buyer: Buyer) -> Ask:
    """Raises ``QuantityInvalid``, and ``TooLittleLeft`` with what is left."""
    if quantity % 1:
        raise QuantityInvalid(WHOLE, field="quantity")
    ask = Ask(terms.stock_id, int(quantity))
    left = left_for(ask, buyer)
    if left < ask.quantity:
        stock = Stock.objects.get(resource_id=terms.stock_id)
        raise TooLittleLeft(left, Text(zh=stock.unit, en=stock.unit_en))
    return ask


def left_for(ask: Ask, buyer: Buyer) -> int:
    """What is free, and what the buyer's own line holds of it already."""
    (found,) = inquire(buyer.actor, [ask])
    if buyer.line_id is None:
        return found.free
    return found.free + sum(each.quantity for each in list_held(buyer.actor, subject_id=buyer.line_id))
