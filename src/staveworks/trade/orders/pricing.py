"""What the lines of a draft cost now, beside what the buyer saw."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.trade.catalogue.documents import read_document
from staveworks.trade.catalogue.mechanisms import Quote
from staveworks.trade.catalogue.queries import access_offer, quote_many
from staveworks.trade.catalogue.types import OfferNotPublished, OfferState, OfferVersion
from staveworks.trade.orders.models import Line as Row
from staveworks.trade.orders.types import Change

DEARER = Text(zh="涨价了。", en="The price went up.")
CHEAPER = Text(zh="降价了。", en="The price went down.")
REWORDED = Text(zh="价格没变，服务内容或条款改了。", en="Same price, but the offer or its terms changed.")


@dataclass(frozen=True, slots=True)
class Priced:
    """A line of a draft as it would be ordered now."""

    row: Row
    version: OfferVersion
    quote: Quote

    @property
    def changed(self) -> bool:
        return self.version.id != self.row.version_id or self.quote.price_fen != self.row.price_fen


def price_now(actor: Actor, rows: Iterable[Row]) -> tuple[list[Priced], list[Change]]:
    """Each line priced anew, and what the buyer has to be told before anything is taken."""
    listed = list(rows)
    now = _priced_now(as_reader(actor), listed)
    priced, changes = [], []
    for row in listed:
        each = now[row.id]
        if isinstance(each, StaveworksError):
            changes.append(_change(row, None, each.text))
            continue
        priced.append(each)
        if each.changed:
            new = each.quote.price_fen
            why = DEARER if new > row.price_fen else CHEAPER if new < row.price_fen else REWORDED
            changes.append(_change(row, new, why))
    return priced, changes


def as_reader(actor: Actor) -> Actor:
    """Whoever may order may see what it costs and what is ordered, also by a token that isn't for reading."""
    return replace(actor, rights=actor.rights | {"offer.read", "order.read"})


def _priced_now(actor: Actor, rows: Sequence[Row]) -> dict[UUID, Priced | StaveworksError]:
    """Each line, or whatever keeps it from being ordered: withdrawn, not served, no longer fitting its form. One look at each offer."""
    of_offers: dict[UUID, list[Row]] = {}
    for row in rows:
        of_offers.setdefault(row.version.offer_id, []).append(row)
    found: dict[UUID, Priced | StaveworksError] = {}
    for offer_id, its in of_offers.items():
        try:
            version = _version_now(actor, offer_id)
            quotes = quote_many(actor, version_id=version.id, wanted=[(row.request, row.id) for row in its])
        except StaveworksError as error:
            found |= {row.id: error for row in its}
            continue
        for row, quote in zip(its, quotes, strict=True):
            found[row.id] = quote if isinstance(quote, StaveworksError) else Priced(row, version, quote)
    return found


def _version_now(actor: Actor, offer_id: UUID) -> OfferVersion:
    offer = access_offer(actor, offer_id=offer_id)
    if offer.version is None or offer.state is not OfferState.PUBLISHED:
        raise OfferNotPublished
    return offer.version


def _change(row: Row, new_fen: int | None, why: Text) -> Change:
    return Change(row.id, read_document(row.version.content).title, row.price_fen, new_fen, why)
