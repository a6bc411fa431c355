"""补贴券: what a firm holds of public money for services, and what an operator grants."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.shapes import In, Nothing, Out, Words
from staveworks.cluster.programmes.queries import list_granted, list_own_vouchers
from staveworks.cluster.programmes.types import Voucher
from staveworks.cluster.programmes.usecases.grant_voucher import grant_voucher, withdraw_voucher
from staveworks.db.clock import database_today
from staveworks.kit.text import Text

router = Resource("vouchers")
desk_router = Resource("vouchers")
READ, GRANT = right("prescription.read"), right("voucher.grant")
MOST_FEN = 10**12


class VoucherOut(Out):
    """``ratio`` of each price is paid, at most ``cap_fen`` of all of them together, until ``until``, that day included.
    ``used_fen``: what of it accepted orders have used up."""

    id: UUID
    firm: UUID
    title: Words
    operator: Words
    programme: str
    name: Words
    ratio: Decimal
    cap_fen: int
    used_fen: int
    until: date
    granted_at: datetime


class VoucherIn(In):
    """``uscc``: the firm's credit code. ``cap_fen``: all that the programme gives to one firm, unless it is less."""

    uscc: Annotated[str, Field(min_length=1, max_length=40)]
    programme: Annotated[str, Field(min_length=1, max_length=40)]
    cap_fen: Annotated[int, Field(gt=0, le=MOST_FEN, strict=True)] | None = None
    until: date


@router.read(
    "", says=Text(zh="列出本企业的补贴券", en="List own vouchers"), door=READ, answer=Page[VoucherOut]
)
def list_held_vouchers(request: Call, paging: Query[Paging]) -> Page[VoucherOut]:
    """Those in force."""
    return _page(list_own_vouchers(request.auth, today=database_today()), paging, "vouchers")


@desk_router.read(
    "", says=Text(zh="列出发放的补贴券", en="List granted vouchers"), door=GRANT, answer=Page[VoucherOut]
)
def list_granted_vouchers(request: Call, paging: Query[Paging]) -> Page[VoucherOut]:
    """Those of one's own that are not withdrawn; at most the latest 500."""
    return _page(list_granted(request.auth), paging, "granted")


@desk_router.effect(
    "POST",
    "",
    says=Text(zh="发放补贴券", en="Grant a voucher"),
    door=GRANT,
    answer=VoucherOut,
    status=201,
)
def grant_one_voucher(request: Call, body: VoucherIn) -> VoucherOut:
    """Replaces what one granted the firm of this programme before."""
    return _show(
        grant_voucher(
            request.auth, uscc=body.uscc, programme=body.programme, cap_fen=body.cap_fen, until=body.until
        )
    )


@desk_router.effect(
    "POST",
    "/{uuid:voucher}/withdraw",
    says=Text(zh="收回补贴券", en="Withdraw a voucher"),
    door=GRANT,
    answer=Nothing,
    takes=None,
)
def withdraw_one_voucher(request: Call, voucher: UUID) -> Nothing:
    """Prescriptions no longer reckon with it."""
    withdraw_voucher(request.auth, voucher_id=voucher)
    return Nothing()


def _page(found: list[Voucher], paging: Paging, listing: str) -> Page[VoucherOut]:
    return page_of_all(
        found,
        paging=paging,
        listing=listing,
        key=lambda voucher: (voucher.granted_at.isoformat(), str(voucher.id)),
        show=_show,
        newest_first=True,
    )


def _show(voucher: Voucher) -> VoucherOut:
    return VoucherOut(
        id=voucher.id,
        firm=voucher.org_id,
        title=Words.of(voucher.firm),
        operator=Words.of(voucher.operator),
        programme=voucher.programme,
        name=Words.of(voucher.name),
        ratio=voucher.ratio,
        cap_fen=voucher.cap_fen,
        used_fen=voucher.used_fen,
        until=voucher.until,
        granted_at=voucher.granted_at,
    )
