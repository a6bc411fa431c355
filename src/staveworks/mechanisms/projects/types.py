"""Public words of the room: requests, sealed proposals, contracts by milestones, what is read, what is refused. Money in fen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.text import Text
from staveworks.trade.orders.types import LineState


class RequestKind(StrEnum):
    """What is looked for: a project with something new at its end, or hands and machines for work that is known."""

    PROJECT = "project"
    PROCESSING = "processing"

    @property
    def text(self) -> Text:
        return KIND_TEXTS[self]


KIND_TEXTS = {
    RequestKind.PROJECT: Text(zh="项目", en="Project"),
    RequestKind.PROCESSING: Text(zh="加工活", en="Processing work"),
}


class RequestState(StrEnum):
    """As stored. What the clock makes of an open request is its ``Phase``."""

    DRAFT = "draft"
    OPEN = "open"
    AWARDED = "awarded"
    CLOSED = "closed"


EDGES = [
    (RequestState.DRAFT, RequestState.OPEN),
    (RequestState.OPEN, RequestState.AWARDED),
    (RequestState.OPEN, RequestState.CLOSED),
    (RequestState.AWARDED, RequestState.OPEN),
]
"""Back to open: the award was set aside because its order fell away."""


class Phase(StrEnum):
    """*collecting*: sealed proposals come in; *opening*: the deadline is over, providers open theirs; *comparing*: all that will
    be open is open."""

    DRAFT = "draft"
    COLLECTING = "collecting"
    OPENING = "opening"
    COMPARING = "comparing"
    AWARDED = "awarded"
    CLOSED = "closed"

    @property
    def text(self) -> Text:
        return PHASE_TEXTS[self]


PHASE_TEXTS = {
    Phase.DRAFT: Text(zh="草稿", en="Draft"),
    Phase.COLLECTING: Text(zh="征集中", en="Open for proposals"),
    Phase.OPENING: Text(zh="开标中", en="Being opened"),
    Phase.COMPARING: Text(zh="比选中", en="Being compared"),
    Phase.AWARDED: Text(zh="已定标", en="Awarded"),
    Phase.CLOSED: Text(zh="已结束", en="Closed"),
}


class ContractStep(StrEnum):
    """How far a milestone has come; follows from its order line and its deliveries."""

    UNORDERED = "unordered"
    ORDERED = "ordered"
    WORKING = "working"
    DELIVERED = "delivered"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    FELL_AWAY = "fell_away"

    @property
    def text(self) -> Text:
        return STEP_TEXTS[self]


STEP_TEXTS = {
    ContractStep.UNORDERED: Text(zh="待下单", en="To be ordered"),
    ContractStep.ORDERED: Text(zh="待对方接单", en="To be confirmed"),
    ContractStep.WORKING: Text(zh="进行中", en="Under way"),
    ContractStep.DELIVERED: Text(zh="待验收", en="To be accepted"),
    ContractStep.RETURNED: Text(zh="已退回", en="Returned"),
    ContractStep.ACCEPTED: Text(zh="已验收", en="Accepted"),
    ContractStep.FELL_AWAY: Text(zh="未成", en="Fell through"),
}


class MilestoneVerdict(StrEnum):
    """What the buyer says of one delivery."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


class Word(StrEnum):
    """What a side says to a change."""

    SIGNED = "signed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Criterion:
    """``weight`` in percent; the weights of a request make 100. ``by_price``: scored by the sum itself, cheapest 100."""

    name: str
    weight: int
    by_price: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a buyer writes into a request. ``budget_fen`` None: not told. ``nda``: words to be accepted before the
    attachments are seen, empty: none. ``providers``: who may answer, empty: every organisation that may sell."""

    title: str
    text: str
    closes_at: datetime
    criteria: tuple[Criterion, ...]
    kind: RequestKind = RequestKind.PROJECT
    budget_fen: int | None = None
    nda: str = ""
    rights_clause: str = ""
    confidentiality: str = ""
    providers: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """A milestone as it is promised: what comes, when it counts as done, by which day, for how much."""

    title: str
    deliverable: str
    criteria: str
    due_date: date
    price_fen: int


@dataclass(frozen=True, slots=True)
class Bid:
    """What stands inside a sealed proposal. ``offer_id``: the provider's own project offer under which it works."""

    offer_id: UUID
    text: str
    milestones: tuple[Planned, ...]

    @property
    def price_fen(self) -> int:
        return sum(each.price_fen for each in self.milestones)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A sealed proposal: ``sealed`` (base64) opens with a code that isn't in it; ``commitment`` is the SHA-256 of what is inside."""

    sealed: str
    commitment: str


@dataclass(frozen=True, slots=True)
class Attachment:
    id: UUID
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A version of a proposal, as its provider sees it at any time and the buyer after the deadline."""

    id: UUID
    provider_org: UUID
    provider: Text
    number: int
    commitment: str
    withdrawn: bool
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A proposal that its provider opened after the deadline."""

    proposal_id: UUID
    provider_org: UUID
    provider: Text
    bid: Bid
    price_fen: int
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Ranked:
    """A proposal in the comparison. ``points`` by criterion, None where nobody has given any yet; ``total`` of 100, None until all
    are given. Equal totals: the earlier sealed proposal stands first."""

    opened: Opened
    points: tuple[int | None, ...]
    total: float | None


@dataclass(frozen=True, slots=True)
class RequestCard:
    """A request as lists show it. ``own``: the reader's organisation asks."""

    id: UUID
    buyer_org: UUID
    buyer: Text
    title: str
    kind: RequestKind
    phase: Phase
    public: bool
    budget_fen: int | None
    closes_at: datetime
    opens_until: datetime
    own: bool


@dataclass(frozen=True, slots=True)
class Request:
    """A request as one reader sees it. ``attachments``: None until she has accepted the NDA. ``mine``: her own latest sealed
    version; ``sealed``: the buyer's, after the deadline, of each provider the latest that wasn't withdrawn."""

    card: RequestCard
    text: str
    criteria: tuple[Criterion, ...]
    nda: str
    nda_accepted: bool
    rights_clause: str
    confidentiality: str
    providers: tuple[tuple[UUID, Text], ...]
    attachments: tuple[Attachment, ...] | None
    mine: Sealed | None
    my_opening: Opened | None
    sealed: tuple[Sealed, ...]
    comparison: tuple[Ranked, ...]
    winner_org: UUID | None
    contract_id: UUID | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One handing over of a milestone's work, and what the buyer said of it. ``verdict`` None: not yet."""

    id: UUID
    number: int
    text: str
    files: tuple[Attachment, ...]
    delivered_at: datetime
    verdict: MilestoneVerdict | None
    reason: str


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone as it stands now; ``version`` counts the signed changes of it."""

    id: UUID
    place: int
    version: int
    planned: Planned
    line_id: UUID | None
    line_state: LineState | None
    step: ContractStep
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """One milestone as it shall be: ``place`` of an existing one, or the next after the last for a new one."""

    place: int
    planned: Planned


@dataclass(frozen=True, slots=True)
class Said:
    """What one side said to a change, and when."""

    org: UUID
    word: Word
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """A change that one side proposed. ``words``: who said what; it holds once both have signed. ``before``: what it is about as it
    stood until then, without what is new."""

    id: UUID
    number: int
    by_org: UUID
    reason: str
    edits: tuple[Edit, ...]
    before: tuple[Edit, ...]
    proposed_at: datetime
    words: tuple[Said, ...]

    @property
    def open(self) -> bool:
        return len(self.words) < 2

    @property
    def pairs(self) -> list[tuple[Edit, Planned | None]]:
        """Each milestone as it shall be, and as it was."""
        was = {each.place: each.planned for each in self.before}
        return [(edit, was.get(edit.place)) for edit in self.edits]


@dataclass(frozen=True, slots=True)
class Contract:
    """What an award made: two parties, the clauses of the request, milestones that are order lines."""

    id: UUID
    request_id: UUID
    title: str
    buyer_org: UUID
    buyer: Text
    provider_org: UUID
    provider: Text
    rights_clause: str
    confidentiality: str
    made_at: datetime
    milestones: tuple[Milestone, ...] = ()
    changes: tuple[Change, ...] = field(default=())

    @property
    def price_fen(self) -> int:
        return sum(each.planned.price_fen for each in self.milestones)

    @property
    def closed(self) -> bool:
        """Every milestone is accepted or fell away."""
        return all(each.step in {ContractStep.ACCEPTED, ContractStep.FELL_AWAY} for each in self.milestones)


class RequestNotFound(NotFound):
    text = Text(zh="没有这份需求，或您看不到它。", en="No such request, or none you can see.")


class ProposalNotFound(NotFound):
    text = Text(zh="没有这份方案，或您看不到它。", en="No such proposal, or none you can see.")


class ContractNotFound(NotFound):
    text = Text(zh="没有这份合同，或您看不到它。", en="No such contract, or none you can see.")


class MilestoneNotFound(NotFound):
    text = Text(zh="没有这个节点，或您看不到它。", en="No such milestone, or none you can see.")


class ChangeNotFound(NotFound):
    text = Text(zh="没有这份变更，或您看不到它。", en="No such change, or none you can see.")


class AttachmentNotFound(NotFound):
    text = Text(zh="没有这个附件，或您还不能看。", en="No such attachment, or you can't see it yet.")


class RequestInvalid(Invalid):
    """At a field of a request."""


class BidInvalid(Invalid):
    """At a field of a proposal: ``milestones.1.price_fen``."""


class EnvelopeInvalid(Invalid):
    text = Text(zh="密封件不完整。", en="The sealed proposal is not complete.")


class NotYours(Refused):
    text = Text(zh="这是本单位自己的需求。", en="This is your own request.")


class NotADraft(Refused):
    text = Text(
        zh="需求已发布，内容和截止时间都不能再改。要改，请结束它，另发一份。",
        en="The request is published: neither its words nor its deadline change any more. Close it and publish another.",
    )


class NotOpen(Refused):
    text = Text(zh="这份需求现在不收方案。", en="This request takes no proposals now.")


class DeadlinePassed(Refused):
    text = Text(
        zh="截止时间已过，不再收方案，已交的也不能再改。",
        en="The deadline has passed: nothing is taken or changed any more.",
    )


class StillSealed(Refused):
    text = Text(
        zh="还没到截止时间，谁也不能开标。", en="It isn't the deadline yet: nobody can open anything."
    )


class OpeningOver(Refused):
    text = Text(
        zh="开标时间已过，没有开的方案不参加比选。",
        en="The time for opening is over: what wasn't opened is not compared.",
    )


class NdaFirst(Refused):
    text = Text(zh="请先接受保密约定。", en="Accept the confidentiality agreement first.")


class CodeWrong(Invalid):
    text = Text(
        zh="开标码不对，或方案不是用它密封的。请对照您保存的那一份。",
        en="The code doesn't open this proposal. Compare it with the one you kept.",
    )


class NotComparedYet(Refused):
    text = Text(
        zh="开标时间没过，还有方案没开。等所有方案开了，或开标时间过了，再定标。",
        en="Some proposals may still be opened. Award when all are open or the time for opening is over.",
    )


class AwardedAlready(Refused):
    text = Text(zh="已经定标。", en="It has been awarded.")


class AwardStands(Refused):
    text = Text(
        zh="合同还在履行，不能换人。对方没接单，或订单未成之后，才能另选。",
        en="The contract stands. Only when its order fell through can somebody else be chosen.",
    )


class PointsInvalid(Invalid):
    text = Text(zh="分数是 0 到 100 的整数。", en="Points are whole numbers from 0 to 100.")


class OtherSide(Refused):
    text = Text(zh="这一步由合同的另一方来做。", en="This step is the other side's.")


class NotYet(Refused):
    """The milestone is somewhere else: somebody was quicker, or it isn't ordered."""

    text = Text(
        zh="这个节点现在是“{step}”，不能这样做。请刷新页面。",
        en="This milestone is “{step}” now, so this can't be done. Load the page again.",
    )

    def __init__(self, step: ContractStep) -> None:
        words = type(self).text
        super().__init__(Text(zh=words.zh.format(step=step.text.zh), en=words.en.format(step=step.text.en)))
        self.step = step


class ChangeOver(Refused):
    text = Text(zh="这份变更已有结果。", en="This change is decided.")


class ChangeOpen(Refused):
    text = Text(
        zh="还有一份变更等对方签。先等它有结果。",
        en="Another change still waits for a signature. Decide on that one first.",
    )


class ReasonMissing(Invalid):
    text = Text(zh="请写明理由，对方会看到。", en="Give a reason; the other side will read it.")


def latest(versions: Sequence[Sealed]) -> Sealed | None:
    """The version that counts; None where there is none or it was withdrawn."""
    last = max(versions, key=lambda each: each.number, default=None)
    return None if last is None or last.withdrawn else last
