"""A line falls away before it is delivered: the buyer cancels, the provider can't, nobody came, or both agreed on something else."""

from uuid import UUID

from staveworks.db.clock import database_now
from staveworks.db.transaction import use_case
from staveworks.foundation.parties.types import Actor
from staveworks.trade.catalogue.frozen import read_quote
from staveworks.trade.orders.domain import check_reason, fee_of_cancelling, fee_of_not_coming
from staveworks.trade.orders.models import Line as Row
from staveworks.trade.orders.moving import access_row, check_own_people, let_go, note, step
from staveworks.trade.orders.types import FeeChanged, LineState, NotBegunYet, NotYet, ProviderCancels

CANCELLABLE = (LineState.PLACED, LineState.CONFIRMED)


@use_case
def cancel_line(actor: Actor, *, line_id: UUID, reason: str = "", agreed_fee_fen: int | None = None) -> int:
    """The fee that the buyer owes by the terms she ordered on. ``agreed_fee_fen``: what she was told it would be.

    Raises ``RightMissing``, ``LineNotFound``, ``NotYet``, ``FeeChanged`` (it is more by now; nothing was cancelled), ``ProviderCancels``.
    """
    actor.require("order.place")
    row = access_row(actor, line_id, "buyer_org_id")
    if row.state not in CANCELLABLE:
        raise NotYet(LineState(row.state))
    if row.state == LineState.CONFIRMED:
        check_own_people(actor, row, ProviderCancels)
    fee = fee_now(row)
    if agreed_fee_fen is not None and fee > agreed_fee_fen:
        raise FeeChanged(fee)
    wording = " ".join(reason.split())[:400]
    step(row, LineState(row.state), to=LineState.CANCELLED, fee_fen=fee, deadline_at=None, reason=wording)
    let_go(actor, row, "cancelled")
    note(actor, "line.cancelled", row, fee_fen=fee)
    return fee


@use_case
def displace_line(actor: Actor, *, line_id: UUID, reason: str) -> None:
    """The provider can't deliver; the buyer owes nothing. Raises ``RightMissing``, ``LineNotFound``, ``ReasonMissing``, ``NotYet``."""
    actor.require("line.serve")
    wording = check_reason(reason)
    row = access_row(actor, line_id, "provider_org_id")
    step(row, LineState.CONFIRMED, LineState.IN_DELIVERY, to=LineState.DISPLACED, reason=wording[:400])
    let_go(actor, row, "displaced")
    note(actor, "line.displaced", row)


@use_case
def release_line(buyer: Actor, provider: Actor, *, line_id: UUID) -> None:
    """Both agreed on something else in its place: nobody owes anything for it, and nobody is told to find another.

    ``provider``: whoever takes its step, which it is once the provider has confirmed. Raises ``RightMissing``, ``LineNotFound``, ``NotYet``.
    """
    buyer.require("order.place")
    provider.require("line.serve")
    row = access_row(buyer, line_id, "buyer_org_id")
    if row.state == LineState.PLACED:
        step(row, LineState.PLACED, to=LineState.CANCELLED, deadline_at=None, by_both=True)
        let_go(buyer, row, "changed by both")
        note(buyer, "line.cancelled", row, fee_fen=0, by_both=True)
        return
    _released_by(provider, line_id=line_id)


@use_case
def _released_by(provider: Actor, *, line_id: UUID) -> None:
    row = access_row(provider, line_id, "provider_org_id")
    step(row, LineState.CONFIRMED, LineState.IN_DELIVERY, to=LineState.DISPLACED, by_both=True)
    let_go(provider, row, "changed by both")
    note(provider, "line.displaced", row, by_both=True)


@use_case
def record_no_show(actor: Actor, *, line_id: UUID) -> int:
    """The fee that the buyer owes who didn't come. Raises ``RightMissing``, ``LineNotFound``, ``NotYet``, ``NotBegunYet``."""
    actor.require("line.serve")
    row = access_row(actor, line_id, "provider_org_id")
    quote = read_quote(row.quote)
    if quote.starts_at is None or quote.starts_at > database_now():
        raise NotBegunYet
    fee = fee_of_not_coming(quote)
    step(row, LineState.CONFIRMED, to=LineState.NO_SHOW, fee_fen=fee)
    let_go(actor, row, "nobody came")
    note(actor, "line.no_show", row, fee_fen=fee)
    return fee


def fee_now(row: Row) -> int:
    """What cancelling would cost at this moment, in fen."""
    return fee_of_cancelling(read_quote(row.quote), database_now(), confirmed=row.state != LineState.PLACED)
