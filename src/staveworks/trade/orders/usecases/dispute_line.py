"""A delivered line doesn't stand whole: the buyer says what stands, the provider agrees, or a third decides."""

from uuid import UUID

from staveworks.db.clock import DatabaseClock
from staveworks.db.transaction import use_case
from staveworks.foundation.parties.queries import operator_of
from staveworks.foundation.parties.types import Actor
from staveworks.trade.orders.domain import check_reason, check_share
from staveworks.trade.orders.models import Dispute
from staveworks.trade.orders.models import Line as Row
from staveworks.trade.orders.moving import access_row, check_own_people, from_now, note, step
from staveworks.trade.orders.terms import terms_in_force
from staveworks.trade.orders.types import DeciderIsParty, LineNotFound, LineState, NotHeardYet, NotYet


@use_case
def open_dispute(actor: Actor, *, line_id: UUID, reason: str, stands_fen: int) -> None:
    """``stands_fen``: what the buyer accepts of the price; only the rest is in dispute. The buyer's operator decides.

    Raises ``RightMissing``, ``LineNotFound``, ``ReasonMissing``, ``AmountInvalid``, ``NotYet``, ``Lapsed`` (accepted by itself),
    ``DeciderIsParty``, ``ProviderAccepts`` (it would agree with itself on what stands).
    """
    actor.require("order.place")
    wording = check_reason(reason)
    row = access_row(actor, line_id, "buyer_org_id")
    check_own_people(actor, row)
    check_share(stands_fen, row.price_fen, field="stands_fen")
    decider = operator_of(actor.org)
    if decider in (row.buyer_org_id, row.provider_org_id):
        raise DeciderIsParty
    step(row, LineState.DELIVERED, to=LineState.DISPUTED, in_time=True, deadline_at=None)
    terms = terms_in_force()
    Dispute(
        line=row,
        buyer_org_id=row.buyer_org_id,
        provider_org_id=row.provider_org_id,
        decider_org_id=decider,
        reason=wording,
        stands_fen=stands_fen,
        opened_by_id=actor.person_id,
        answer_due_at=from_now(terms.dispute_answer),
        decision_due_at=from_now(terms.dispute_decision),
    ).save(force_insert=True)
    note(actor, "dispute.opened", row, decider=decider)


@use_case
def answer_dispute(actor: Actor, *, line_id: UUID, text: str, agree: bool) -> None:
    """The provider's say. ``agree``: what the buyer accepts stands, and the dispute is over.

    Raises ``RightMissing``, ``LineNotFound``, ``ReasonMissing`` (at ``text``), ``NotYet`` (answered or settled already).
    """
    actor.require("line.serve")
    wording = check_reason(text, field="text")
    row = access_row(actor, line_id, "provider_org_id")
    open_one = Dispute.objects.filter(line=row, settled_at=None, answer="")
    if not open_one.update(answer=wording, answered_by_id=actor.person_id, answered_at=DatabaseClock()):
        raise NotYet(LineState(row.state))
    note(actor, "dispute.answered", row)
    if agree:
        _settle(actor, row, Dispute.objects.get(line=row).stands_fen, "")


@use_case
def decide_dispute(actor: Actor, *, line_id: UUID, accepted_fen: int, reason: str) -> None:
    """Split: ``accepted_fen`` of the price stands, money moves for that part; the rest falls away. No less than the buyer accepts
    anyway: only the rest is in dispute. Once the provider has answered, or its time to do so is over.

    Raises ``RightMissing``, ``LineNotFound``, ``ReasonMissing``, ``AmountInvalid``, ``NotHeardYet``, ``NotYet`` (settled already).
    """
    actor.require("dispute.decide")
    wording = check_reason(reason)
    row = Row.objects.filter(id=line_id, dispute__decider_org_id=actor.org).select_related("dispute").first()
    if row is None:
        raise LineNotFound
    if row.dispute.settled_at is not None:
        raise NotYet(LineState(row.state))
    conceded = row.dispute.stands_fen
    share = check_share(accepted_fen, row.price_fen, field="accepted_fen", conceded_fen=conceded)
    if Dispute.objects.filter(
        line=row, settled_at=None, answer="", answer_due_at__gt=DatabaseClock()
    ).exists():
        raise NotHeardYet
    _settle(actor, row, share, wording)


def _settle(actor: Actor, row: Row, accepted_fen: int, decision: str) -> None:
    settled = Dispute.objects.filter(line=row, settled_at=None).update(
        accepted_fen=accepted_fen,
        decision=decision,
        settled_by_id=actor.person_id,
        settled_at=DatabaseClock(),
    )
    if not settled:
        raise NotYet(LineState(row.state))
    step(row, LineState.DISPUTED, to=LineState.ACCEPTED, accepted_fen=accepted_fen)
    note(actor, "dispute.settled", row, accepted_fen=accepted_fen)
    note(actor, "line.accepted", row, accepted_fen=accepted_fen)
