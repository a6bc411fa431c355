"""Public words of the room: states of a line, what is read, what is refused. Money in fen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from staveworks.foundation.reservation.types import NotFree, Obstacle, Used
from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.figures import money
from staveworks.kit.spans import Span
from staveworks.kit.text import Text
from staveworks.trade.catalogue.quotes import Quote


class LineState(StrEnum):
    """How far a line has come. Whose turn it is follows from it (``domain.turn_of``)."""

    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    PLACED = "placed"
    CONFIRMED = "confirmed"
    IN_DELIVERY = "in_delivery"
    DELIVERED = "delivered"
    DISPUTED = "disputed"
    ACCEPTED = "accepted"
    SETTLED = "settled"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    DISPLACED = "displaced"
    NO_SHOW = "no_show"

    @property
    def text(self) -> Text:
        return STATE_TEXTS[self]


STATE_TEXTS = {
    LineState.DRAFT: Text(zh="草稿", en="Draft"),
    LineState.AWAITING_APPROVAL: Text(zh="待审批", en="Awaiting approval"),
    LineState.PLACED: Text(zh="已下单", en="Placed"),
    LineState.CONFIRMED: Text(zh="已确认", en="Confirmed"),
    LineState.IN_DELIVERY: Text(zh="交付中", en="In delivery"),
    LineState.DELIVERED: Text(zh="已交付", en="Delivered"),
    LineState.DISPUTED: Text(zh="有争议", en="Disputed"),
    LineState.ACCEPTED: Text(zh="已验收", en="Accepted"),
    LineState.SETTLED: Text(zh="已结清", en="Settled"),
    LineState.DECLINED: Text(zh="对方未接", en="Declined"),
    LineState.EXPIRED: Text(zh="过期未接", en="Not answered"),
    LineState.CANCELLED: Text(zh="已取消", en="Cancelled"),
    LineState.DISPLACED: Text(zh="对方取消", en="Displaced"),
    LineState.NO_SHOW: Text(zh="未到场", en="No show"),
}

BY_BOTH = Text(zh="双方改约", en="Changed by both sides")

EDGES = [
    (LineState.DRAFT, LineState.AWAITING_APPROVAL),
    (LineState.DRAFT, LineState.PLACED),
    (LineState.AWAITING_APPROVAL, LineState.DRAFT),
    (LineState.AWAITING_APPROVAL, LineState.PLACED),
    (LineState.PLACED, LineState.CONFIRMED),
    (LineState.PLACED, LineState.DECLINED),
    (LineState.PLACED, LineState.EXPIRED),
    (LineState.PLACED, LineState.CANCELLED),
    (LineState.CONFIRMED, LineState.IN_DELIVERY),
    (LineState.CONFIRMED, LineState.DELIVERED),
    (LineState.CONFIRMED, LineState.CANCELLED),
    (LineState.CONFIRMED, LineState.DISPLACED),
    (LineState.CONFIRMED, LineState.NO_SHOW),
    (LineState.IN_DELIVERY, LineState.DELIVERED),
    (LineState.IN_DELIVERY, LineState.DISPLACED),
    (LineState.DELIVERED, LineState.ACCEPTED),
    (LineState.DELIVERED, LineState.DISPUTED),
    (LineState.DISPUTED, LineState.ACCEPTED),
    (LineState.ACCEPTED, LineState.SETTLED),
]

OVER = frozenset(
    {
        LineState.SETTLED,
        LineState.DECLINED,
        LineState.EXPIRED,
        LineState.CANCELLED,
        LineState.DISPLACED,
        LineState.NO_SHOW,
    }
)
"""Nothing follows."""
FELL_AWAY = OVER - {LineState.SETTLED}


class Side(StrEnum):
    """Who has to act."""

    BUYER = "buyer"
    PROVIDER = "provider"
    DECIDER = "decider"


class OrderState(StrEnum):
    """Derived from the lines, stored nowhere."""

    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    RUNNING = "running"
    DONE = "done"
    FELL_THROUGH = "fell_through"

    @property
    def text(self) -> Text:
        return ORDER_TEXTS[self]


ORDER_TEXTS = {
    OrderState.DRAFT: Text(zh="草稿", en="Draft"),
    OrderState.AWAITING_APPROVAL: Text(zh="待审批", en="Awaiting approval"),
    OrderState.RUNNING: Text(zh="进行中", en="Under way"),
    OrderState.DONE: Text(zh="已完成", en="Done"),
    OrderState.FELL_THROUGH: Text(zh="未成", en="Fell through"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One delivery of a line. ``quantity``: how much of what was reserved it used, where that is counted; ``used``: of which
    resources, such as lots."""

    number: int
    note: str
    quantity: int | None
    used: tuple[Used, ...]
    last: bool
    delivered_at: datetime


@dataclass(frozen=True, slots=True)
class Dispute:
    """``stands_fen``: what the buyer accepts of the price; ``accepted_fen``: what stands after all, once it is settled. Until
    ``answer_due_at`` nobody decides without the provider's answer; it may still give one later, as long as nobody has."""

    reason: str
    stands_fen: int
    opened_at: datetime
    answer: str
    answer_due_at: datetime
    answered_at: datetime | None
    decider_org: UUID
    decision: str
    accepted_fen: int | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """One offer ordered of one provider. ``deadline_at``: when what it waits for lapses. ``accepted_fen``: what stands of the
    price; ``fee_fen``: what is owed though it fell away; ``by_both``: it fell away because both sides agreed on something else."""

    id: UUID
    order_id: UUID
    place: int
    buyer_org: UUID
    buyer: Text
    provider_org: UUID
    provider: Text
    offer_id: UUID
    version_id: UUID
    title: Text
    mechanism: str
    request: Mapping[str, Any]
    quote: Quote
    price_fen: int
    state: LineState
    held_until: datetime | None
    deadline_at: datetime | None
    accepted_fen: int | None
    fee_fen: int
    reason: str
    placed_at: datetime | None
    moved_at: datetime
    parts: tuple[Part, ...] = ()
    dispute: Dispute | None = None
    by_both: bool = False

    @property
    def state_text(self) -> Text:
        """The state in words; nobody let the other down where both agreed."""
        return BY_BOTH if self.by_both else self.state.text


@dataclass(frozen=True, slots=True)
class Approval:
    """A request to place an order above the firm's limit. ``verdict``: empty until somebody decides."""

    id: UUID
    requested_by: UUID | None
    requested_at: datetime
    amount_fen: int
    limit_fen: int
    deadline_at: datetime
    verdict: str
    decided_by: UUID | None
    decided_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class OrderCard:
    """An order as lists show it. ``providers``: how many; ``turns``: lines that wait for the buyer; ``price_fen``: what is owed as
    things stand, ``less_fen`` less than was ordered, for what fell away or was settled for less."""

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


@dataclass(frozen=True, slots=True)
class Order:
    """An order of the reader's organisation with its lines and the latest request for approval."""

    card: OrderCard
    lines: tuple[Line, ...]
    approval: Approval | None
    held_until: datetime | None


@dataclass(frozen=True, slots=True)
class Added:
    """A line, and the draft in which it stands. ``unheld``: that was held, which its change gave back."""

    line_id: UUID
    order_id: UUID
    unheld: bool = False


@dataclass(frozen=True, slots=True)
class Parties:
    """The organisations that a line concerns; ``decider`` once it is disputed."""

    buyer: UUID | None
    provider: UUID | None
    decider: UUID | None


@dataclass(frozen=True, slots=True)
class Placed:
    """In which order something is, and how far it has come."""

    order_id: UUID
    state: LineState


@dataclass(frozen=True, slots=True)
class Limits:
    """Above ``limit_fen`` somebody else approves; a sole owner may approve her own orders up to ``own_fen``. ``set_here``: the
    firm chose its limit itself, else the cluster's rule holds."""

    limit_fen: int
    own_fen: int
    set_here: bool
    rule: str


@dataclass(frozen=True, slots=True)
class Change:
    """A line costs something else than the buyer saw; ``new_fen`` None: it can't be ordered any more, ``why`` says it."""

    line_id: UUID
    title: Text
    old_fen: int
    new_fen: int | None
    why: Text

    @property
    def text(self) -> Text:
        """The old price, the new one, and why."""
        new = money(self.new_fen) if self.new_fen is not None else "–"
        return Text(
            zh=f"原价 {money(self.old_fen)}，现价 {new}。{self.why.zh}",
            en=f"It was {money(self.old_fen)} and is {new} now. {self.why.en}",
        )


class OrderNotFound(NotFound):
    text = Text(zh="没有这张订单，或您看不到它。", en="No such order, or none you can see.")


class LineNotFound(NotFound):
    text = Text(zh="没有这一项，或您看不到它。", en="No such line, or none you can see.")


class NothingOrdered(Refused):
    text = Text(zh="订单里还没有东西。", en="The order is empty.")


class NotADraft(Refused):
    text = Text(zh="订单已提交，不能再改。", en="The order is placed and can't be changed any more.")


class BeforeItsTime(Refused):
    """What is booked for a time was neither begun nor used weeks before it."""

    text = Text(
        zh="还早：预约的时间是 {at}，{first} 起才能签到、开始或交付。",
        en="Early: it is booked for {at}. Check in, begin or deliver from {first} on.",
    )


class DeliveredElsewhere(Refused):
    """Its mechanism delivers it in its own way, and says how: nobody's word does."""

    text = Text(zh="这一项不能只凭说明交付。", en="A word doesn't deliver this line.")


class NotYet(Refused):
    """The line is in another state than the act needs: somebody was quicker, or it lapsed."""

    text = Text(
        zh="这一项现在是“{state}”，不能这样做。请刷新页面。",
        en="This line is “{state}” now, so this can't be done. Load the page again.",
    )

    def __init__(self, state: LineState) -> None:
        words = type(self).text
        super().__init__(
            Text(zh=words.zh.format(state=state.text.zh), en=words.en.format(state=state.text.en))
        )
        self.state = state


class Lapsed(Refused):
    text = Text(zh="期限已过，这一项已失效。", en="Its deadline has passed: the line has lapsed.")


class PriceChanged(Refused):
    """Prices or offers changed since the buyer saw them: nothing new is held or placed, what was held still is; she decides."""

    text = Text(
        zh="价格在您下单期间变了。请看新价，再决定。",
        en="Prices changed while you were ordering. See the new ones and decide.",
    )

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__()
        self.changes = tuple(changes)
        self.particulars = tuple((str(each.line_id), each.text) for each in changes)


@dataclass(frozen=True, slots=True)
class Missing:
    """What a line needs and can't have: how much is left of it, and the nearest spans that are free."""

    line_id: UUID
    title: Text
    obstacle: Obstacle
    alternatives: tuple[Span, ...]
    free: int = 0

    @property
    def text(self) -> Text:
        """What stands in its way; of an amount, what is left, if anything."""
        said = self.obstacle.text
        if self.obstacle is not Obstacle.TAKEN or not self.free:
            return said
        return Text(zh=f"{said.zh}还剩 {self.free}。", en=f"{said.en} {self.free} left.")


class LinesNotFree(Refused):
    """Nothing new is held, what was held before still is. ``missing`` says of each line that can't be had why, and what is nearest."""

    text = NotFree.text

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__()
        self.missing = tuple(missing)
        self.particulars = tuple((str(each.line_id), each.text) for each in missing)


class NotHeldYet(Refused):
    text = Text(zh="请先占住，再下单。", en="Hold the order first, then place it.")


class ApprovalNotFound(NotFound):
    text = Text(zh="没有待审批的申请。", en="There is no request for approval.")


class ApprovalOver(Refused):
    """Somebody was quicker, or its time is over; ``DECIDED`` says what became of it."""

    text = Text(zh="这次审批已有结果。", en="This approval is decided.")


DECIDED = {
    "approved": Text(zh="这张订单已经批准并下单。", en="The order was approved and placed."),
    "refused": Text(zh="没有批准，订单已退回草稿。", en="It was refused; the order is a draft again."),
    "recalled": Text(zh="已经撤回，订单是草稿。", en="It was taken back; the order is a draft again."),
    "lapsed": Text(
        zh="审批已过期，订单退回草稿。", en="The time to approve it is over; the order is a draft again."
    ),
}
"""By the verdict of the last request for approval."""


class ApproverIsRequester(Refused):
    text = Text(
        zh="提交的人不能自己审批，请另一位有审批权限的人来定。",
        en="Whoever asked for approval can't give it. Somebody else with the right has to.",
    )


class ReasonMissing(Invalid):
    text = Text(zh="请写明理由，对方会看到。", en="Give a reason; the other side will read it.")


class AmountInvalid(Invalid):
    text = Text(zh="填 {least} 到 {most} 之间的金额。", en="An amount from {least} to {most}.")


class LimitInvalid(Invalid):
    text = Text(zh="限额是 0 或以上的金额。", en="A limit is an amount of 0 or more.")


class QuantityInvalid(Invalid):
    text = Text(
        zh="数量要大于 0，且不超过还没交付的。", en="More than 0 and no more than is left to deliver."
    )


class OwnOffer(Refused):
    text = Text(
        zh="这是本单位自己的服务，不能向自己下单。",
        en="This is your own offer: you can't order from yourself.",
    )


class NobodyToApprove(Refused):
    text = Text(
        zh="这张订单超过您能自己审批的金额，单位里没有别人能审批。请负责人先邀请一位，或分开下单。",
        en="The order is above what you may approve yourself, and nobody else here can. Have an owner invite somebody, or order less.",
    )


class DearerThanApproved(Refused):
    text = Text(
        zh="新时间更贵，又超过审批限额。请另下订单，等批准后再取消原来的。",
        en="The new time costs more, and is above your limit. Order it anew, and cancel this one once it is approved.",
    )


class DeciderIsParty(Refused):
    text = Text(
        zh="裁定争议的一方不能是买卖双方。请联系运营方。",
        en="Whoever decides a dispute can't be a party to it. Ask the operator.",
    )


class ProviderAccepts(Refused):
    """By the buyer's mandate its provider may order, but not say that its own delivery stands, or how much of it."""

    text = Text(
        zh="这是您自己一方交付的：受托代办的人不能替买方验收或提出争议，请买方本单位的人来办。",
        en="Your own side delivered this. A mandate doesn't let you accept or dispute it for the buyer: somebody of the buyer's has to.",
    )


class ProviderCancels(Refused):
    """By the buyer's mandate its provider doesn't call off what it has confirmed: the fee would be its own, and the fault the buyer's."""

    text = Text(
        zh="这是您自己一方已经接下的：受托代办的人不能替买方取消，请买方本单位的人来办；做不了的，以服务方身份退掉。",
        en="Your own side has taken this on, so a mandate doesn't let you cancel it for the buyer: somebody of the buyer's has to. "
        "If you can't deliver, say so as its provider.",
    )


class NotHeardYet(Refused):
    text = Text(
        zh="服务方还没有答复，期限未到。等它答复，或过了期限再裁定。",
        en="The provider hasn't answered and still may. Decide once it has, or once its time is over.",
    )


class FeeChanged(Refused):
    """``fee_fen``: what cancelling costs by now."""

    text = Text(
        zh="取消费变了，还没有取消。请看清再决定。",
        en="The fee has changed; nothing was cancelled. See it and decide.",
    )

    def __init__(self, fee_fen: int) -> None:
        super().__init__()
        self.fee_fen = fee_fen


class NotBegunYet(Refused):
    text = Text(zh="还没到约定的时间。", en="It hasn't begun yet.")
