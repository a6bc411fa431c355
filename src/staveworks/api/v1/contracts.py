"""合同: what an award made; milestones delivered, accepted or returned, paid one by one; changes that both sides sign."""

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
    ChangeIn,
    ContractOut,
    ContractWhole,
    DeliverIn,
    FileMade,
    Lines,
    ThingMade,
    Version,
    WhyIn,
)
from staveworks.api.v1.requests import as_saved
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.kit.text import Text
from staveworks.mechanisms.projects.queries import access_contract, access_delivered_file, list_contracts
from staveworks.mechanisms.projects.usecases.award_request import set_aside
from staveworks.mechanisms.projects.usecases.change_contract import (
    propose_change,
    refuse_change,
    sign_change,
)
from staveworks.mechanisms.projects.usecases.run_contract import (
    accept_milestone,
    confirm_contract,
    deliver_milestone,
    order_milestones,
    return_milestone,
)

router = Resource("contracts")
READ, PLACE, SERVE = right("request.read"), right("order.place"), right("line.serve")
MANAGE, SIGN = right("request.manage"), right("change.sign")
MOST = 1000


@router.read("", says=Text(zh="列出合同", en="List contracts"), door=READ, answer=Page[ContractOut])
def list_own_contracts(request: Call, paging: Query[Paging]) -> Page[ContractOut]:
    """Of either side, the newest first; at most the latest 1,000."""
    return page_of_all(
        list_contracts(request.auth, limit=MOST),
        paging=paging,
        listing="contracts",
        key=lambda contract: (contract.made_at.isoformat(), str(contract.id)),
        show=ContractOut.of,
        newest_first=True,
    )


@router.read(
    "/{uuid:contract}", says=Text(zh="看一份合同", en="Read a contract"), door=READ, answer=ContractWhole
)
def read_one_contract(request: Call, contract: UUID) -> ContractWhole:
    """With its milestones, deliveries and changes."""
    return ContractWhole.of(access_contract(request.auth, contract_id=contract))


@router.read(
    "/{uuid:contract}/files/{uuid:delivered_file}",
    says=Text(zh="下载交付的文件", en="Get a delivered file"),
    door=READ,
    answer=None,
    gives=BYTES,
)
def get_delivered_file(request: Call, contract: UUID, delivered_file: UUID) -> HttpResponse:
    """For both sides."""
    return as_saved(access_delivered_file(request.auth, contract_id=contract, file_id=delivered_file))


@router.effect(
    "POST",
    "/files",
    says=Text(zh="上传交付文件", en="Upload a file to deliver"),
    door=SERVE,
    answer=FileMade,
    status=201,
    takes=FORM,
)
def upload_delivery_file(request: Call, file: File[UploadedFile]) -> FileMade:
    """PDF, picture, Word or Excel, judged by content, up to 20 MB; named in a delivery the buyer may read it."""
    request.auth.require("line.serve")
    stored = store_file(request.auth, name=file.name or "", content=file.chunks(), field="file")
    return FileMade.model_validate(stored)


@router.effect(
    "POST",
    "/{uuid:contract}/order",
    says=Text(zh="把节点放进订单", en="Put milestones into the order"),
    door=PLACE,
    answer=Lines,
    takes=None,
)
def order_contract_milestones(request: Call, contract: UUID) -> Lines:
    """Those that aren't ordered, or whose line fell away."""
    return Lines(lines=order_milestones(request.auth, contract_id=contract))


@router.effect(
    "POST",
    "/{uuid:contract}/confirm",
    says=Text(zh="接下合同的订单", en="Confirm a contract's lines"),
    door=SERVE,
    answer=Lines,
    takes=None,
)
def confirm_contract_lines(request: Call, contract: UUID) -> Lines:
    """All that are placed."""
    return Lines(lines=confirm_contract(request.auth, contract_id=contract))


@router.effect(
    "POST",
    "/{uuid:contract}/milestones/{int:place}/deliver",
    says=Text(zh="交付节点", en="Deliver a milestone"),
    door=SERVE,
    answer=Version,
    status=201,
)
def deliver_one_milestone(request: Call, contract: UUID, place: int, body: DeliverIn) -> Version:
    """The number of the delivery."""
    number = deliver_milestone(
        request.auth, contract_id=contract, place=place, text=body.text, files=body.files
    )
    return Version(number=number)


@router.effect(
    "POST",
    "/{uuid:contract}/milestones/{int:place}/accept",
    says=Text(zh="验收节点", en="Accept a milestone"),
    door=PLACE,
    answer=Nothing,
    takes=None,
)
def accept_one_milestone(request: Call, contract: UUID, place: int) -> Nothing:
    """Its order line is accepted with it, whole."""
    accept_milestone(request.auth, contract_id=contract, place=place)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:contract}/milestones/{int:place}/return",
    says=Text(zh="退回节点", en="Return a milestone"),
    door=PLACE,
    answer=Nothing,
)
def return_one_milestone(request: Call, contract: UUID, place: int, body: WhyIn) -> Nothing:
    """With reasons; the provider delivers again."""
    return_milestone(request.auth, contract_id=contract, place=place, reason=body.reason)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:contract}/changes",
    says=Text(zh="提出变更", en="Propose a change"),
    door=SIGN,
    answer=ThingMade,
    status=201,
)
def propose_one_change(request: Call, contract: UUID, body: ChangeIn) -> ThingMade:
    """Signed by your side; it holds once the other has signed."""
    change = propose_change(request.auth, contract_id=contract, edits=body.wanted(), reason=body.reason)
    return ThingMade(id=change)


@router.effect(
    "POST",
    "/changes/{uuid:change}/sign",
    says=Text(zh="签变更", en="Sign a change"),
    door=SIGN,
    answer=Nothing,
    takes=None,
)
def sign_one_change(request: Call, change: UUID) -> Nothing:
    """Proposed by the other side; it holds from then on."""
    sign_change(request.auth, change_id=change)
    return Nothing()


@router.effect(
    "POST",
    "/changes/{uuid:change}/refuse",
    says=Text(zh="不签变更", en="Refuse a change"),
    door=SIGN,
    answer=Nothing,
    takes=None,
)
def refuse_one_change(request: Call, change: UUID) -> Nothing:
    """Everything stays as it was."""
    refuse_change(request.auth, change_id=change)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:contract}/set-aside",
    says=Text(zh="撤销定标", en="Set an award aside"),
    door=MANAGE,
    answer=Nothing,
)
def set_contract_aside(request: Call, contract: UUID, body: WhyIn) -> Nothing:
    """Its order fell through; another proposal may be chosen."""
    set_aside(request.auth, contract_id=contract, reason=body.reason)
    return Nothing()
