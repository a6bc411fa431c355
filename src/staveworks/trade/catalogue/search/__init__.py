"""How offers are found: words and their meanings, filters with counts, order. Import from here only."""

from staveworks.trade.catalogue.search.finding import search_offers
from staveworks.trade.catalogue.search.types import (
    ANYWHERE,
    BANDS,
    ON_REQUEST,
    WITHIN,
    Facet,
    Found,
    OfferCard,
    Order,
    Wanted,
)

__all__ = [
    "ANYWHERE",
    "BANDS",
    "ON_REQUEST",
    "WITHIN",
    "Facet",
    "Found",
    "OfferCard",
    "Order",
    "Wanted",
    "search_offers",
]
