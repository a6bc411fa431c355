"""Public words of the room: segments, campaigns, calls, and what is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from staveworks.foundation.notices.messages.types import DeliveryState, Form, Param
from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.text import Text


class CampaignState(StrEnum):
    """How far a campaign is."""

    DRAFT = "draft"
    SENDING = "sending"
    SENT = "sent"
    STOPPED = "stopped"

    @property
    def text(self) -> Text:
        return STATE_TEXTS[self]


STATE_TEXTS = {
    CampaignState.DRAFT: Text(zh="草稿", en="draft"),
    CampaignState.SENDING: Text(zh="正在发", en="being sent"),
    CampaignState.SENT: Text(zh="已发出", en="sent"),
    CampaignState.STOPPED: Text(zh="已停下", en="stopped"),
}
CAMPAIGN_EDGES = [
    (CampaignState.DRAFT, CampaignState.SENDING),
    (CampaignState.SENDING, CampaignState.SENT),
    (CampaignState.SENDING, CampaignState.STOPPED),
    (CampaignState.STOPPED, CampaignState.SENDING),
]


class TargetState(StrEnum):
    """What became of one firm of a campaign."""

    WAITING = "waiting"
    QUEUED = "queued"
    SKIPPED = "skipped"
    UNREACHABLE = "unreachable"

    @property
    def text(self) -> Text:
        return TARGET_TEXTS[self]


TARGET_TEXTS = {
    TargetState.WAITING: Text(zh="待发", en="waiting"),
    TargetState.QUEUED: Text(zh="已发消息", en="message sent"),
    TargetState.SKIPPED: Text(zh="已被认领，没有发", en="claimed meanwhile, not sent"),
    TargetState.UNREACHABLE: Text(zh="没有可用地址", en="no usable address"),
}
TARGET_EDGES = [
    (TargetState.WAITING, TargetState.QUEUED),
    (TargetState.WAITING, TargetState.SKIPPED),
    (TargetState.WAITING, TargetState.UNREACHABLE),
]


class CallOutcome(StrEnum):
    """How a call went."""

    REACHED = "reached"
    WILL_CLAIM = "will_claim"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    DECLINED = "declined"

    @property
    def text(self) -> Text:
        return OUTCOME_TEXTS[self]


OUTCOME_TEXTS = {
    CallOutcome.REACHED: Text(zh="已通话", en="talked"),
    CallOutcome.WILL_CLAIM: Text(zh="答应认领", en="will claim"),
    CallOutcome.NO_ANSWER: Text(zh="没接", en="no answer"),
    CallOutcome.WRONG_NUMBER: Text(zh="号码不对", en="wrong number"),
    CallOutcome.DECLINED: Text(zh="暂不参加", en="declined"),
}


@dataclass(frozen=True, slots=True)
class Segment:
    """Unclaimed firms of the operator, narrowed; empty fields narrow nothing. ``city``: GB/T 2260, zeros at its end cover all below.

    ``reach``: "phone", "email" or "none" held; ``invited``: "yes" or "no" before; ``staff_from``: at least so many employees.
    """

    city: str = ""
    business_type: str = ""
    reach: str = ""
    invited: str = ""
    staff_from: int | None = None


@dataclass(frozen=True, slots=True)
class SegmentCount:
    """How many firms a segment has, and how they can be reached."""

    firms: int
    by_email: int
    by_phone: int

    @property
    def unreachable(self) -> int:
        return self.firms - self.by_email - self.by_phone


@dataclass(frozen=True, slots=True)
class Sample:
    """A firm of a segment and what its message is filled in with, for each way that will be used."""

    form: Form
    firm: Text
    params: Mapping[str, Param]


@dataclass(frozen=True, slots=True)
class CampaignCard:
    """A campaign as lists show it; ``claimed`` of its firms were taken over since it began."""

    id: UUID
    name: str
    segment: Segment
    state: CampaignState
    created_at: datetime
    started_at: datetime | None
    firms: int
    waiting: int
    queued: int
    unreachable: int
    claimed: int

    @property
    def done(self) -> int:
        return self.firms - self.waiting


@dataclass(frozen=True, slots=True)
class Target:
    """One firm of a campaign."""

    firm_id: UUID
    title: Text
    city: Text | None
    state: TargetState
    claimed: bool
    delivery: DeliveryState | None = None
    """How far the message got, once it was handed over."""

    @property
    def said(self) -> Text:
        """What became of the message."""
        return self.delivery.text if self.delivery else self.state.text


@dataclass(frozen=True, slots=True)
class CallNote:
    """One call: who, when, how it went."""

    id: UUID
    person: str
    outcome: CallOutcome
    note: str
    at: datetime
    next_date: date | None


@dataclass(frozen=True, slots=True)
class CallRow:
    """A firm on the call list; ``due`` is when to call (again), None if nobody has called it yet."""

    firm_id: UUID
    title: Text
    city: Text | None
    contact: str
    phone: str
    due: date | None
    last: CallNote | None
    invited: bool


class CampaignNotFound(NotFound):
    text = Text(zh="没有这个活动，或您看不到它。", en="No such campaign, or none you can see.")


class CampaignNameMissing(Invalid):
    text = Text(zh="请给活动起个名字。", en="Give the campaign a name.")


class SegmentEmpty(Invalid):
    text = Text(zh="这些条件下没有企业。放宽一个条件再试。", en="No firm matches. Take a condition away.")


class CampaignMoved(Refused):
    text = Text(
        zh="这个活动已经不在那一步了。请刷新再看。",
        en="The campaign has moved on. Reload to see where it stands.",
    )


class FirmNotHeld(NotFound):
    text = Text(
        zh="这家企业不由您代管，或已被认领。", en="You don't hold this firm, or it was claimed meanwhile."
    )


class NextDatePast(Invalid):
    text = Text(zh="下次联系请选今天或以后。", en="The next call is today or later.")
