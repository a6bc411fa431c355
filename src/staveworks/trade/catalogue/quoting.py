"""For mechanisms: how much is asked, and what it costs the buyer, as rows of a quote."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from staveworks.kit.lengths import time_text
from staveworks.kit.text import Text
from staveworks.trade.catalogue.domain import TOO_LITTLE, charges_for, least_quantity
from staveworks.trade.catalogue.mechanisms import Buyer, PricePart
from staveworks.trade.catalogue.types import (
    Content,
    NotServed,
    OfferVersion,
    Price,
    QuantityInvalid,
    TieredPrice,
    TimePrice,
    UnitPrice,
)

NO_NUMBER = Text(zh="请填数字。", en="Enter a number.")
MOST = 10**12
"""Of anything, in one line."""
TOO_MUCH = Text(zh="数量太大。", en="That is too much.")
QUANTITY = Text(zh="数量", en="Quantity")
MINUTES = Text(zh="分钟", en="minutes")


def price_parts(version: OfferVersion, quantity: Decimal, buyer: Buyer) -> tuple[PricePart, ...]:
    """Raises ``NotServed``, ``QuantityInvalid``, ``PriceByQuote``."""
    content = version.content
    ratio = content.ratio_for(buyer.group)
    if ratio is None:
        raise NotServed
    return tuple(
        PricePart(
            content.title,
            charge.quantity,
            charge.unit_price_fen,
            charge.amount_fen,
            priced_unit(content.price),
        )
        for charge in charges_for(content.price, quantity, ratio)
    )


def priced_unit(price: Price) -> Text | None:
    """What its unit price is the price of; None where nothing is counted."""
    return time_text(price.step_minutes) if isinstance(price, TimePrice) else unit_of(price)


def quantity_asked(price: Price, request: Mapping[str, Any]) -> Decimal:
    """``quantity`` of a request, exact, above 0; the least that can be ordered where it says none. Raises ``QuantityInvalid``."""
    asked = request.get("quantity")
    if asked in (None, ""):
        return least_quantity(price)
    try:
        quantity = Decimal(str(asked))
    except (InvalidOperation, ValueError):  # more digits than Python writes out
        quantity = Decimal("NaN")
    if not quantity.is_finite():
        raise QuantityInvalid(NO_NUMBER, field="quantity")
    if quantity <= 0:
        raise QuantityInvalid(TOO_LITTLE.format(least=least_quantity(price)), field="quantity")
    if quantity > MOST:
        raise QuantityInvalid(TOO_MUCH, field="quantity")
    return quantity


def quantity_field(content: Content) -> dict[str, Any]:
    """The field ``quantity`` of a form, as a property of its JSON Schema; empty where there is nothing to count."""
    unit = unit_of(content.price)
    if unit is None:
        return {}
    return {
        "quantity": {
            "type": ["string", "integer"],
            "x-zh": QUANTITY.zh,
            "x-en": QUANTITY.en,
            "x-unit-zh": unit.zh,
            "x-unit-en": unit.en,
            "default": str(least_quantity(content.price)),
        }
    }


def unit_of(price: Price) -> Text | None:
    """What a quantity of this price counts; None where the price is one for the whole, or on request."""
    match price:
        case UnitPrice() | TieredPrice():
            return price.unit
        case TimePrice():
            return MINUTES
        case _:
            return None
