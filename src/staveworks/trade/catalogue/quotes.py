"""What a mechanism answers a request with; pure, so that decisions on orders may speak of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from staveworks.foundation.reservation.types import Ask
from staveworks.kit.text import Text
from staveworks.trade.catalogue.types import Cancellation


@dataclass(frozen=True, slots=True)
class PricePart:
    """One row of a quote. ``unit``: what ``unit_price_fen`` is the price of, where something is counted (2 × ¥60.00 / 30 minutes)."""

    label: Text
    quantity: Decimal
    unit_price_fen: int
    amount_fen: int
    unit: Text | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What a request costs, and what must be held for it. ``price_fen`` is the sum of the parts. ``cancellation`` is frozen with
    the order line. Moments are None where the mechanism doesn't fix them."""

    parts: tuple[PricePart, ...]
    price_fen: int
    asks: tuple[Ask, ...]
    cancellation: Cancellation
    lead_time_days: int = 0
    starts_at: datetime | None = None
    due_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.price_fen != sum(part.amount_fen for part in self.parts):
            raise ValueError("a quote's price is the sum of its parts")
