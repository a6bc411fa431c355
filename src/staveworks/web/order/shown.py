"""How lines and orders are shown: whose turn it is as a badge, where they stand as a track."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.utils import timezone

from staveworks.cluster.programmes.types import LineShare
from staveworks.kit.text import Text
from staveworks.trade.orders.domain import owed_fen, turn_of
from staveworks.trade.orders.types import FELL_AWAY, Line, LineState, OrderState, Side

YOURS = Text(zh="轮到您", en="your turn")
WAITING = {
    Side.BUYER: Text(zh="等买方", en="waiting for the buyer"),
    Side.PROVIDER: Text(zh="等对方", en="waiting for the provider"),
    Side.DECIDER: Text(zh="等裁定", en="waiting for a decision"),
}
TO_DO = {
    LineState.PLACED: Text(zh="待接单", en="new: to answer"),
    LineState.CONFIRMED: Text(zh="待交付", en="to deliver"),
    LineState.IN_DELIVERY: Text(zh="交付中", en="in delivery"),
    LineState.DISPUTED: Text(zh="争议待答复", en="dispute to answer"),
}
"""What the provider has to do, on the row: an order to answer is no delivery to make."""
NEXT = {
    LineState.PLACED: Text(zh="待确认", en="To confirm"),
    LineState.CONFIRMED: Text(zh="待交付", en="To deliver"),
    LineState.DELIVERED: Text(zh="待验收", en="To accept"),
}
"""The step that is under way once one is done: what is confirmed isn't being confirmed any more."""
TO_DELIVER = Text(zh="等对方交付", en="waiting for delivery")
TO_ANSWER = Text(zh="等服务方答复", en="waiting for the provider’s answer")
TO_CONFIRM = Text(zh="等对方确认", en="waiting for confirmation")
PATH = (LineState.PLACED, LineState.CONFIRMED, LineState.IN_DELIVERY, LineState.DELIVERED, LineState.ACCEPTED)
REACHED = {
    LineState.SETTLED: LineState.ACCEPTED,
    LineState.DISPUTED: LineState.DELIVERED,
}
Badge = tuple[str, Text]


@dataclass(frozen=True, slots=True)
class Shown:
    """A line with its badge for one side and its track."""

    line: Line
    badge: Badge
    steps: tuple[tuple[Text, str], ...]
    share: LineShare | None = None
    """What a voucher pays of it, for its buyer."""

    @property
    def owed_fen(self) -> int:
        """What it costs as things stand."""
        line = self.line
        return owed_fen(line.state, line.price_fen, line.accepted_fen, line.fee_fen)


def side_of(line: Line, org: UUID) -> Side:
    if org == line.buyer_org:
        return Side.BUYER
    return Side.PROVIDER if org == line.provider_org else Side.DECIDER


def show(line: Line, org: UUID, share: LineShare | None = None) -> Shown:
    return Shown(line, badge_of(line, side_of(line, org)), tuple(_steps(line)), share)


def badge_of(line: Line, side: Side) -> Badge:
    """The shape and the word of a line's state, for one of its sides."""
    turn = turn_of(line.state)
    if (
        line.state is LineState.DISPUTED
        and side is Side.PROVIDER
        and line.dispute
        and not line.dispute.answer
    ):
        return "yours", TO_DO[line.state]
    if unheard(line):
        return "waiting", TO_ANSWER
    if line.state is LineState.AWAITING_APPROVAL:
        return "waiting", line.state.text
    if turn is side and line.state is not LineState.DRAFT:
        return "yours", TO_DO.get(line.state, YOURS) if side is Side.PROVIDER else YOURS
    if turn is None or line.state is LineState.DRAFT:
        over = line.state in FELL_AWAY or line.state is LineState.DRAFT
        return ("over" if over else "done"), line.state_text
    waits = {LineState.PLACED: TO_CONFIRM, LineState.CONFIRMED: TO_DELIVER}
    return "waiting", waits.get(line.state, WAITING[turn])


def unheard(line: Line) -> bool:
    """Whether the provider may still answer a dispute, before which nobody decides."""
    found = line.dispute
    return (
        line.state is LineState.DISPUTED
        and found is not None
        and not found.answer
        and found.answer_due_at > timezone.now()
    )


def urgency(line: Line) -> tuple[datetime, UUID]:
    """What lapses first comes first: the deadline of an answer, else when it begins or is due."""
    at = line.deadline_at or line.quote.starts_at or line.quote.due_at
    return at or datetime.max.replace(tzinfo=UTC), line.id


def order_badge(state: OrderState, turns: int) -> Badge:
    """Of an order, for its buyer."""
    if state is OrderState.AWAITING_APPROVAL:
        return "waiting", state.text
    if state is OrderState.RUNNING:
        return ("yours", YOURS) if turns else ("running", state.text)
    return ("done" if state is OrderState.DONE else "over"), state.text


def _steps(line: Line) -> Iterator[tuple[Text, str]]:
    """Done, now, next; where it fell away the track ends there."""
    if line.state in (LineState.DRAFT, LineState.AWAITING_APPROVAL):
        return
    if line.state in FELL_AWAY:
        yield LineState.PLACED.text, "done"
        yield line.state_text, "now"
        return
    reached = PATH.index(REACHED.get(line.state, line.state))
    over = line.state in NEXT or line.state in (LineState.ACCEPTED, LineState.SETTLED)
    now = reached + 1 if over else reached
    for place, state in enumerate(PATH):
        if place == now:
            yield NEXT.get(line.state, line.state.text), "now"
        else:
            yield state.text, "done" if place < now else "next"
