"""Grant a firm a voucher of a programme; what it held of the programme before is replaced."""

from datetime import date
from uuid import UUID

from django.db.models import Sum
from django.db.models.functions import Now

from staveworks.cluster.programmes.models import Voucher as Row
from staveworks.cluster.programmes.queries import voucher_of
from staveworks.cluster.programmes.types import (
    CapInvalid,
    FirmUnknown,
    ProgrammeUnknown,
    UntilPast,
    Voucher,
    VoucherNotFound,
    VoucherWithdrawn,
)
from staveworks.db.clock import database_today
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.domain import check_uscc
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.rights import FIRMS
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.kit.text import Text
from staveworks.trade.catalogue.programmes import Programme, programmes

SPENT = Text(
    zh="这家企业已用完这个项目最多能给的金额。",
    en="The firm has used up all that the programme gives to one firm.",
)
CAP = Text(zh="应大于 0，最多 {most} 元。", en="Must be more than 0, at most {most} yuan.")


@use_case
def grant_voucher(actor: Actor, *, uscc: str, programme: str, cap_fen: int | None, until: date) -> Voucher:
    """``uscc``: the firm's credit code. ``cap_fen`` None: all that the programme gives to one firm, less
    what it used of earlier vouchers. The ratio is the programme's.

    Raises ``RightMissing``, ``UsccInvalid``, ``FirmUnknown``, ``ProgrammeUnknown``, ``CapInvalid``, ``UntilPast`` (each at its
    field).
    """
    actor.require("voucher.grant")
    known = programmes().get(programme)
    if known is None:
        raise ProgrammeUnknown(field="programme")
    if until < database_today():
        raise UntilPast(field="until")
    firm = _firm(uscc)
    _in_turn(actor)
    cap = _cap(known, cap_fen, _used(actor, firm.id, programme))
    _replace(actor, firm.id, programme)
    row = Row.objects.create(
        id=new_id(),
        org_id=firm.id,
        operator_id=actor.org,
        programme=programme,
        ratio=known.ratio,
        cap_fen=cap,
        until=until,
        granted_by_id=actor.person_id,
    )
    append_event(actor, "voucher.granted", subject=row.id, firm=firm.id, programme=programme)
    return voucher_of(Row.objects.select_related("org", "operator").get(id=row.id))


@use_case
def withdraw_voucher(actor: Actor, *, voucher_id: UUID) -> None:
    """Prescriptions no longer reckon with it. Raises ``RightMissing``, ``VoucherNotFound``, ``VoucherWithdrawn``."""
    actor.require("voucher.grant")
    found = Row.objects.select_for_update().filter(id=voucher_id, operator_id=actor.org).first()
    if found is None:
        raise VoucherNotFound
    if found.withdrawn_at is not None:
        raise VoucherWithdrawn
    _withdraw(actor, found)


def _in_turn(actor: Actor) -> None:
    """Grants of one operator one after the other: of two at the same time the later replaces the earlier."""
    Organisation.objects.select_for_update(no_key=True).get(id=actor.org)


def _replace(actor: Actor, firm: UUID, programme: str) -> None:
    held = Row.objects.filter(org_id=firm, operator_id=actor.org, programme=programme, withdrawn_at=None)
    for former in held.select_for_update():
        _withdraw(actor, former)


def _withdraw(actor: Actor, voucher: Row) -> None:
    Row.objects.filter(id=voucher.id).update(withdrawn_at=Now(), withdrawn_by_id=actor.person_id)
    append_event(actor, "voucher.withdrawn", subject=voucher.id, firm=voucher.org_id)


def _used(actor: Actor, firm: UUID, programme: str) -> int:
    """What the firm used of all that the operator granted it of the programme; locked, so that nothing more is used meanwhile."""
    granted = Row.objects.filter(org_id=firm, operator_id=actor.org, programme=programme)
    list(granted.select_for_update().order_by("id"))
    return granted.aggregate(used=Sum("used_fen"))["used"] or 0


def _cap(programme: Programme, cap_fen: int | None, used_fen: int) -> int:
    left = programme.cap_fen - used_fen
    if left <= 0:
        raise CapInvalid(SPENT, field="cap_fen")
    cap = left if cap_fen is None else cap_fen
    if not 0 < cap <= left:
        raise CapInvalid(CAP.format(most=f"{left / 100:,.2f}"), field="cap_fen")
    return cap


def _firm(uscc: str) -> Organisation:
    code = check_uscc(uscc)
    found = Organisation.objects.filter(uscc=code, merged_into=None, kinds__overlap=list(FIRMS)).first()
    if found is None:
        raise FirmUnknown(field="uscc")
    return found
