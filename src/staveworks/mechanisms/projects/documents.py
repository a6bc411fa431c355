"""Bids, milestones and criteria as JSON, both ways; every refusal stands at its field."""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from staveworks.kit.text import Text
from staveworks.mechanisms.projects.types import Bid, BidInvalid, Criterion, Edit, Planned

FILL_IN = Text(zh="请填写。", en="Fill this in.")
TOO_LONG = Text(zh="太长了。", en="Too long.")
NO_DATE = Text(zh="请填日期。", en="Enter a date.")
NO_AMOUNT = Text(zh="价款须大于 0。", en="A price above 0.")
TOO_EARLY = Text(zh="不能早于 {first}。", en="Not before {first}.")
TOO_MANY = Text(zh="1 到 {most} 个节点。", en="1 to {most} milestones.")
NO_OFFER = Text(zh="请选一项自己的服务。", en="Choose an offer of your own.")
MOST = 30
LINE, TEXT = 200, 8000
DEAREST = 10**13
"""Fen."""


def bid_document(bid: Bid) -> str:
    """What is sealed, with a salt of its own."""
    return json.dumps(
        {
            "offer": str(bid.offer_id),
            "text": bid.text,
            "milestones": [planned_document(each) for each in bid.milestones],
            "salt": secrets.token_hex(16),
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def read_bid(document: Any) -> Bid:
    """Raises ``BidInvalid``."""
    if not isinstance(document, Mapping):
        raise BidInvalid(FILL_IN, field="text")
    try:
        offer = UUID(str(document.get("offer")))
    except ValueError:
        raise BidInvalid(NO_OFFER, field="offer") from None
    rows = document.get("milestones")
    if not isinstance(rows, Sequence) or isinstance(rows, str) or not 1 <= len(rows) <= MOST:
        raise BidInvalid(TOO_MANY.format(most=MOST), field="milestones")
    milestones = tuple(read_planned(row, f"milestones.{at}.") for at, row in enumerate(rows))
    return Bid(offer, _words(document, "text", "", TEXT), milestones)


def parse_bid(inside: str) -> Bid:
    """The same from what was sealed. Raises ``BidInvalid``."""
    try:
        return read_bid(json.loads(inside))
    except (json.JSONDecodeError, RecursionError):
        raise BidInvalid(FILL_IN, field="text") from None


def planned_document(planned: Planned) -> dict[str, Any]:
    return {
        "title": planned.title,
        "deliverable": planned.deliverable,
        "criteria": planned.criteria,
        "due_date": planned.due_date.isoformat(),
        "price_fen": planned.price_fen,
    }


def read_planned(row: Any, at: str = "") -> Planned:
    """``at``: the path of the row. Raises ``BidInvalid``."""
    if not isinstance(row, Mapping):
        raise BidInvalid(FILL_IN, field=f"{at}title")
    title, deliverable, criteria = (
        _words(row, key, at, longest)
        for key, longest in (("title", LINE), ("deliverable", TEXT), ("criteria", TEXT))
    )
    try:
        due = date.fromisoformat(str(row.get("due_date")))
        if due.isoformat() != row.get("due_date"):
            raise ValueError
    except ValueError:
        raise BidInvalid(NO_DATE, field=f"{at}due_date") from None
    price = row.get("price_fen")
    if not isinstance(price, int) or isinstance(price, bool) or not 0 < price <= DEAREST:
        raise BidInvalid(NO_AMOUNT, field=f"{at}price_fen")
    return Planned(title, deliverable, criteria, due, price)


def check_due(due: date, first: date, *, field: str) -> None:
    """Nothing is promised for a day that is over, or on which nobody is chosen yet. Raises ``BidInvalid``."""
    if due < first:
        raise BidInvalid(TOO_EARLY.format(first=first.isoformat()), field=field)


def edits_document(edits: Sequence[Edit]) -> list[dict[str, Any]]:
    return [{"place": each.place, **planned_document(each.planned)} for each in edits]


def read_edits(document: Sequence[Mapping[str, Any]]) -> tuple[Edit, ...]:
    return tuple(Edit(int(row["place"]), read_planned(row)) for row in document)


def criteria_document(criteria: Sequence[Criterion]) -> list[dict[str, Any]]:
    return [{"name": each.name, "weight": each.weight, "by_price": each.by_price} for each in criteria]


def read_criteria(document: Sequence[Mapping[str, Any]]) -> tuple[Criterion, ...]:
    return tuple(Criterion(row["name"], row["weight"], row["by_price"]) for row in document)


def _words(row: Mapping[str, Any], key: str, at: str, longest: int) -> str:
    """To the letter: the database compares what was agreed with what was sealed."""
    found = row.get(key)
    words = found if isinstance(found, str) else ""
    if not words.strip():
        raise BidInvalid(FILL_IN, field=f"{at}{key}")
    if len(words) > longest:
        raise BidInvalid(TOO_LONG, field=f"{at}{key}")
    return words
