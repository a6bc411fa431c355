"""Shapes of orders and their lines. Money in fen."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from staveworks.api.shapes import In, Out, Words
from staveworks.cluster.programmes.types import LineShare
from staveworks.mechanisms.booking.types import Alternative
from staveworks.trade.catalogue.frozen import quote_document
from staveworks.trade.orders.domain import LONGEST_REASON
from staveworks.trade.orders.types import Change, Limits, Line, LineState, Order, OrderCard, OrderState

FEN = 10**14
Fen = Annotated[int, Field(ge=0, le=FEN)]
Reason = Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


class UsedOut(Out):
    """So much of a counted resource, such as a stock lot."""

    resource_id: UUID
    quantity: int


class AlternativeOut(Out):
    """A free time. ``request``: what to ask of ``version`` in ``POST /orders/lines`` to have it; ``page``: the page that does. ``km``:
    as the crow flies from what was wanted."""

    offer: UUID
    version: UUID
    title: Words
    provider_name: Words
    city: Words | None
    km: int | None
    starts_at: datetime
    ends_at: datetime
    price_fen: int
    request: dict[str, Any]
    page: str

    @classmethod
    def of(cls, found: Alternative) -> "AlternativeOut":
        return cls(
            offer=found.offer_id,
            version=found.version_id,
            title=Words.of(found.title),
            provider_name=Words.of(found.provider),
            city=Words.maybe(found.city),
            km=found.km,
            starts_at=found.span.starts_at,
            ends_at=found.span.ends_at,
            price_fen=found.price_fen,
            request=dict(found.request),
            page=found.path,
        )


class AlternativesOut(Out):
    alternatives: list[AlternativeOut]


class PartOut(Out):
    """``quantity``: how much of what was reserved it used, where that is counted; ``used``: of which resources."""

    number: int
    note: str
    quantity: int | None
    used: list[UsedOut]
    last: bool
    delivered_at: datetime


class DisputeOut(Out):
    """``stands_fen``: what the buyer accepts of the price; ``accepted_fen``: what stands after all. Before ``answer_due_at`` nobody
    decides without the provider's answer."""

    reason: str
    stands_fen: int
    opened_at: datetime
    answer_due_at: datetime
    answer: str
    answered_at: datetime | None
    decision: str
    accepted_fen: int | None
    settled_at: datetime | None


class CheckInCodeOut(Out):
    """``short``: to type where nothing scans."""

    code: str
    short: str


class LineOut(Out):
    """``deadline_at``: when what it waits for lapses. ``accepted_fen``: what stands of the price; ``fee_fen``: owed though it
    fell away; ``by_both``: it fell away because both sides agreed on something else. ``quote``: frozen when the line was
    priced: parts, what is held, cancellation terms, moments."""

    id: UUID
    order: UUID
    place: int
    buyer: UUID
    provider: UUID
    provider_name: Words
    offer: UUID
    version: UUID
    title: Words
    mechanism: str
    request: dict[str, Any]
    quote: dict[str, Any]
    price_fen: int
    state: LineState
    by_both: bool
    held_until: datetime | None
    deadline_at: datetime | None
    accepted_fen: int | None
    fee_fen: int
    reason: str
    placed_at: datetime | None
    moved_at: datetime
    parts: list[PartOut]
    dispute: DisputeOut | None

    @classmethod
    def of(cls, line: Line) -> "LineOut":
        return cls(
            id=line.id,
            order=line.order_id,
            place=line.place,
            buyer=line.buyer_org,
            provider=line.provider_org,
            provider_name=Words.of(line.provider),
            offer=line.offer_id,
            version=line.version_id,
            title=Words.of(line.title),
            mechanism=line.mechanism,
            request=dict(line.request),
            quote=quote_document(line.quote),
            price_fen=line.price_fen,
            state=line.state,
            by_both=line.by_both,
            held_until=line.held_until,
            deadline_at=line.deadline_at,
            accepted_fen=line.accepted_fen,
            fee_fen=line.fee_fen,
            reason=line.reason,
            placed_at=line.placed_at,
            moved_at=line.moved_at,
            parts=[PartOut.model_validate(part) for part in line.parts],
            dispute=DisputeOut.model_validate(line.dispute) if line.dispute else None,
        )


class OrderOut(Out):
    """``turns``: lines that wait for the buyer. The state follows from the lines. ``price_fen``: what is owed as things stand,
    ``less_fen`` less than was ordered, for what fell away or was settled for less."""

    id: UUID
    number: int
    state: OrderState
    lines: int
    providers: int
    price_fen: int
    less_fen: int
    turns: int
    note: str
    made_at: datetime
    placed_at: datetime | None

    @classmethod
    def of(cls, card: OrderCard) -> "OrderOut":
        return cls.model_validate(card)


class ApprovalOut(Out):
    """``verdict``: empty until somebody has decided, then ``approved``, ``refused`` or ``lapsed``."""

    requested_at: datetime
    amount_fen: int
    limit_fen: int
    deadline_at: datetime
    verdict: str
    decided_at: datetime | None
    reason: str


class LineShareOut(Out):
    """What a voucher pays of a line: ``used`` once it is accepted, expected before."""

    line: UUID
    programme: Words
    fen: int
    used: bool


class OrderWithLines(Out):
    """``held_until``: when what is held is let go. ``vouchers``: of lines of which one pays something."""

    order: OrderOut
    lines: list[LineOut]
    approval: ApprovalOut | None
    held_until: datetime | None
    vouchers: list[LineShareOut]

    @classmethod
    def of(cls, order: Order, shares: Mapping[UUID, LineShare]) -> "OrderWithLines":
        return cls(
            order=OrderOut.of(order.card),
            lines=[LineOut.of(line) for line in order.lines],
            approval=ApprovalOut.model_validate(order.approval) if order.approval else None,
            held_until=order.held_until,
            vouchers=[
                LineShareOut(line=line, programme=Words.of(share.name), fen=share.fen, used=share.used)
                for line, share in shares.items()
            ],
        )


class PriceChangeOut(Out):
    """A line that costs something else now; ``new_fen`` null: it can't be ordered any more."""

    line: UUID
    title: Words
    old_fen: int
    new_fen: int | None
    why: Words

    @classmethod
    def of(cls, change: Change) -> "PriceChangeOut":
        return cls(
            line=change.line_id,
            title=Words.of(change.title),
            old_fen=change.old_fen,
            new_fen=change.new_fen,
            why=Words.of(change.why),
        )


class PriceChanges(Out):
    changes: list[PriceChangeOut]


class LineMade(Out):
    """``order``: the draft it stands in."""

    id: UUID
    order: UUID


class Held(Out):
    """Null: the order needs nothing that is scarce."""

    held_until: datetime | None


class Placed(Out):
    """``running``, or ``awaiting_approval`` where the order is above the firm's limit."""

    state: OrderState


class Fee(Out):
    fee_fen: int


class Delivered(Out):
    """The number of the part."""

    part: int


class LimitsOut(Out):
    """Above ``limit_fen`` somebody else approves; a sole owner approves her own orders up to ``own_fen``."""

    limit_fen: int
    own_fen: int
    set_here: bool

    @classmethod
    def of(cls, limits: Limits) -> "LimitsOut":
        return cls.model_validate(limits)


class AddLine(In):
    """``request``: what the offer's form asks. ``order``: a draft of the organisation; by default your own newest, made if there is none."""

    version: UUID
    request: dict[str, Any] = Field(default_factory=dict)
    order: UUID | None = None


class ChangeLine(In):
    request: dict[str, Any]


class NoteOrder(In):
    """What the order is for, in the firm's own words; no provider reads them."""

    note: Annotated[str, Field(max_length=200)]


class PlaceOrder(In):
    """``expected_fen``: the sum that you saw; another one is refused."""

    expected_fen: Fen | None = None


class WithReason(In):
    reason: Reason


class SetLimit(In):
    """Null: as the cluster's rule says."""

    limit_fen: Fen | None


class CancelLine(In):
    """``agreed_fee_fen``: the fee that you saw; a higher one is refused."""

    reason: Annotated[str, Field(max_length=LONGEST_REASON)] = ""
    agreed_fee_fen: Fen | None = None


class DeliverPart(In):
    """``last``: nothing more comes. ``quantity``: how much of what is reserved this part used, where that is counted."""

    text: Reason
    last: bool
    quantity: Annotated[int, Field(ge=1, le=FEN)] | None = None


class OpenDispute(In):
    """``stands_fen``: what you accept of the price; only the rest is in dispute."""

    reason: Reason
    stands_fen: Fen


class AnswerDispute(In):
    """``agree``: what the buyer accepts stands, and the dispute is over."""

    text: Reason
    agree: bool


class DecideDispute(In):
    """``accepted_fen``: the part of the price that stands; not below the dispute's ``stands_fen``."""

    accepted_fen: Fen
    reason: Reason


class LineFilter(In):
    state: LineState | None = None
