"""A quote as JSON and back: an order line keeps what it was placed at, whatever the offer says later."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from staveworks.foundation.reservation.types import Ask
from staveworks.kit.spans import Span
from staveworks.kit.text import Text
from staveworks.trade.catalogue.documents import cancellation_document, read_cancellation
from staveworks.trade.catalogue.mechanisms import PricePart, Quote
from staveworks.trade.catalogue.types import Document


def quote_document(quote: Quote) -> Document:
    return {
        "parts": [
            {
                "label": _text(part.label),
                "quantity": str(part.quantity),
                "unit_price_fen": part.unit_price_fen,
                "amount_fen": part.amount_fen,
                "unit": _text(part.unit) if part.unit else None,
            }
            for part in quote.parts
        ],
        "price_fen": quote.price_fen,
        "asks": [_ask(ask) for ask in quote.asks],
        "cancellation": cancellation_document(quote.cancellation),
        "lead_time_days": quote.lead_time_days,
        "starts_at": _moment(quote.starts_at),
        "due_at": _moment(quote.due_at),
    }


def read_quote(found: Mapping[str, Any]) -> Quote:
    """What ``quote_document`` wrote."""
    return Quote(
        parts=tuple(
            PricePart(
                Text(**part["label"]),
                Decimal(part["quantity"]),
                part["unit_price_fen"],
                part["amount_fen"],
                Text(**part["unit"]) if part.get("unit") else None,  # none in lines of before
            )
            for part in found["parts"]
        ),
        price_fen=found["price_fen"],
        asks=tuple(_read_ask(ask) for ask in found["asks"]),
        cancellation=read_cancellation(found["cancellation"]),
        lead_time_days=found["lead_time_days"],
        starts_at=_read_moment(found["starts_at"]),
        due_at=_read_moment(found["due_at"]),
    )


def _text(text: Text) -> Document:
    return {"zh": text.zh, "en": text.en}


def _ask(ask: Ask) -> Document:
    during = ask.during
    span = [during.starts_at.isoformat(), during.ends_at.isoformat()] if during else None
    return {"resource_id": str(ask.resource_id), "quantity": ask.quantity, "during": span}


def _read_ask(found: Mapping[str, Any]) -> Ask:
    during = found["during"]
    span = Span(*(datetime.fromisoformat(moment) for moment in during)) if during else None
    return Ask(UUID(found["resource_id"]), found["quantity"], span)


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _read_moment(found: str | None) -> datetime | None:
    return datetime.fromisoformat(found) if found else None
