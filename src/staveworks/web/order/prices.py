"""Prices as pages say them."""

from decimal import Decimal

from staveworks.kit.figures import number
from staveworks.kit.lengths import length_text, time_text
from staveworks.kit.text import Text
from staveworks.trade.catalogue.domain import share_of
from staveworks.trade.catalogue.types import (
    Cancellation,
    FixedPrice,
    Price,
    QuotePrice,
    TieredPrice,
    TimePrice,
    UnitPrice,
)
from staveworks.web.figures import money, quantity

ON_REQUEST = Text(zh="按需报价", en="On request")
FREE = Text(zh="免费", en="Free")


def price_text(price: Price, ratio: Decimal = Decimal(1)) -> Text:
    """``¥180.00 / 样``; of tiers the lowest unit price: ``¥80.00 / 色 起``."""
    match price:
        case FixedPrice():
            return _plain(money(share_of(price.amount_fen, ratio))) if price.amount_fen else FREE
        case UnitPrice():
            return _each(share_of(price.unit_price_fen, ratio), price.unit)
        case TimePrice():
            return _each(share_of(price.step_price_fen, ratio), time_text(price.step_minutes))
        case TieredPrice():
            lowest = min(tier.unit_price_fen for tier in price.tiers)
            each = _each(share_of(lowest, ratio), price.unit)
            return Text(zh=f"{each.zh} 起", en=f"from {each.en}")
        case QuotePrice():
            return ON_REQUEST


def least_text(price: Price) -> Text | None:
    """The smallest order where it is more than one: ``25 公斤起``, ``2 小时起``; None where there is nothing to say."""
    match price:
        case UnitPrice() | TieredPrice() if price.minimum > 1:
            least = Text(
                zh=f"{quantity(price.minimum)} {price.unit.zh}",
                en=f"{quantity(price.minimum)} ({price.unit.en})",
            )
        case TimePrice() if price.minimum_minutes > price.step_minutes:
            least = length_text(price.minimum_minutes)
        case _:
            return None
    return Text(zh=f"{least.zh}起", en=f"from {least.en}")


def effects_from_text(price: Price, least: Decimal | None) -> Text | None:
    """From what quantity stated effects hold: ``10 色``, ``4 小时``, ``12 次``; None: from the smallest order."""
    if least is None:
        return None
    if isinstance(price, TimePrice):
        return length_text(int(least))
    if isinstance(price, UnitPrice | TieredPrice):
        return Text(zh=f"{quantity(least)} {price.unit.zh}", en=f"{quantity(least)} ({price.unit.en})")
    return Text(zh=f"{quantity(least)} 次", en=f"{quantity(least)} orders" if least > 1 else "1 order")


def tier_rows(price: TieredPrice, ratio: Decimal) -> list[tuple[Text, int]]:
    """From which quantity on, and the unit price in fen."""
    rows = []
    for place, tier in enumerate(price.tiers):
        start = quantity(tier.start if place else min(tier.start, price.minimum))
        label = Text(zh=f"{start} {price.unit.zh}起", en=f"from {start} ({price.unit.en})")
        first = Text(zh="起步价", en="at first")
        rows.append((label if place else first, share_of(tier.unit_price_fen, ratio)))
    return rows


def cancellation_rows(terms: Cancellation, *, by_time: bool) -> list[tuple[Text, Text]]:
    """When one cancels, what one owes. Until the provider has confirmed that is nothing, whatever the terms say.

    ``by_time``: somebody is expected, and may not come.
    """
    steps = [
        (
            Text(zh="提前 {h} 小时以上", en="{h} hours or more before").format(h=step.hours),
            ratio_text(step.ratio),
        )
        for step in terms.steps
    ]
    later = Text(zh="更晚", en="Later")
    if not steps:
        later = Text(zh="接单且定了时间以后", en="Once it is confirmed and a time is fixed")
    return [
        (Text(zh="对方接单以前", en="Before the provider confirms"), ratio_text(Decimal(0))),
        *steps,
        (later, ratio_text(terms.late)),
        *([(Text(zh="爽约", en="No-show"), ratio_text(terms.no_show))] if by_time else []),
    ]


def ratio_text(ratio: Decimal) -> Text:
    """Of the price."""
    if ratio == 0:
        return Text(zh="不收费", en="free")
    percent = number(ratio * 100)
    return Text(zh=f"收 {percent}%", en=f"{percent}\N{NO-BREAK SPACE}% is owed")


def _each(fen: int, unit: Text) -> Text:
    return Text(zh=f"{money(fen)} / {unit.zh}", en=f"{money(fen)} / {unit.en}")


def _plain(text: str) -> Text:
    return Text(zh=text, en=text)
