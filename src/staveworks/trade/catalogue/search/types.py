"""What is wanted, and what is found."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal
from uuid import UUID

from staveworks.engine.prescription import Effect
from staveworks.kit.text import Text
from staveworks.trade.catalogue.types import Group, Price


class Order(StrEnum):
    """``fit``: what lifts the searcher's own water level most for each yuan."""

    RELEVANCE = "relevance"
    FIT = "fit"
    PRICE = "price"
    SOONEST = "soonest"
    DISTANCE = "distance"
    NEWEST = "newest"

    @property
    def text(self) -> Text:
        return ORDER_TEXTS[self]


ORDER_TEXTS = {
    Order.RELEVANCE: Text(zh="最相关", en="Best match"),
    Order.FIT: Text(zh="最合我的木桶", en="Fits my barrel"),
    Order.PRICE: Text(zh="价格最低", en="Lowest price"),
    Order.SOONEST: Text(zh="最快", en="Soonest"),
    Order.DISTANCE: Text(zh="最近", en="Nearest"),
    Order.NEWEST: Text(zh="最新", en="Newest"),
}

Facet = Literal["plank", "mechanism", "city", "price", "within", "programme"]
ANYWHERE = "anywhere"
"""Stands for the offers that are delivered everywhere, where a city's code would stand."""
ON_REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Band:
    """Prices of the smallest order from ``low_fen`` up to, not including, ``high_fen``."""

    code: str
    low_fen: int
    high_fen: int | None


BANDS = (
    Band("0-500", 0, 50_000),
    Band("500-2000", 50_000, 200_000),
    Band("2000-10000", 200_000, 1_000_000),
    Band("10000-50000", 1_000_000, 5_000_000),
    Band("50000-", 5_000_000, None),
)
WITHIN = (1, 3, 7, 30)
"""Days within which work can begin: what one may filter by."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search. Values of one filter are alternatives, filters are joined. ``prices``: codes of bands, or ``request``."""

    words: str = ""
    planks: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    prices: tuple[str, ...] = ()
    within_days: int | None = None
    programmes: tuple[str, ...] = ()
    provider: UUID | None = None
    order: Order | None = None

    def without_filters(self) -> "Wanted":
        return replace(
            self,
            planks=(),
            mechanisms=(),
            cities=(),
            prices=(),
            within_days=None,
            programmes=(),
            provider=None,
        )

    @property
    def narrowed(self) -> bool:
        return self != self.without_filters()


@dataclass(frozen=True, slots=True)
class OfferCard:
    """A row of what is found.

    ``ratio``: the factor on the price for the searcher's group; None: it isn't open to her. ``from_fen``: what her smallest order
    costs; None: on request, or not open. ``effects_from``: from what quantity the effects hold, where that isn't the smallest order, and
    ``effects_fen`` what it costs until they do. ``lift``: points by which it alone raises her water level, ``fills`` by which it raises
    her planks on average; None where her barrel isn't known. ``distance_km`` None: anywhere, or unknown.
    """

    id: UUID
    version_id: UUID
    title: Text
    provider_org: UUID
    provider: Text
    mechanism: str
    planks: tuple[str, ...]
    effects: tuple[Effect, ...]
    city: str | None
    city_name: Text | None
    price: Price
    group: Group
    ratio: Decimal | None
    from_fen: int | None
    effects_from: Decimal | None
    effects_fen: int | None
    lead_time_days: int
    next_free_at: datetime | None
    programmes: tuple[str, ...]
    lift: float | None
    fills: float | None
    distance_km: float | None

    @property
    def served(self) -> bool:
        return self.ratio is not None


@dataclass(frozen=True, slots=True)
class Found:
    """``counts``: for each filter how many offers each of its values has, all other filters as they are. ``corrected``: words that
    nobody uses → those that were looked for instead. ``relaxed``: no offer has all the words; these have some."""

    cards: tuple[OfferCard, ...]
    total: int
    counts: Mapping[Facet, Mapping[str, int]]
    order: Order
    corrected: Mapping[str, str]
    relaxed: bool
