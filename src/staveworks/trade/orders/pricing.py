"""What the lines of a draft cost now, beside what the buyer saw."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.trade.catalogue.documents import read_document
from staveworks.trade.catalogue.mechanisms import Quote
from staveworks.trade.catalogue.queries import access_offer, quote_version
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
    priced, changes = [], []
    for row in rows:
        try:
            each = _priced(actor, row)
        except StaveworksError as error:
            changes.append(_change(row, None, error.text))
            continue
        priced.append(each)
        if each.changed:
            new = each.quote.price_fen
            why = DEARER if new > row.price_fen else CHEAPER if new < row.price_fen else REWORDED
            changes.append(_change(row, new, why))
    return priced, changes


def as_reader(actor: Actor) -> Actor:
    """Whoever may order may see what it costs, also by a token that isn't for the catalogue."""
    return replace(actor, rights=actor.rights | {"offer.read"})


def _priced(buyer: Actor, row: Row) -> Priced:
    """Raises whatever keeps it from being ordered: withdrawn, not served, no longer fitting its form."""
    actor = as_reader(buyer)
    offer = access_offer(actor, offer_id=row.version.offer_id)
    if offer.version is None or offer.state is not OfferState.PUBLISHED:
        raise OfferNotPublished
    quote = quote_version(actor, version_id=offer.version.id, request=row.request, line_id=row.id)
    return Priced(row, offer.version, quote)


def _change(row: Row, new_fen: int | None, why: Text) -> Change:
    return Change(row.id, read_document(row.version.content).title, row.price_fen, new_fen, why)
