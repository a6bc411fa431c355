"""Order once more what was agreed on for longer: the next period of a subscription."""

from dataclasses import replace
from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.trade.catalogue.frozen import quote_document, read_quote
from staveworks.trade.orders.models import Line as Row
from staveworks.trade.orders.moving import access_row
from staveworks.trade.orders.types import LineState
from staveworks.trade.orders.usecases.fill_order import begin_order, take_turn
from staveworks.trade.orders.usecases.place_order import place_lines


@use_case
def repeat_line(actor: Actor, *, line_id: UUID, price_fen: int) -> UUID:
    """A line like ``line_id``, of its version and request, at the price agreed on, in an order of its own that is placed at once.

    For agreements that cover several lines: what was approved when they began isn't asked about again. Nothing scarce is held.
    Raises ``RightMissing``, ``LineNotFound``.
    """
    actor.require("order.place")
    row = access_row(actor, line_id, "buyer_org_id")
    take_turn(actor)
    order = begin_order(actor)
    agreed = read_quote(row.quote)
    part = replace(agreed.parts[0], unit_price_fen=price_fen, amount_fen=price_fen)
    quote = replace(agreed, parts=(part,), price_fen=price_fen, asks=(), starts_at=None, due_at=None)
    line = Row(
        id=new_id(),
        order=order,
        place=1,
        buyer_org_id=row.buyer_org_id,
        provider_org_id=row.provider_org_id,
        version_id=row.version_id,
        request=row.request,
        quote=quote_document(quote),
        price_fen=price_fen,
        acceptance_days=row.acceptance_days,
    )
    line.save(force_insert=True)
    place_lines(actor, order, order.id, [line], LineState.DRAFT)
    return line.id
