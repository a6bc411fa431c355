"""Pure decisions: what an order costs, in which price group a buyer is, what cancelling costs. Exact: integers and decimals only."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from staveworks.kit.text import Text
from staveworks.trade.catalogue.types import (
    Cancellation,
    Charge,
    FixedPrice,
    Group,
    Price,
    PriceByQuote,
    QuantityInvalid,
    QuotePrice,
    TieredPrice,
    TimePrice,
    UnitPrice,
)

ONE = Decimal(1)
PREFECTURE = 4
"""Digits of a GB/T 2260 code that say which city; the rest is the district."""
TOO_LITTLE = Text(zh="最少 {least}。", en="At least {least}.")
NOT_WHOLE = Text(zh="请填整数。", en="Enter a whole number.")
NO_MULTIPLE = Text(zh="应为 {step} 的整数倍。", en="Must be a multiple of {step}.")


def charges_for(price: Price, quantity: Decimal = ONE, ratio: Decimal = ONE) -> tuple[Charge, ...]:
    """What ``quantity`` costs a buyer whose price group pays ``ratio`` of the price.

    ``quantity``: units; minutes where the price is by time; of no matter where it is fixed. The unit price is rounded to the fen
    first, then each amount, halves up: what is printed multiplies as printed.

    Raises ``QuantityInvalid`` (at ``quantity``), ``PriceByQuote``.
    """
    match price:
        case FixedPrice():
            return (_charge(ONE, price.amount_fen, ratio),)
        case TimePrice():
            return (_charge(steps_begun(price, quantity), price.step_price_fen, ratio),)
        case UnitPrice():
            _check_quantity(quantity, price.minimum, price.step)
            return (_charge(quantity, price.unit_price_fen, ratio),)
        case TieredPrice():
            _check_quantity(quantity, price.minimum, price.step)
            return tuple(_charge(part, fen, ratio) for part, fen in _tiered(price, quantity))
        case QuotePrice():
            raise PriceByQuote


def total_fen(charges: tuple[Charge, ...]) -> int:
    return sum(charge.amount_fen for charge in charges)


def least_quantity(price: Price) -> Decimal:
    """The smallest order: units, or minutes where the price is by time."""
    match price:
        case UnitPrice() | TieredPrice():
            return price.minimum
        case TimePrice():
            return Decimal(price.minimum_minutes)
        case _:
            return ONE


def price_from(price: Price, ratio: Decimal = ONE) -> int | None:
    """What the smallest order costs; None where the provider has to be asked."""
    if isinstance(price, QuotePrice):
        return None
    return total_fen(charges_for(price, least_quantity(price), ratio))


def price_of_effects(price: Price, least: Decimal | None, ratio: Decimal = ONE) -> int | None:
    """What it costs until the stated effects hold, which is from ``least`` on (``Content.effects_from``); None on request.

    Raises ``QuantityInvalid`` for a quantity that can't be ordered.
    """
    if least is None or isinstance(price, QuotePrice):
        return price_from(price, ratio)
    if isinstance(price, FixedPrice):
        return total_fen(charges_for(price, ONE, ratio)) * int(least)
    return total_fen(charges_for(price, least, ratio))


def steps_begun(price: TimePrice, minutes: Decimal) -> Decimal:
    """Steps to be paid for. Raises ``QuantityInvalid``."""
    if minutes <= 0:
        raise QuantityInvalid(TOO_LITTLE.format(least=price.minimum_minutes), field="quantity")
    counted = max(minutes, Decimal(price.minimum_minutes)) / price.step_minutes
    return counted.to_integral_value(ROUND_CEILING)


def group_of(city: str | None, *, member: bool, home: str | None) -> Group:
    """The price group of a buyer whose city is ``home`` for an offer in ``city`` (GB/T 2260 codes; None: anywhere, unknown)."""
    if not member:
        return Group.GUEST
    if city is None or (home is not None and home[:PREFECTURE] == city[:PREFECTURE]):
        return Group.MEMBER
    return Group.ELSEWHERE


def cancellation_fee(terms: Cancellation, price_fen: int, hours_left: Decimal | None) -> int:
    """What is owed of ``price_fen`` when cancelled ``hours_left`` before the beginning (None: no beginning is fixed yet)."""
    if hours_left is None:
        ratio = terms.steps[0].ratio if terms.steps else Decimal(0)
    else:
        held = (step.ratio for step in terms.steps if hours_left >= step.hours)
        ratio = next(held, terms.late)
    return share_of(price_fen, ratio)


def no_show_fee(terms: Cancellation, price_fen: int) -> int:
    return share_of(price_fen, terms.no_show)


def share_of(fen: int, ratio: Decimal) -> int:
    """``ratio`` of an amount, halves rounded up."""
    return int((fen * ratio).quantize(ONE, ROUND_HALF_UP))


def _charge(quantity: Decimal, fen: int, ratio: Decimal) -> Charge:
    unit = share_of(fen, ratio)
    return Charge(quantity, unit, share_of(unit, quantity))


def _tiered(price: TieredPrice, quantity: Decimal) -> Iterator[tuple[Decimal, int]]:
    """Quantities with their unit prices."""
    if price.mode == "all_units":
        yield quantity, next(t.unit_price_fen for t in reversed(price.tiers) if t.start <= quantity)
        return
    ends = [tier.start for tier in price.tiers[1:]] + [quantity]
    for tier, end in zip(price.tiers, ends, strict=True):
        if quantity > tier.start:
            yield min(end, quantity) - tier.start, tier.unit_price_fen


def _check_quantity(quantity: Decimal, minimum: Decimal, step: Decimal) -> None:
    if quantity < minimum or quantity <= 0:
        raise QuantityInvalid(TOO_LITTLE.format(least=minimum), field="quantity")
    if quantity % step:
        raise QuantityInvalid(NOT_WHOLE if step == 1 else NO_MULTIPLE.format(step=step), field="quantity")
