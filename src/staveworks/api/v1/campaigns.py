"""Growth: campaigns to unclaimed firms, and calls."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.shapes import INT4, In, Nothing, Out, Words
from staveworks.foundation.outreach.queries import (
    access_call_row,
    access_campaign,
    count_segment,
    list_calls_due,
    list_campaigns,
)
from staveworks.foundation.outreach.types import (
    CallNote,
    CallOutcome,
    CallRow,
    CampaignCard,
    CampaignState,
    Segment,
)
from staveworks.foundation.outreach.usecases.note_call import note_call
from staveworks.foundation.outreach.usecases.start_campaign import (
    resume_campaign,
    start_campaign,
    stop_campaign,
)
from staveworks.kit.text import Text

router = Resource("campaigns")
calls_router = Resource("calls")
READ, INVITE = right("firm.read"), right("firm.invite")
MOST = 1000
City = Annotated[str, Field(pattern=r"^(\d{6})?$")]


class SegmentIn(In):
    """Unclaimed firms, narrowed. ``city``: GB/T 2260; trailing zeros cover all below."""

    city: City = ""
    business_type: Annotated[str, Field(max_length=60)] = ""
    reach: Annotated[str, Field(pattern="^(email|phone|none)?$")] = ""
    invited: Annotated[str, Field(pattern="^(yes|no)?$")] = ""
    staff_from: Annotated[int, Field(ge=1, le=INT4)] | None = None

    def segment(self) -> Segment:
        return Segment(**self.model_dump())


class SegmentCountOut(Out):
    """By which way each firm is reached first."""

    firms: int
    by_email: int
    by_phone: int
    unreachable: int


class CampaignOut(Out):
    """``queued``: handed over to sending; ``claimed``: taken over since the campaign began."""

    id: UUID
    name: str
    state: CampaignState
    created_at: datetime
    started_at: datetime | None
    firms: int
    waiting: int
    queued: int
    unreachable: int
    claimed: int


class SendCampaign(In):
    name: Annotated[str, Field(min_length=1, max_length=80)]
    segment: SegmentIn


class CampaignMade(Out):
    id: UUID


class CallNoteOut(Out):
    id: UUID
    person: str
    outcome: CallOutcome
    note: str
    at: datetime
    next_date: date | None


class CallOut(Out):
    """A firm to call; ``due`` is null where nobody has called yet or nothing was agreed."""

    firm: UUID
    title: Words
    city_name: Words | None
    contact: str
    phone: str
    due: date | None
    last: CallNoteOut | None


class CallsOfFirm(CallOut):
    calls: list[CallNoteOut]


class CallFilter(In):
    city: City = ""
    everyone: bool = False


class NoteCall(In):
    """``next_date``: when to call again."""

    outcome: CallOutcome
    note: Annotated[str, Field(max_length=1000)] = ""
    next_date: date | None = None


class CallMade(Out):
    id: UUID


@router.read("", says=Text(zh="列出活动", en="List campaigns"), door=READ, answer=Page[CampaignOut])
def list_all_campaigns(request: Call, paging: Query[Paging]) -> Page[CampaignOut]:
    """The newest first; at most the latest 1,000."""

    def key(card: CampaignCard) -> tuple[str, str]:
        return card.created_at.isoformat(), str(card.id)

    return page_of_all(
        list_campaigns(request.auth, limit=MOST),
        paging=paging,
        listing="campaigns",
        key=key,
        show=CampaignOut.model_validate,
        newest_first=True,
    )


@router.ask(
    "/segment", says=Text(zh="数一数会发给谁", en="Count a segment"), door=INVITE, answer=SegmentCountOut
)
def count_one_segment(request: Call, body: SegmentIn) -> SegmentCountOut:
    """How many firms a campaign would reach now, and how."""
    return SegmentCountOut.model_validate(count_segment(request.auth, body.segment()))


@router.effect(
    "POST",
    "",
    says=Text(zh="发送一个活动", en="Send a campaign"),
    door=INVITE,
    answer=CampaignMade,
    status=201,
)
def send_one_campaign(request: Call, body: SendCampaign) -> CampaignMade:
    """To the firms that are in the segment now; messages go out in the background."""
    return CampaignMade(id=start_campaign(request.auth, name=body.name, segment=body.segment.segment()))


@router.read(
    "/{uuid:campaign}", says=Text(zh="看一个活动", en="Read a campaign"), door=READ, answer=CampaignOut
)
def read_one_campaign(request: Call, campaign: UUID) -> CampaignOut:
    """How far it is and what came of it."""
    return CampaignOut.model_validate(access_campaign(request.auth, campaign))


@router.effect(
    "POST",
    "/{uuid:campaign}/stop",
    says=Text(zh="停下活动", en="Stop a campaign"),
    door=INVITE,
    answer=Nothing,
    takes=None,
)
def stop_one_campaign(request: Call, campaign: UUID) -> Nothing:
    """What is handed over goes out; the rest waits."""
    stop_campaign(request.auth, campaign_id=campaign)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:campaign}/resume",
    says=Text(zh="接着发", en="Go on with a campaign"),
    door=INVITE,
    answer=Nothing,
    takes=None,
)
def resume_one_campaign(request: Call, campaign: UUID) -> Nothing:
    """With the firms that wait."""
    resume_campaign(request.auth, campaign_id=campaign)
    return Nothing()


@calls_router.read("", says=Text(zh="该打的电话", en="List calls due"), door=INVITE, answer=Page[CallOut])
def list_due_calls(request: Call, narrowed: Query[CallFilter], paging: Query[Paging]) -> Page[CallOut]:
    """Unclaimed firms with a phone: the longest due first, then those never called; at most 1,000."""
    rows = list_calls_due(request.auth, city=narrowed.city, everyone=narrowed.everyone, limit=MOST)
    return page_of_all(
        rows,
        paging=paging,
        listing=f"calls:{narrowed.city}:{narrowed.everyone}",
        key=lambda row: ((row.due or date.max).isoformat(), str(row.firm_id)),
        show=_call,
    )


@calls_router.read(
    "/{uuid:firm}", says=Text(zh="看一家的通话", en="Read a firm's calls"), door=INVITE, answer=CallsOfFirm
)
def read_calls(request: Call, firm: UUID) -> CallsOfFirm:
    """Newest first."""
    row, calls = access_call_row(request.auth, firm)
    return CallsOfFirm(**dict(_call(row)), calls=[_note(call) for call in calls])


@calls_router.effect(
    "POST",
    "/{uuid:firm}",
    says=Text(zh="记下通话", en="Note a call"),
    door=INVITE,
    answer=CallMade,
    status=201,
)
def note_one_call(request: Call, firm: UUID, body: NoteCall) -> CallMade:
    """How it went, and when to call again."""
    made = note_call(request.auth, firm=firm, outcome=body.outcome, note=body.note, next_date=body.next_date)
    return CallMade(id=made)


def _call(row: CallRow) -> CallOut:
    return CallOut(
        firm=row.firm_id,
        title=Words.of(row.title),
        city_name=Words.maybe(row.city),
        contact=row.contact,
        phone=row.phone,
        due=row.due,
        last=_note(row.last) if row.last else None,
    )


def _note(note: CallNote) -> CallNoteOut:
    return CallNoteOut.model_validate(note)
