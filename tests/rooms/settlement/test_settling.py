"""An order line in the books of all: price, tax, voucher, fee; parts, refunds, penalties; once, whoever comes twice."""

from collections import Counter
from datetime import timedelta
from fractions import Fraction
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.ledger.auditing import audit_ledger
from staveworks.foundation.ledger.models import Transfer
from staveworks.foundation.ledger.queries import list_accounts
from staveworks.foundation.parties.types import Actor, Kind
from staveworks.foundation.rules.usecases.adopt_rule import adopt_rule
from staveworks.kit.ids import new_id
from staveworks.kit.text import Text
from staveworks.trade.settlement.domain import Due
from staveworks.trade.settlement.models import Entry
from staveworks.trade.settlement.queries import list_earnings, list_entries
from staveworks.trade.settlement.types import LineToSettle
from staveworks.trade.settlement.usecases import settle_line as settling
from staveworks.trade.settlement.usecases.settle_line import FEE, settle_line
from tests.books import today
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.world import Role, World, join, make_firm, make_person, make_world

SIX = Fraction(6, 100)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def a_line(world: World, **given: Any) -> LineToSettle:
    """春晖织造 bought of 远达印染 for 1,060.00 yuan, 60.00 of it tax."""
    usual: dict[str, Any] = {
        "line_id": new_id(),
        "buyer": world.chunhui.id,
        "provider": world.yuanda.id,
        "price_fen": 106_000,
        "tax_rate": SIX,
        "placed_at": timezone.now(),
    }
    return LineToSettle(**usual | given)


def books(of: Actor) -> dict[tuple[str, str], int]:
    """(kind, counterparty) → balance, without empty accounts."""
    return {
        (account.kind, account.counterparty.zh if account.counterparty else ""): account.balance
        for account in list_accounts(of)
        if account.balance
    }


def test_an_accepted_line_stands_in_the_books_of_all(world: World) -> None:
    government = join(make_person("顾政"), make_firm("柯桥经信局", Kind.GOVERNMENT), Role.OWNER)
    line = a_line(world, accepted_fen=106_000, programme=government.org, voucher_fen=30_000)
    [transfer] = settle_line(world.lin, line=line)
    assert books(world.lin) == {
        ("payable", "远达印染"): -76_000,
        ("tax_in", ""): 6_000,
        ("subsidy_income", ""): -30_000,
        ("purchases", ""): 100_000,
    }
    assert books(world.wu) == {
        ("receivable", "春晖织造"): 76_000,
        ("receivable", "柯桥经信局"): 30_000,
        ("payable", "集群服务公司"): -2_120,
        ("tax_in", ""): 120,
        ("tax_out", ""): -6_000,
        ("sales", ""): -100_000,
        ("fee_expense", ""): 2_000,
    }
    assert books(government) == {("payable", "远达印染"): -30_000, ("subsidy_expense", ""): 30_000}
    assert books(world.gao) == {
        ("receivable", "远达印染"): 2_120,
        ("tax_out", ""): -120,
        ("fee_income", ""): -2_000,
    }
    with acting(org=world.chunhui.id):
        row = Transfer.objects.get(id=transfer)
        assert (row.subject_id, row.kind, row.rules) == (line.line_id, "line.accepted", ["platform.fee/1"])


def test_settling_again_does_nothing(world: World) -> None:
    line = a_line(world, accepted_fen=106_000)
    assert len(settle_line(world.lin, line=line)) == 1
    assert settle_line(world.lin, line=line) == []
    assert settle_line(world.wu, line=line) == []


def test_a_split_posts_the_part_that_stands(world: World) -> None:
    settle_line(world.lin, line=a_line(world, accepted_fen=42_400))
    assert books(world.wu)["receivable", "春晖织造"] == 42_400
    assert books(world.gao)["fee_income", ""] == -800


def test_parts_come_to_the_whole_and_a_full_refund_to_nothing_owed(world: World) -> None:
    line = a_line(world, price_fen=100_001)
    for accepted in (33_333, 66_667, 100_001):
        settle_line(
            world.lin, line=a_line(world, line_id=line.line_id, price_fen=100_001, accepted_fen=accepted)
        )
    assert books(world.lin)["payable", "远达印染"] == -100_001
    assert books(world.gao)["receivable", "远达印染"] == 2_000
    refunded = a_line(
        world, line_id=line.line_id, price_fen=100_001, accepted_fen=100_001, refunded_fen=100_001
    )
    settle_line(world.wu, line=refunded)
    assert books(world.lin) == {("receivable", "远达印染"): 100_001, ("payable", "远达印染"): -100_001}
    assert books(world.gao) == {("receivable", "远达印染"): 2_000, ("payable", "远达印染"): -2_000}
    earned = list_earnings(world.wu, month=today().replace(day=1))
    assert [row.fee_fen for row in earned] == [-2_000, 667, 666, 667], "the latest first"
    assert sum(row.price_fen for row in earned) == sum(row.tax_fen for row in earned) == 0
    assert [
        (entry.kind, entry.after_fen, entry.upto_fen)
        for entry in list_entries(world.lin, line_id=line.line_id)
    ] == [
        ("line.accepted", 0, 33_333),
        ("line.accepted", 33_333, 66_667),
        ("line.accepted", 66_667, 100_001),
        ("line.refunded", 0, 100_001),
    ]


def test_a_penalty_goes_from_whom_is_at_fault_to_the_other_without_a_fee(world: World) -> None:
    settle_line(world.lin, line=a_line(world, penalty_fen=30_000))
    settle_line(world.wu, line=a_line(world, penalty_fen=5_000, at_fault="provider"))
    assert books(world.lin) == {
        ("receivable", "远达印染"): 5_000,
        ("payable", "远达印染"): -30_000,
        ("penalty_income", ""): -5_000,
        ("penalty_expense", ""): 30_000,
    }
    assert books(world.gao) == {}


def test_no_fee_is_charged_where_the_platform_sells(world: World) -> None:
    settle_line(world.lin, line=a_line(world, provider=world.operator.id, accepted_fen=106_000))
    assert books(world.gao) == {
        ("receivable", "春晖织造"): 106_000,
        ("tax_out", ""): -6_000,
        ("sales", ""): -100_000,
    }


def test_the_fee_is_that_of_the_rule_when_the_line_was_ordered(world: World) -> None:
    before = timezone.now()
    value = {"rate": 500, "cap_yuan": 10, "bearer": ["buyer"], "tax_rate": 0}
    adopt_rule(
        world.gao, code=FEE, value=value, text=Text(zh="五", en="Five"), from_date=timezone.localdate()
    )
    settle_line(world.lin, line=a_line(world, accepted_fen=106_000, placed_at=before))
    assert books(world.gao)["receivable", "远达印染"] == 2_120
    later = a_line(world, accepted_fen=106_000, placed_at=timezone.now() + timedelta(seconds=1))
    settle_line(world.lin, line=later)
    assert books(world.gao)["receivable", "春晖织造"] == 1_000, "by the buyer, up to the cap"
    with acting(org=world.chunhui.id):
        rules = Transfer.objects.filter(subject_id=later.line_id).values_list("rules", flat=True)
        assert list(rules) == [["platform.fee/2"]]


def test_entries_are_seen_by_the_two_sides_and_never_change(world: World) -> None:
    line = a_line(world, accepted_fen=106_000)
    settle_line(world.lin, line=line)
    assert list_entries(world.gao, line_id=line.line_id) == []
    assert list_entries(world.wu, line_id=line.line_id) == list_entries(world.lin, line_id=line.line_id) != []
    with acting(org=world.chunhui.id):
        for change in (lambda: Entry.objects.update(upto_fen=1), lambda: Entry.objects.all().delete()):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                change()


@pytest.mark.parametrize("guarded", [True, False])
def test_ten_who_settle_a_line_at_once_post_it_once(
    committed: Clone, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """Control: without the unique key and the lock it is posted many times."""
    world = make_world()
    line = a_line(world, accepted_fen=106_000)
    settle_line(world.lin, line=a_line(world, accepted_fen=100))  # the accounts are open
    if not guarded:
        with psycopg.connect(committed.urls.owner) as owner:
            owner.execute("ALTER TABLE settlement_entry DROP CONSTRAINT settlement_entry_posted_once")
        monkeypatch.setattr(settling, "_wait_for_the_line", lambda _: None)
        all_have_read = Barrier(10)
        due = settling.still_due

        def read_and_wait(*known: Any) -> list[Due]:
            all_have_read.wait(20)
            return due(*known)

        monkeypatch.setattr(settling, "still_due", read_and_wait)
    results = at_once(*[lambda: settle_line(world.lin, line=line)] * 10)
    posted = Counter(len(result) for result in results if isinstance(result, list))
    assert (posted[1] == 1) is guarded
    assert audit_ledger().ok, "what was posted twice is still bookkeeping"
