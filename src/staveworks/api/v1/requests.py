"""需求: requests for proposals, sealed until the deadline by the database's clock, compared and awarded."""

from uuid import UUID

from django.http import HttpResponse
from ninja import File, Query
from ninja.files import UploadedFile

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.reading import BYTES, FORM
from staveworks.api.shapes import Nothing
from staveworks.api.v1.request_shapes import (
    AwardIn,
    BidOut,
    BoardFilter,
    FileMade,
    OpenIn,
    PointsIn,
    RequestIn,
    RequestOut,
    RequestWhole,
    SealIn,
    ThingMade,
    Version,
    WhyIn,
)
from staveworks.foundation.files.queries import checked
from staveworks.foundation.files.types import FileRecord
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.kit.text import Text
from staveworks.mechanisms.projects.queries import (
    access_attachment,
    access_request,
    list_answered_requests,
    list_own_requests,
    list_requests,
)
from staveworks.mechanisms.projects.types import Envelope, RequestCard
from staveworks.mechanisms.projects.usecases.accept_nda import accept_nda
from staveworks.mechanisms.projects.usecases.award_request import award_request
from staveworks.mechanisms.projects.usecases.compare_proposals import give_points
from staveworks.mechanisms.projects.usecases.open_proposal import open_proposal
from staveworks.mechanisms.projects.usecases.seal_proposal import seal_proposal, withdraw_proposal
from staveworks.mechanisms.projects.usecases.write_request import (
    change_request,
    close_request,
    draft_request,
    publish_request,
)

router = Resource("requests")
READ, MANAGE, PROPOSE = right("request.read"), right("request.manage"), right("proposal.make")
MOST = 1000


@router.read(
    "", says=Text(zh="列出可应征的需求", en="List open requests"), door=READ, answer=Page[RequestOut]
)
def list_open_requests(
    request: Call, narrowed: Query[BoardFilter], paging: Query[Paging]
) -> Page[RequestOut]:
    """The board: what the organisation may answer, the nearest deadline first; at most 1,000."""
    return page_of_all(
        list_requests(request.auth, kind=narrowed.kind, limit=MOST),
        paging=paging,
        listing=f"requests:{narrowed.kind or ''}",
        key=_by_deadline,
        show=RequestOut.of,
    )


@router.read(
    "/own", says=Text(zh="列出本单位的需求", en="List own requests"), door=READ, answer=Page[RequestOut]
)
def list_requests_of_ours(request: Call, paging: Query[Paging]) -> Page[RequestOut]:
    """By their deadline; at most the latest 1,000."""
    return page_of_all(
        list_own_requests(request.auth, limit=MOST),
        paging=paging,
        listing="own requests",
        key=_by_deadline,
        show=RequestOut.of,
        newest_first=True,
    )


@router.read(
    "/answered",
    says=Text(zh="列出应征过的需求", en="List answered requests"),
    door=PROPOSE,
    answer=Page[RequestOut],
)
def list_requests_answered(request: Call, paging: Query[Paging]) -> Page[RequestOut]:
    """Those of others with a proposal of ours, by their deadline; at most the latest 1,000."""
    return page_of_all(
        list_answered_requests(request.auth, limit=MOST),
        paging=paging,
        listing="answered requests",
        key=_by_deadline,
        show=RequestOut.of,
        newest_first=True,
    )


@router.effect(
    "POST", "", says=Text(zh="写需求", en="Draft a request"), door=MANAGE, answer=ThingMade, status=201
)
def draft_one_request(request: Call, body: RequestIn) -> ThingMade:
    """Nobody else sees it before it is published."""
    return ThingMade(id=draft_request(request.auth, asked=body.asked(), files=body.files))


@router.effect(
    "POST",
    "/files",
    says=Text(zh="上传需求附件", en="Upload a file for a request"),
    door=MANAGE,
    answer=FileMade,
    status=201,
    takes=FORM,
)
def upload_request_file(request: Call, file: File[UploadedFile]) -> FileMade:
    """PDF, picture, Word or Excel, judged by content, up to 20 MB; named in a request it becomes its attachment."""
    request.auth.require("request.manage")
    stored = store_file(request.auth, name=file.name or "", content=file.chunks(), field="file")
    return FileMade.model_validate(stored)


@router.read(
    "/{uuid:asked_request}", says=Text(zh="看一份需求", en="Read a request"), door=READ, answer=RequestWhole
)
def read_one_request(request: Call, asked_request: UUID) -> RequestWhole:
    """As its buyer or as one that may answer it."""
    return RequestWhole.of(access_request(request.auth, request_id=asked_request))


@router.read(
    "/{uuid:asked_request}/files/{uuid:attachment}",
    says=Text(zh="下载需求附件", en="Get a file of a request"),
    door=READ,
    answer=None,
    gives=BYTES,
)
def get_request_file(request: Call, asked_request: UUID, attachment: UUID) -> HttpResponse:
    """After the NDA is accepted, where there is one."""
    return as_saved(access_attachment(request.auth, request_id=asked_request, file_id=attachment))


@router.effect(
    "PUT",
    "/{uuid:own_request}/draft",
    says=Text(zh="改需求草稿", en="Change a draft request"),
    door=MANAGE,
    answer=Nothing,
)
def change_one_request(request: Call, own_request: UUID, body: RequestIn) -> Nothing:
    """Before it is published."""
    change_request(request.auth, request_id=own_request, asked=body.asked(), files=body.files)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:own_request}/publish",
    says=Text(zh="发布需求", en="Publish a request"),
    door=MANAGE,
    answer=Nothing,
    takes=None,
)
def publish_one_request(request: Call, own_request: UUID) -> Nothing:
    """From then on its words and its deadline stay."""
    publish_request(request.auth, request_id=own_request)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:own_request}/close",
    says=Text(zh="结束需求", en="Close a request"),
    door=MANAGE,
    answer=Nothing,
)
def close_one_request(request: Call, own_request: UUID, body: WhyIn) -> Nothing:
    """Without an award."""
    close_request(request.auth, request_id=own_request, reason=body.reason)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:own_request}/points",
    says=Text(zh="给方案打分", en="Give a proposal points"),
    door=MANAGE,
    answer=Nothing,
)
def give_proposal_points(request: Call, own_request: UUID, body: PointsIn) -> Nothing:
    """Of opened proposals, until the award."""
    give_points(request.auth, request_id=own_request, proposal_id=body.proposal, points=body.points)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:own_request}/award",
    says=Text(zh="定标", en="Award a request"),
    door=MANAGE,
    answer=ThingMade,
    status=201,
)
def award_one_request(request: Call, own_request: UUID, body: AwardIn) -> ThingMade:
    """The contract; its milestones are in the order that you are filling. Needs ``order.place`` too."""
    contract = award_request(
        request.auth, request_id=own_request, proposal_id=body.proposal, reason=body.reason
    )
    return ThingMade(id=contract)


@router.effect(
    "POST",
    "/{uuid:asked_request}/nda",
    says=Text(zh="接受保密约定", en="Accept an NDA"),
    door=PROPOSE,
    answer=Nothing,
    takes=None,
)
def accept_one_nda(request: Call, asked_request: UUID) -> Nothing:
    """The attachments can be read afterwards."""
    accept_nda(request.auth, request_id=asked_request)
    return Nothing()


@router.effect(
    "PUT",
    "/{uuid:asked_request}/proposal",
    says=Text(zh="交密封方案", en="Hand in a sealed proposal"),
    door=PROPOSE,
    answer=Version,
)
def seal_one_proposal(request: Call, asked_request: UUID, body: SealIn) -> Version:
    """Sealed on your machine; replaces your former version. Before the deadline, by the database's clock."""
    envelope = Envelope(body.sealed, body.commitment)
    return Version(number=seal_proposal(request.auth, request_id=asked_request, envelope=envelope))


@router.effect(
    "DELETE",
    "/{uuid:asked_request}/proposal",
    says=Text(zh="撤回方案", en="Withdraw a proposal"),
    door=PROPOSE,
    answer=Nothing,
    takes=None,
)
def withdraw_one_proposal(request: Call, asked_request: UUID) -> Nothing:
    """Before the deadline."""
    withdraw_proposal(request.auth, request_id=asked_request)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:asked_request}/proposal/open",
    says=Text(zh="开标", en="Open a proposal"),
    door=PROPOSE,
    answer=BidOut,
)
def open_one_proposal(request: Call, asked_request: UUID, body: OpenIn) -> BidOut:
    """Your own, after the deadline, within the time for opening."""
    return BidOut.of(open_proposal(request.auth, request_id=asked_request, code=body.code))


def as_saved(file: FileRecord) -> HttpResponse:
    """The bytes as they were uploaded; never shown in place."""
    with checked(file) as content:
        response = HttpResponse(content.read(), content_type=BYTES)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.id}"'
    return response


def _by_deadline(card: RequestCard) -> tuple[str, str]:
    return (card.closes_at.isoformat(), str(card.id))
