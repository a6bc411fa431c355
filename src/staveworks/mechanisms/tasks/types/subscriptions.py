"""What is ordered anew each period: its states, its price, what was done with it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.text import Text


class Period(StrEnum):
    """How often a subscription is ordered anew."""

    MONTH = "month"
    QUARTER = "quarter"

    @property
    def text(self) -> Text:
        return Text(zh="月", en="month") if self is Period.MONTH else Text(zh="季度", en="quarter")

    @property
    def months(self) -> int:
        return 1 if self is Period.MONTH else 3


class SubscriptionState(StrEnum):
    """Derived, stored nowhere."""

    RUNNING = "running"
    PAUSED = "paused"
    HELD = "held"
    ENDING = "ending"
    ENDED = "ended"

    @property
    def text(self) -> Text:
        return SUBSCRIPTION_TEXTS[self]


SUBSCRIPTION_TEXTS = {
    SubscriptionState.RUNNING: Text(zh="进行中", en="Running"),
    SubscriptionState.PAUSED: Text(zh="已暂停", en="Paused"),
    SubscriptionState.HELD: Text(zh="新价待批准，先停", en="Stopped until its new price is approved"),
    SubscriptionState.ENDING: Text(zh="本期后结束", en="Ends after this period"),
    SubscriptionState.ENDED: Text(zh="已结束", en="Ended"),
}


class MoveKind(StrEnum):
    """What was done with a subscription."""

    PAUSED = "paused"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True)
class SubscriptionPeriod:
    """``line_id`` None: it was paused or not approved when it began, and costs nothing."""

    number: int
    starts_date: date
    line_id: UUID | None
    price_fen: int


@dataclass(frozen=True, slots=True)
class PriceNotice:
    """From period ``number`` on it costs ``price_fen``. ``kept``: the buyer has said that she goes on; ``to_approve``: in her
    firm that takes the right to approve orders (shown to the buyer only)."""

    number: int
    from_date: date
    price_fen: int
    kept: bool
    to_approve: bool


@dataclass(frozen=True, slots=True)
class Subscription:
    """``next_date``, ``next_fen``: the next period that will be ordered, and what it costs; None once it ends."""

    id: UUID
    title: Text
    buyer_org: UUID
    buyer: Text
    provider_org: UUID
    provider: Text
    period: Period
    notice_days: int
    state: SubscriptionState
    price_fen: int
    next_date: date | None
    next_fen: int | None
    ends_date: date | None
    periods: tuple[SubscriptionPeriod, ...]
    notice: PriceNotice | None


class SubscriptionNotFound(NotFound):
    text = Text(zh="没有这项订阅，或您看不到它。", en="No such subscription, or none you can see.")


class SubscriptionMoved(Refused):
    text = Text(
        zh="这项订阅已不是您看到的样子，请刷新页面。",
        en="The subscription isn't as you saw it any more. Load the page again.",
    )


class PriceInvalid(Invalid):
    text = Text(zh="填一个和现在不同的价格。", en="Enter a price other than the present one.")
