"""订单项: what one provider was asked for, from its confirmation to what stands of the price."""

from uuid import UUID

from ninja import Query

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.shapes import Nothing
from staveworks.api.v1.order_shapes import (
    AlternativeOut,
    AlternativesOut,
    AnswerDispute,
    CancelLine,
    CheckInCodeOut,
    DecideDispute,
    Delivered,
    DeliverPart,
    Fee,
    LineFilter,
    LineOut,
    OpenDispute,
    WithReason,
)
from staveworks.api.v1.wishes import MoveLine, WishMade
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.alternatives import list_alternatives
from staveworks.mechanisms.booking.short_codes import in_groups, short_of
from staveworks.mechanisms.booking.usecases.ask_to_move import ask_to_move
from staveworks.mechanisms.booking.usecases.check_in import access_code
from staveworks.trade.orders.queries import access_line, cancellation_fee_of, list_desk, list_disputes
from staveworks.trade.orders.types import LineNotFound, LineState
from staveworks.trade.orders.usecases.accept_line import accept_line
from staveworks.trade.orders.usecases.answer_line import confirm_line, decline_line
from staveworks.trade.orders.usecases.deliver_line import deliver_part, start_line
from staveworks.trade.orders.usecases.dispute_line import answer_dispute, decide_dispute, open_dispute
from staveworks.trade.orders.usecases.end_line import cancel_line, displace_line, record_no_show

router = Resource("lines")
disputes_router = Resource("lines")
READ, PLACE, SERVE, DECIDE = (
    right("order.read"),
    right("order.place"),
    right("line.serve"),
    right("dispute.decide"),
)
MOST = 1000


@router.read("", says=Text(zh="列出接到的订单", en="List lines to deliver"), door=SERVE, answer=Page[LineOut])
def list_desk_lines(request: Call, narrowed: Query[LineFilter], paging: Query[Paging]) -> Page[LineOut]:
    """Lines placed with the organisation, the last moved first; at most 1,000."""
    states = [narrowed.state] if narrowed.state else list(LineState)
    return page_of_all(
        list_desk(request.auth, states=states, newest_first=True, limit=MOST),
        paging=paging,
        listing=f"lines:{narrowed.state or ''}",
        key=lambda line: (line.moved_at.isoformat(), str(line.id)),
        show=LineOut.of,
        newest_first=True,
    )


@router.read("/{uuid:line}", says=Text(zh="看一项", en="Read a line"), door=READ, answer=LineOut)
def read_one_line(request: Call, line: UUID) -> LineOut:
    """For its buyer, its provider, or who decides its dispute."""
    return LineOut.of(access_line(request.auth, line_id=line))


@router.read(
    "/{uuid:line}/alternatives",
    says=Text(zh="别的时间和别处", en="Free times instead"),
    door=READ,
    answer=AlternativesOut,
)
def read_alternatives(request: Call, line: UUID) -> AlternativesOut:
    """Of a booking, at its buyer's prices: the nearest free times, here and in other cities. None of what isn't booked by the time."""
    asked = access_line(request.auth, line_id=line)
    if asked.buyer_org != request.auth.org:
        raise LineNotFound
    found = list_alternatives(request.auth, version_id=asked.version_id, request=asked.request)
    return AlternativesOut(alternatives=[AlternativeOut.of(each) for each in found])


@router.effect(
    "POST",
    "/{uuid:line}/move",
    says=Text(zh="申请改到更早", en="Ask to be moved"),
    door=PLACE,
    answer=WishMade,
    status=201,
)
def ask_to_move_line(request: Call, line: UUID, body: MoveLine) -> WishMade:
    """Of a booking, to an earlier time from a moment on: a place in the waiting list (`/wishes`). The booking stands until it is taken."""
    made = ask_to_move(request.auth, line_id=line, earliest_at=body.earliest_at)
    return WishMade(id=made)


@router.effect(
    "POST",
    "/{uuid:served_line}/confirm",
    says=Text(zh="接单", en="Confirm a line"),
    door=SERVE,
    answer=Nothing,
    takes=None,
)
def confirm_one_line(request: Call, served_line: UUID) -> Nothing:
    """Before its deadline."""
    confirm_line(request.auth, line_id=served_line)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:served_line}/decline",
    says=Text(zh="不接单", en="Decline a line"),
    door=SERVE,
    answer=Nothing,
)
def decline_one_line(request: Call, served_line: UUID, body: WithReason) -> Nothing:
    """What was reserved is free again."""
    decline_line(request.auth, line_id=served_line, reason=body.reason)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:served_line}/start",
    says=Text(zh="开始交付", en="Begin a delivery"),
    door=SERVE,
    answer=Nothing,
    takes=None,
)
def start_one_line(request: Call, served_line: UUID) -> Nothing:
    """The buyer can't cancel any more."""
    start_line(request.auth, line_id=served_line)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:served_line}/parts",
    says=Text(zh="交付", en="Deliver"),
    door=SERVE,
    answer=Delivered,
    status=201,
)
def deliver_one_part(request: Call, served_line: UUID, body: DeliverPart) -> Delivered:
    """In parts or at once. After the last the buyer accepts or disputes within the days agreed."""
    part = deliver_part(
        request.auth, line_id=served_line, text=body.text, last=body.last, quantity=body.quantity
    )
    return Delivered(part=part)


@router.effect(
    "POST",
    "/{uuid:served_line}/displace",
    says=Text(zh="无法交付", en="Displace a line"),
    door=SERVE,
    answer=Nothing,
)
def displace_one_line(request: Call, served_line: UUID, body: WithReason) -> Nothing:
    """The provider can't deliver; the buyer owes nothing."""
    displace_line(request.auth, line_id=served_line, reason=body.reason)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:served_line}/no-show",
    says=Text(zh="对方未到场", en="Record a no-show"),
    door=SERVE,
    answer=Fee,
    takes=None,
)
def record_one_no_show(request: Call, served_line: UUID) -> Fee:
    """After it should have begun."""
    return Fee(fee_fen=record_no_show(request.auth, line_id=served_line))


@router.read(
    "/{uuid:line}/check-in-code",
    says=Text(zh="签到码", en="Read the check-in code"),
    door=READ,
    answer=CheckInCodeOut,
)
def read_check_in_code(request: Call, line: UUID) -> CheckInCodeOut:
    """For whoever booked, from its confirmation until it begins; a QR code of it is scanned at the provider's."""
    code = access_code(request.auth, line_id=line)
    return CheckInCodeOut(code=code, short=in_groups(short_of(line)))


@router.effect(
    "POST",
    "/{uuid:line}/accept",
    says=Text(zh="验收", en="Accept a line"),
    door=PLACE,
    answer=Nothing,
    takes=None,
)
def accept_one_line(request: Call, line: UUID) -> Nothing:
    """Whole; what doesn't stand is disputed."""
    accept_line(request.auth, line_id=line)
    return Nothing()


@router.read(
    "/{uuid:line}/cancellation",
    says=Text(zh="看取消费", en="Read the cancellation fee"),
    door=READ,
    answer=Fee,
)
def read_cancellation_fee(request: Call, line: UUID) -> Fee:
    """What cancelling would cost now; 0 too where it can't be cancelled any more."""
    return Fee(fee_fen=cancellation_fee_of(request.auth, line_id=line) or 0)


@router.effect(
    "POST",
    "/{uuid:line}/cancel",
    says=Text(zh="取消", en="Cancel a line"),
    door=PLACE,
    answer=Fee,
)
def cancel_one_line(request: Call, line: UUID, body: CancelLine) -> Fee:
    """Before delivery, by the terms on which it was ordered."""
    fee = cancel_line(request.auth, line_id=line, reason=body.reason, agreed_fee_fen=body.agreed_fee_fen)
    return Fee(fee_fen=fee)


@router.effect(
    "POST",
    "/{uuid:line}/dispute",
    says=Text(zh="提出争议", en="Open a dispute"),
    door=PLACE,
    answer=Nothing,
    status=201,
)
def open_one_dispute(request: Call, line: UUID, body: OpenDispute) -> Nothing:
    """Within the days agreed for acceptance."""
    open_dispute(request.auth, line_id=line, reason=body.reason, stands_fen=body.stands_fen)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:served_line}/dispute/answer",
    says=Text(zh="答复争议", en="Answer a dispute"),
    door=SERVE,
    answer=Nothing,
)
def answer_one_dispute(request: Call, served_line: UUID, body: AnswerDispute) -> Nothing:
    """The provider's say, once."""
    answer_dispute(request.auth, line_id=served_line, text=body.text, agree=body.agree)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:disputed_line}/dispute/decision",
    says=Text(zh="裁定争议", en="Decide a dispute"),
    door=DECIDE,
    answer=Nothing,
)
def decide_one_dispute(request: Call, disputed_line: UUID, body: DecideDispute) -> Nothing:
    """By the buyer's operator: which part of the price stands, from what the buyer accepts up to all of it."""
    decide_dispute(request.auth, line_id=disputed_line, accepted_fen=body.accepted_fen, reason=body.reason)
    return Nothing()


@disputes_router.read(
    "", says=Text(zh="列出待裁定的争议", en="List disputes to decide"), door=DECIDE, answer=Page[LineOut]
)
def list_open_disputes(request: Call, paging: Query[Paging]) -> Page[LineOut]:
    """Lines whose open dispute the operator decides, the last opened first; at most 1,000."""
    return page_of_all(
        list_disputes(request.auth, newest_first=True, limit=MOST),
        paging=paging,
        listing="disputes",
        key=lambda line: (line.dispute.opened_at.isoformat() if line.dispute else "", str(line.id)),
        show=LineOut.of,
        newest_first=True,
    )
