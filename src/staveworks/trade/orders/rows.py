"""Rows as the room hands them out."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from staveworks.foundation.parties.types import title_of
from staveworks.foundation.reservation.types import Used
from staveworks.trade.catalogue.documents import read_document
from staveworks.trade.catalogue.frozen import read_quote
from staveworks.trade.orders.domain import order_state, owed_fen, turn_of
from staveworks.trade.orders.models import Approval as ApprovalRow
from staveworks.trade.orders.models import Dispute as DisputeRow
from staveworks.trade.orders.models import Line as Row
from staveworks.trade.orders.models import Order as OrderRow
from staveworks.trade.orders.models import Part as PartRow
from staveworks.trade.orders.types import Approval, Dispute, Line, LineState, OrderCard, Part, Side

WITH = ("version", "buyer_org", "provider_org", "dispute")
ON_A_CARD = ("order_id", "state", "provider_org_id", "price_fen", "accepted_fen", "fee_fen", "placed_at")
"""What ``order_card`` reads of a line; its documents stay in the database."""


def line_of(row: Row) -> Line:
    """With its parts and its dispute; ``row`` comes with ``WITH`` selected and ``parts`` prefetched."""
    return Line(
        id=row.id,
        order_id=row.order_id,
        place=row.place,
        buyer_org=row.buyer_org_id,
        buyer=title_of(row.buyer_org.name, row.buyer_org.name_en),
        provider_org=row.provider_org_id,
        provider=title_of(row.provider_org.name, row.provider_org.name_en),
        offer_id=row.version.offer_id,
        version_id=row.version_id,
        title=read_document(row.version.content).title,
        mechanism=row.version.mechanism,
        request=row.request,
        quote=read_quote(row.quote),
        price_fen=row.price_fen,
        state=LineState(row.state),
        held_until=row.held_until,
        deadline_at=row.deadline_at,
        accepted_fen=row.accepted_fen,
        fee_fen=row.fee_fen,
        reason=row.reason,
        by_both=row.by_both,
        placed_at=row.placed_at,
        moved_at=row.moved_at,
        parts=tuple(part_of(part) for part in sorted(row.parts.all(), key=lambda part: part.number)),
        dispute=_dispute(row),
    )


def part_of(row: PartRow) -> Part:
    used = tuple(Used(UUID(each["resource"]), each["quantity"]) for each in row.used)
    return Part(row.number, row.note, row.quantity, used, row.last, row.delivered_at)


def approval_of(row: ApprovalRow) -> Approval:
    return Approval(
        id=row.id,
        requested_by=row.requested_by_id,
        requested_at=row.requested_at,
        amount_fen=row.amount_fen,
        limit_fen=row.limit_fen,
        deadline_at=row.deadline_at,
        verdict=row.verdict,
        decided_by=row.decided_by_id,
        decided_at=row.decided_at,
        reason=row.reason,
    )


def order_card(row: OrderRow, lines: Iterable[Row]) -> OrderCard:
    its: Sequence[Row] = list(lines)
    states = [LineState(line.state) for line in its]
    owed = sum(
        owed_fen(state, line.price_fen, line.accepted_fen, line.fee_fen)
        for state, line in zip(states, its, strict=True)
    )
    return OrderCard(
        id=row.id,
        number=row.number,
        state=order_state(states),
        lines=len(its),
        providers=len({line.provider_org_id for line in its}),
        price_fen=owed,
        less_fen=sum(line.price_fen for line in its) - owed,
        turns=sum(turn_of(state) is Side.BUYER for state in states),
        note=row.note,
        made_at=row.made_at,
        placed_at=min((line.placed_at for line in its if line.placed_at), default=None),
    )


def _dispute(row: Row) -> Dispute | None:
    found: DisputeRow | None = getattr(row, "dispute", None)
    if found is None:
        return None
    return Dispute(
        reason=found.reason,
        stands_fen=found.stands_fen,
        opened_at=found.opened_at,
        answer=found.answer,
        answer_due_at=found.answer_due_at,
        answered_at=found.answered_at,
        decider_org=found.decider_org_id,
        decision=found.decision,
        accepted_fen=found.accepted_fen,
        settled_at=found.settled_at,
    )
