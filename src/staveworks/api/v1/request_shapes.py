"""Shapes of requests, sealed proposals and contracts. Money in fen."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from staveworks.api.shapes import In, Out, Words
from staveworks.api.v1.order_shapes import FEN
from staveworks.mechanisms.projects.documents import LINE, MOST, TEXT
from staveworks.mechanisms.projects.domain import LINE as TITLE
from staveworks.mechanisms.projects.domain import MOST_CRITERIA, MOST_PROVIDERS, REASON
from staveworks.mechanisms.projects.domain import TEXT as LONG_TEXT
from staveworks.mechanisms.projects.sealing import LONGEST
from staveworks.mechanisms.projects.types import (
    Asked,
    Bid,
    Change,
    Contract,
    ContractStep,
    Criterion,
    Delivery,
    Edit,
    Milestone,
    MilestoneVerdict,
    Opened,
    Phase,
    Planned,
    Ranked,
    Request,
    RequestCard,
    RequestKind,
    Sealed,
    Word,
)
from staveworks.trade.orders.types import LineState

Title = Annotated[str, Field(min_length=1, max_length=TITLE)]
Words20 = Annotated[str, Field(max_length=LONG_TEXT)]
Why = Annotated[str, Field(min_length=1, max_length=REASON)]


class CriterionShape(In):
    """``weight`` in percent; all weights make 100. ``by_price``: scored by the sum itself."""

    name: Title
    weight: Annotated[int, Field(ge=1, le=100)]
    by_price: bool = False


class RequestIn(In):
    """``providers``: organisations that may answer; empty: all that may sell. ``nda``: to be accepted before ``files`` (uploaded
    before) are seen. ``budget_fen`` null: not told."""

    title: Title
    text: Annotated[str, Field(min_length=1, max_length=LONG_TEXT)]
    kind: RequestKind = RequestKind.PROJECT
    closes_at: datetime
    criteria: Annotated[list[CriterionShape], Field(min_length=1, max_length=MOST_CRITERIA)]
    budget_fen: Annotated[int, Field(ge=1, le=FEN)] | None = None
    nda: Words20 = ""
    rights_clause: Words20 = ""
    confidentiality: Words20 = ""
    providers: Annotated[list[UUID], Field(max_length=MOST_PROVIDERS)] = Field(default_factory=list)
    files: Annotated[list[UUID], Field(max_length=20)] = Field(default_factory=list)

    def asked(self) -> Asked:
        return Asked(
            title=self.title,
            text=self.text,
            closes_at=self.closes_at,
            criteria=tuple(Criterion(each.name, each.weight, each.by_price) for each in self.criteria),
            kind=self.kind,
            budget_fen=self.budget_fen,
            nda=self.nda,
            rights_clause=self.rights_clause,
            confidentiality=self.confidentiality,
            providers=tuple(self.providers),
        )


class ThingMade(Out):
    id: UUID


class FileMade(Out):
    """``sha256`` in hexadecimal, ``size`` in bytes."""

    id: UUID
    name: str
    size: int
    sha256: str


class RequestOut(Out):
    """``phase`` follows from the clock. ``opens_until``: until then proposals are opened."""

    id: UUID
    buyer: UUID
    buyer_name: Words
    title: str
    kind: RequestKind
    phase: Phase
    public: bool
    budget_fen: int | None
    closes_at: datetime
    opens_until: datetime

    @classmethod
    def of(cls, card: RequestCard) -> "RequestOut":
        return cls(
            id=card.id,
            buyer=card.buyer_org,
            buyer_name=Words.of(card.buyer),
            title=card.title,
            kind=card.kind,
            phase=card.phase,
            public=card.public,
            budget_fen=card.budget_fen,
            closes_at=card.closes_at,
            opens_until=card.opens_until,
        )


class SealedOut(Out):
    """``commitment``: SHA-256 of what is inside."""

    id: UUID
    provider: UUID
    provider_name: Words
    number: int
    commitment: str
    sealed_at: datetime

    @classmethod
    def of(cls, sealed: Sealed) -> "SealedOut":
        return cls(
            id=sealed.id,
            provider=sealed.provider_org,
            provider_name=Words.of(sealed.provider),
            number=sealed.number,
            commitment=sealed.commitment,
            sealed_at=sealed.sealed_at,
        )


class MilestoneTerms(In):
    """What comes, when it counts as done, by which day, for how much."""

    title: Annotated[str, Field(min_length=1, max_length=LINE)]
    deliverable: Annotated[str, Field(min_length=1, max_length=TEXT)]
    criteria: Annotated[str, Field(min_length=1, max_length=TEXT)]
    due_date: date
    price_fen: Annotated[int, Field(ge=1, le=10**13)]

    def planned(self) -> Planned:
        return Planned(self.title, self.deliverable, self.criteria, self.due_date, self.price_fen)


class TermsOut(Out):
    title: str
    deliverable: str
    criteria: str
    due_date: date
    price_fen: int


class BidOut(Out):
    """``offer``: under which the provider works."""

    offer: UUID
    text: str
    milestones: list[TermsOut]
    price_fen: int

    @classmethod
    def of(cls, bid: Bid) -> "BidOut":
        return cls(
            offer=bid.offer_id,
            text=bid.text,
            milestones=[TermsOut.model_validate(each) for each in bid.milestones],
            price_fen=bid.price_fen,
        )


class OpenedOut(Out):
    """``points`` by criterion; null: nobody has given any yet, as ``total`` of 100 until all are given."""

    proposal: UUID
    provider: UUID
    provider_name: Words
    bid: BidOut
    opened_at: datetime
    points: list[int | None]
    total: float | None

    @classmethod
    def of(cls, ranked: Ranked) -> "OpenedOut":
        return cls._of(ranked.opened, list(ranked.points), ranked.total)

    @classmethod
    def alone(cls, opened: Opened) -> "OpenedOut":
        return cls._of(opened, [], None)

    @classmethod
    def _of(cls, opened: Opened, points: list[int | None], total: float | None) -> "OpenedOut":
        return cls(
            proposal=opened.proposal_id,
            provider=opened.provider_org,
            provider_name=Words.of(opened.provider),
            bid=BidOut.of(opened.bid),
            opened_at=opened.opened_at,
            points=points,
            total=total,
        )


class RequestWhole(Out):
    """``files``: null until you have accepted the NDA. ``mine``: your latest sealed version. ``sealed`` and ``comparison``: the
    buyer's, after the deadline; the comparison has the best first."""

    request: RequestOut
    text: str
    criteria: list[CriterionShape]
    nda: str
    nda_accepted: bool
    rights_clause: str
    confidentiality: str
    files: list[FileMade] | None
    mine: SealedOut | None
    my_opening: OpenedOut | None
    sealed: list[SealedOut]
    comparison: list[OpenedOut]
    contract: UUID | None

    @classmethod
    def of(cls, found: Request) -> "RequestWhole":
        files = found.attachments
        return cls(
            request=RequestOut.of(found.card),
            text=found.text,
            criteria=[
                CriterionShape(name=c.name, weight=c.weight, by_price=c.by_price) for c in found.criteria
            ],
            nda=found.nda,
            nda_accepted=found.nda_accepted,
            rights_clause=found.rights_clause,
            confidentiality=found.confidentiality,
            files=None if files is None else [FileMade.model_validate(each) for each in files],
            mine=SealedOut.of(found.mine) if found.mine else None,
            my_opening=OpenedOut.alone(found.my_opening) if found.my_opening else None,
            sealed=[SealedOut.of(each) for each in found.sealed],
            comparison=[OpenedOut.of(each) for each in found.comparison],
            contract=found.contract_id,
        )


class SealIn(In):
    """As ``docs/how-to/run-a-project.md`` says how a program seals: what is inside never leaves its machine."""

    sealed: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    commitment: Annotated[str, Field(pattern="^[0-9a-fA-F]{64}$")]


class Version(Out):
    """Of the proposal; the latest counts."""

    number: int


class OpenIn(In):
    """The code with which it was sealed."""

    code: Annotated[str, Field(min_length=1, max_length=100)]


class PointsIn(In):
    """``points``: by the place of the criterion, from 0; those by price give themselves."""

    proposal: UUID
    points: dict[Annotated[int, Field(ge=0, le=MOST_CRITERIA)], Annotated[int, Field(ge=0, le=100)]]


class AwardIn(In):
    proposal: UUID
    reason: Why


class WhyIn(In):
    reason: Why


class MilestoneDelivery(Out):
    """``verdict`` null: nobody has said anything yet."""

    number: int
    text: str
    files: list[FileMade]
    delivered_at: datetime
    verdict: MilestoneVerdict | None
    reason: str

    @classmethod
    def of(cls, delivery: Delivery) -> "MilestoneDelivery":
        return cls.model_validate(delivery)


class MilestoneOut(Out):
    """``version`` counts the signed changes; ``line``: its order line, null until it is in an order."""

    place: int
    version: int
    terms: TermsOut
    line: UUID | None
    line_state: LineState | None
    step: ContractStep
    deliveries: list[MilestoneDelivery]

    @classmethod
    def of(cls, milestone: Milestone) -> "MilestoneOut":
        return cls(
            place=milestone.place,
            version=milestone.version,
            terms=TermsOut.model_validate(milestone.planned),
            line=milestone.line_id,
            line_state=milestone.line_state,
            step=milestone.step,
            deliveries=[MilestoneDelivery.of(each) for each in milestone.deliveries],
        )


class EditOut(Out):
    place: int
    terms: TermsOut

    @classmethod
    def of(cls, edit: Edit) -> "EditOut":
        return cls(place=edit.place, terms=TermsOut.model_validate(edit.planned))


class WordOut(Out):
    organisation: UUID
    word: Word
    at: datetime


class ChangeOfContract(Out):
    """It holds once both organisations have signed. ``before``: the milestones of ``edits`` as they stood until then; a new one isn't there."""

    id: UUID
    number: int
    by: UUID
    reason: str
    edits: list[EditOut]
    before: list[EditOut]
    proposed_at: datetime
    words: list[WordOut]

    @classmethod
    def of(cls, change: Change) -> "ChangeOfContract":
        return cls(
            id=change.id,
            number=change.number,
            by=change.by_org,
            reason=change.reason,
            edits=[EditOut.of(each) for each in change.edits],
            before=[EditOut.of(each) for each in change.before],
            proposed_at=change.proposed_at,
            words=[WordOut(organisation=each.org, word=each.word, at=each.at) for each in change.words],
        )


class ContractOut(Out):
    id: UUID
    request: UUID
    title: str
    buyer: UUID
    buyer_name: Words
    provider: UUID
    provider_name: Words
    made_at: datetime

    @classmethod
    def of(cls, contract: Contract) -> "ContractOut":
        return cls(
            id=contract.id,
            request=contract.request_id,
            title=contract.title,
            buyer=contract.buyer_org,
            buyer_name=Words.of(contract.buyer),
            provider=contract.provider_org,
            provider_name=Words.of(contract.provider),
            made_at=contract.made_at,
        )


class ContractWhole(Out):
    contract: ContractOut
    rights_clause: str
    confidentiality: str
    price_fen: int
    closed: bool
    milestones: list[MilestoneOut]
    changes: list[ChangeOfContract]

    @classmethod
    def of(cls, found: Contract) -> "ContractWhole":
        return cls(
            contract=ContractOut.of(found),
            rights_clause=found.rights_clause,
            confidentiality=found.confidentiality,
            price_fen=found.price_fen,
            closed=found.closed,
            milestones=[MilestoneOut.of(each) for each in found.milestones],
            changes=[ChangeOfContract.of(each) for each in found.changes],
        )


class Lines(Out):
    """How many order lines it was."""

    lines: int


class DeliverIn(In):
    """``files``: uploaded before."""

    text: Why
    files: Annotated[list[UUID], Field(max_length=20)] = Field(default_factory=list)


class EditIn(In):
    """A milestone as it shall be; ``place`` after the last: a new one."""

    place: Annotated[int, Field(ge=1, le=MOST * 2)]
    terms: MilestoneTerms


class ChangeIn(In):
    reason: Why
    edits: Annotated[list[EditIn], Field(min_length=1, max_length=MOST)]

    def wanted(self) -> list[Edit]:
        return [Edit(each.place, each.terms.planned()) for each in self.edits]


class BoardFilter(In):
    kind: RequestKind | None = None
