"""After an order line was accepted, split, cancelled late or nobody came: post what stands by now. A reaction (``jobs/reactions.py``)."""

from fractions import Fraction
from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rules.queries import rule_in_force
from staveworks.trade.catalogue.checking import TAX
from staveworks.trade.catalogue.queries import access_version
from staveworks.trade.orders.queries import access_line, parties_of
from staveworks.trade.orders.types import Line
from staveworks.trade.settlement.types import LineToSettle
from staveworks.trade.settlement.usecases.settle_line import settle_line
from staveworks.trade.settlement.vouchers import share_of


def post_ordered_line(actor: Actor, /, *, subject: UUID) -> list[UUID]:
    """The transfers that were made. The event may be of the buyer, the provider or who decided a dispute: it is posted for the
    buyer, who is a party of every line. A line that is gone, or was never placed, posts nothing."""
    buyer = parties_of(actor, line_id=subject).buyer
    return _post(operator_service_for(buyer), subject) if buyer else []


@use_case
def _post(buyer: Actor, line_id: UUID) -> list[UUID]:
    """In one transaction with the voucher that the line uses up."""
    line = access_line(buyer, line_id=line_id)
    return [] if line.placed_at is None else settle_line(buyer, line=_to_settle(buyer, line))


def _to_settle(buyer: Actor, line: Line) -> LineToSettle:
    """With the tax rate that was in force when it was ordered, and what a voucher pays."""
    assert line.placed_at is not None
    rates = rule_in_force(TAX, line.placed_at)
    content = access_version(buyer, version_id=line.version_id).content
    accepted = line.accepted_fen or 0
    share = share_of(
        buyer,
        line_id=line.id,
        programmes=content.programmes,
        ordered_at=line.placed_at,
        price_fen=line.price_fen,
        accepted_fen=accepted,
    )
    return LineToSettle(
        line_id=line.id,
        buyer=line.buyer_org,
        provider=line.provider_org,
        price_fen=line.price_fen,
        tax_rate=Fraction(rates.value[content.tax], 10_000),
        placed_at=line.placed_at,
        accepted_fen=accepted,
        penalty_fen=line.fee_fen,
        programme=share.payer if share else None,
        voucher_fen=share.whole_fen if share else 0,
        rules=(rates.label, *((share.label,) if share else ())),
    )
