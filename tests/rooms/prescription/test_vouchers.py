"""An operator grants a firm a voucher, replaces and withdraws it; the firm sees its own."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from staveworks.cluster.programmes.models import Voucher as Row
from staveworks.cluster.programmes.queries import list_granted, list_own_vouchers
from staveworks.cluster.programmes.types import (
    CapInvalid,
    FirmUnknown,
    ProgrammeUnknown,
    UntilPast,
    VoucherNotFound,
    VoucherWithdrawn,
)
from staveworks.cluster.programmes.usecases.grant_voucher import grant_voucher, withdraw_voucher
from staveworks.db.transaction import acting
from staveworks.foundation.parties.domain import UsccInvalid
from staveworks.foundation.parties.types import Kind, RightMissing, Role
from tests.rooms.prescription.conftest import grant
from tests.world import CHUNHUI_USCC, World, join, make_firm, make_person

TODAY = date(2026, 12, 1)


def test_the_firm_and_its_operator_see_it_and_nobody_else(world: World) -> None:
    voucher = grant(world)
    assert [each.id for each in list_own_vouchers(world.lin, today=TODAY)] == [voucher.id]
    assert [each.id for each in list_granted(world.gao)] == [voucher.id]
    assert list_own_vouchers(world.wu, today=TODAY) == []
    assert (voucher.cap_fen, str(voucher.ratio.normalize())) == (10_000_000, "0.5")


def test_granted_again_it_is_replaced(world: World) -> None:
    former, voucher = grant(world), grant(world, cap_fen=300)
    assert [each.cap_fen for each in list_own_vouchers(world.lin, today=TODAY)] == [300]
    with pytest.raises(VoucherWithdrawn):
        withdraw_voucher(world.gao, voucher_id=former.id)
    withdraw_voucher(world.gao, voucher_id=voucher.id)
    assert list_own_vouchers(world.lin, today=TODAY) == []


def test_another_operators_voucher_of_the_programme_stands_beside_it(world: World) -> None:
    """Neither sees the other's, so neither is told by a refusal that there is one."""
    city = join(make_person("市里"), make_firm("柯桥服务公司", Kind.CITY), Role.OWNER)
    ours = grant(world)
    theirs = grant_voucher(city, uscc=CHUNHUI_USCC, programme="innovation", cap_fen=5, until=date(2099, 1, 1))
    assert {each.id for each in list_own_vouchers(world.lin, today=TODAY)} == {ours.id, theirs.id}
    with pytest.raises(VoucherNotFound):
        withdraw_voucher(city, voucher_id=ours.id)


def test_it_holds_until_its_last_day(world: World) -> None:
    grant(world, until=date(2099, 1, 1))
    assert list_own_vouchers(world.lin, today=date(2099, 1, 1))
    assert not list_own_vouchers(world.lin, today=date(2099, 1, 2))


@pytest.mark.parametrize(
    ("said", "error", "field"),
    [
        ({"programme": "moon"}, ProgrammeUnknown, "programme"),
        ({"cap_fen": 0}, CapInvalid, "cap_fen"),
        ({"cap_fen": 10_000_001}, CapInvalid, "cap_fen"),
        ({"until": timezone.localdate() - timedelta(days=1)}, UntilPast, "until"),
        ({"uscc": "91330621MA2BX3K47Q"}, UsccInvalid, "uscc"),
        ({"uscc": "91330621MA2D8R5T6X"}, (FirmUnknown, UsccInvalid), "uscc"),
    ],
    ids=["programme", "no cap", "cap", "past", "check digit", "nobody's"],
)
def test_what_is_wrong_is_refused_at_its_field(
    world: World, said: dict[str, Any], error: Any, field: str
) -> None:
    right = {"uscc": CHUNHUI_USCC, "programme": "innovation", "cap_fen": 1, "until": date(2099, 1, 1)}
    with pytest.raises(error) as refused:
        grant_voucher(world.gao, **(right | said))
    assert refused.value.field == field


def test_only_an_operator_grants(world: World) -> None:
    with pytest.raises(RightMissing):
        grant_voucher(world.lin, uscc=CHUNHUI_USCC, programme="innovation", cap_fen=1, until=date(2099, 1, 1))
    with pytest.raises(VoucherNotFound):
        withdraw_voucher(world.gao, voucher_id=uuid4())


def test_a_firm_can_neither_write_itself_one_nor_change_it(world: World) -> None:
    voucher = grant(world)
    with acting(org=world.lin.org):
        assert Row.objects.filter(id=voucher.id).update(cap_fen=9) == 0, "seen, but not hers to write"
        with pytest.raises(ProgrammingError), transaction.atomic():
            Row.objects.create(
                org_id=world.lin.org,
                operator_id=world.operator.id,
                programme="digital",
                ratio="1",
                cap_fen=1,
                until=TODAY,
            )
    with acting(org=world.operator.id), pytest.raises(IntegrityError), transaction.atomic():
        Row.objects.filter(id=voucher.id).update(cap_fen=9)
