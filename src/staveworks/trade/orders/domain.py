"""Pure decisions: whose turn it is, what state an order is in, what is owed when a line falls away."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from staveworks.kit.figures import money
from staveworks.trade.catalogue.domain import cancellation_fee, no_show_fee
from staveworks.trade.catalogue.quotes import Quote
from staveworks.trade.orders.types import (
    FELL_AWAY,
    AmountInvalid,
    BeforeItsTime,
    LineState,
    OrderState,
    ReasonMissing,
    Side,
)

LONGEST_REASON = 1000
EARLY = timedelta(minutes=30)
TURNS = {
    LineState.DRAFT: Side.BUYER,
    LineState.AWAITING_APPROVAL: Side.BUYER,
    LineState.PLACED: Side.PROVIDER,
    LineState.CONFIRMED: Side.PROVIDER,
    LineState.IN_DELIVERY: Side.PROVIDER,
    LineState.DELIVERED: Side.BUYER,
    LineState.DISPUTED: Side.DECIDER,
}


def usable_from(starts_at: datetime) -> datetime:
    """What is booked for a time is neither begun nor delivered nor checked in before this moment."""
    return starts_at - EARLY


def before_its_time(starts_at: datetime) -> BeforeItsTime:
    """``starts_at`` in the time zone in which it is read."""
    at, first = (f"{each:%Y-%m-%d %H:%M}" for each in (starts_at, usable_from(starts_at)))
    return BeforeItsTime(BeforeItsTime.text.format(at=at, first=first))


def turn_of(state: LineState) -> Side | None:
    """Who has to act on a line; None: nobody any more."""
    return TURNS.get(state)


def order_state(lines: Iterable[LineState]) -> OrderState:
    """What the lines make of the order. An order without lines is a draft."""
    states = set(lines)
    if states <= {LineState.DRAFT}:
        return OrderState.DRAFT
    if LineState.AWAITING_APPROVAL in states:
        return OrderState.AWAITING_APPROVAL
    if states <= FELL_AWAY:
        return OrderState.FELL_THROUGH
    if states <= FELL_AWAY | {LineState.ACCEPTED, LineState.SETTLED}:
        return OrderState.DONE
    return OrderState.RUNNING


def fee_of_cancelling(quote: Quote, at: datetime, *, confirmed: bool) -> int:
    """What the buyer owes, in fen, who cancels at ``at``. Before the provider has confirmed it costs nothing."""
    if not confirmed:
        return 0
    begins = quote.starts_at or quote.due_at
    hours = Decimal((begins - at) / timedelta(hours=1)) if begins else None
    return cancellation_fee(quote.cancellation, quote.price_fen, hours)


def fee_of_not_coming(quote: Quote) -> int:
    return no_show_fee(quote.cancellation, quote.price_fen)


def check_reason(text: str, *, field: str = "reason") -> str:
    """Raises ``ReasonMissing``."""
    cleaned = " ".join(text.split())
    if not cleaned:
        raise ReasonMissing(field=field)
    return cleaned[:LONGEST_REASON]


def owed_fen(state: LineState, price_fen: int, accepted_fen: int | None, fee_fen: int) -> int:
    """What a line costs as things stand: its fee if it fell away, what stands of it once that is decided."""
    if state in FELL_AWAY:
        return fee_fen
    return price_fen if accepted_fen is None else accepted_fen


def check_share(fen: int, price_fen: int, *, field: str, conceded_fen: int = 0) -> int:
    """An amount that may stand of a price: not below what the buyer has conceded, only the rest is in dispute. Raises ``AmountInvalid``."""
    if not conceded_fen <= fen <= price_fen:
        bounds = AmountInvalid.text.format(least=money(conceded_fen), most=money(price_fen))
        raise AmountInvalid(bounds, field=field)
    return fen


def needs_approval(price_fen: int, limit_fen: int) -> bool:
    return price_fen > limit_fen
