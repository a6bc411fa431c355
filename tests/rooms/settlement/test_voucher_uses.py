"""A voucher pays its part of an accepted line: once for each line, never over its cap, whoever comes at the same time."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone
from openpyxl import load_workbook

from staveworks.cluster.programmes.models import Use, Voucher
from staveworks.cluster.programmes.queries import list_own_vouchers
from staveworks.cluster.programmes.shares import shares_of
from staveworks.cluster.programmes.types import CapInvalid
from staveworks.cluster.programmes.usecases import grant_voucher as grant_voucher_module
from staveworks.cluster.programmes.usecases.grant_voucher import grant_voucher, withdraw_voucher
from staveworks.cluster.programmes.usecases.use_voucher import use_voucher
from staveworks.db.transaction import acting
from staveworks.foundation.ledger.queries import list_accounts
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.kit.ids import new_id
from staveworks.trade.catalogue.programmes import programmes
from staveworks.trade.orders.queries import access_line, access_order
from staveworks.trade.orders.usecases.accept_line import accept_line
from staveworks.trade.orders.usecases.answer_line import confirm_line
from staveworks.trade.orders.usecases.deliver_line import deliver_part
from staveworks.trade.orders.usecases.dispute_line import answer_dispute, open_dispute
from staveworks.trade.settlement.queries import list_earnings
from staveworks.trade.settlement.usecases.post_ordered_line import post_ordered_line
from tests.books import today
from tests.database import Clone
from tests.invariants.test_01_ledger import without
from tests.invariants.test_20_tenancy import at_once
from tests.ordering import Market, make_market
from tests.rooms.ledger.test_doors import client_of
from tests.trading import PLAIN, publish
from tests.world import CHUNHUI_USCC, World, join, make_firm, make_person, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def market(world: World, settings: Any) -> Market:
    settings.MECHANISMS = PLAIN
    return make_market(world)


def grant(world: World, cap_fen: int | None = None, programme: str = "innovation") -> UUID:
    return grant_voucher(
        world.gao, uscc=CHUNHUI_USCC, programme=programme, cap_fen=cap_fen, until=date(2099, 1, 1)
    ).id


def buy(
    world: World,
    market: Market,
    *,
    accepted: int = 68_000,
    programmes: Any = ("innovation",),
    posted: bool = True,
) -> UUID:
    """A test for ¥680, delivered, of which ``accepted`` stands; the line, posted."""
    offer = publish(market.fang, programmes=list(programmes))
    (line,) = market.place(world.lin, offer).lines
    confirm_line(market.fang, line_id=line.id)
    deliver_part(market.fang, line_id=line.id, text="报告", last=True)
    if accepted == line.price_fen:
        accept_line(world.lin, line_id=line.id)
    else:
        open_dispute(world.lin, line_id=line.id, reason="少一项", stands_fen=accepted)
        answer_dispute(market.fang, line_id=line.id, text="同意", agree=True)
    if posted:
        post_ordered_line(operator_service_for(world.lin.org), subject=line.id)
    return line.id


def stands(of: Actor) -> dict[tuple[str, str], int]:
    return {
        (account.kind, account.counterparty.zh if account.counterparty else ""): account.balance
        for account in list_accounts(of)
        if account.balance
    }


def used(world: World) -> int:
    with acting(org=world.chunhui.id):
        return sum(Voucher.objects.values_list("used_fen", flat=True))


def test_a_line_says_what_a_voucher_should_pay_and_then_what_it_paid(world: World, market: Market) -> None:
    offer = publish(market.fang, programmes=["innovation"])
    grant(world, cap_fen=50_000)
    line = buy(world, market, accepted=34_000)
    (share,) = shares_of(world.lin, lines=[access_line(world.lin, line_id=line)]).values()
    assert (share.fen, share.used, share.name.zh) == (17_000, True, "科技创新券")
    assert shares_of(market.fang, lines=[access_line(market.fang, line_id=line)]) == {}, (
        "its buyer's business"
    )
    draft = access_order(world.lin, order_id=market.fill(world.lin, market.yarn, offer, offer))
    shares = shares_of(world.lin, lines=draft.lines)
    assert {id_: (each.fen, each.used) for id_, each in shares.items()} == {
        draft.lines[1].id: (33_000, False)
    }


def test_half_a_fen_is_expected_as_it_is_paid(world: World, market: Market) -> None:
    grant(world)
    line = buy(world, market, accepted=34_001, posted=False)
    (before,) = shares_of(world.lin, lines=[access_line(world.lin, line_id=line)]).values()
    post_ordered_line(operator_service_for(world.lin.org), subject=line)
    (after,) = shares_of(world.lin, lines=[access_line(world.lin, line_id=line)]).values()
    assert [(each.fen, each.used) for each in (before, after)] == [(17_001, False), (17_001, True)]


def test_it_pays_its_ratio_of_the_price(world: World, market: Market) -> None:
    grant(world)
    line = buy(world, market)
    assert stands(world.lin)["payable", "中纺检测"] == -34_000
    assert stands(world.lin)["subsidy_income", ""] == -34_000
    assert stands(market.fang)["receivable", "集群服务公司"] == 34_000
    assert stands(world.gao)["subsidy_expense", ""] == 34_000
    assert used(world) == 34_000
    assert post_ordered_line(operator_service_for(world.lin.org), subject=line) == []
    assert used(world) == 34_000


def test_it_pays_no_more_than_is_left_and_the_prescription_reckons_with_that(
    world: World, market: Market
) -> None:
    grant(world, 50_000)
    buy(world, market)
    assert [each.left_fen for each in list_own_vouchers(world.lin, today=date(2026, 12, 1))] == [16_000]
    buy(world, market)
    assert used(world) == 50_000
    assert stands(world.lin)["payable", "中纺检测"] == -(2 * 68_000 - 50_000)
    assert list_own_vouchers(world.lin, today=date(2026, 12, 1)) == []
    buy(world, market)
    assert stands(world.lin)["payable", "中纺检测"] == -(3 * 68_000 - 50_000)


def test_granted_again_it_gives_what_is_left_of_the_programmes_cap(world: World, market: Market) -> None:
    """The programme gives one firm ¥100,000 at most: granting it anew makes no more of it."""
    grant(world)
    buy(world, market)
    with pytest.raises(CapInvalid, match=r"99,660\.00"):
        grant(world, 10_000_000)
    grant(world)
    assert [each.left_fen for each in list_own_vouchers(world.lin, today=date(2026, 12, 1))] == [9_966_000]


def test_who_used_up_a_programme_is_granted_no_more_of_it(
    world: World, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant(world)
    buy(world, market)
    small = replace(programmes()["innovation"], cap_fen=34_000)
    monkeypatch.setattr(grant_voucher_module, "programmes", lambda: {"innovation": small})
    with pytest.raises(CapInvalid, match="used up") as refused:
        grant(world)
    assert refused.value.field == "cap_fen"


def test_of_two_that_pay_the_same_the_one_that_holds_longer_is_used(world: World, market: Market) -> None:
    """As a prescription reckons."""
    short = join(make_person("市里"), make_firm("柯桥服务公司", Kind.CITY), Role.OWNER)
    grant_voucher(short, uscc=CHUNHUI_USCC, programme="innovation", cap_fen=None, until=date(2098, 1, 1))
    longer = grant(world)
    buy(world, market)
    with acting(org=world.chunhui.id):
        assert [use.voucher_id for use in Use.objects.all()] == [longer]


def test_of_a_split_it_pays_its_part(world: World, market: Market) -> None:
    grant(world)
    buy(world, market, accepted=20_000)
    assert used(world) == 10_000
    assert stands(world.lin)["payable", "中纺检测"] == -10_000


def test_it_pays_for_eligible_offers_only_and_the_better_of_two(world: World, market: Market) -> None:
    grant(world)
    buy(world, market, programmes=())
    buy(world, market, programmes=("digital",))
    assert used(world) == 0
    grant(world, programme="services")
    buy(world, market, programmes=("services", "innovation"))
    with acting(org=world.chunhui.id):
        assert [use.voucher.programme for use in Use.objects.select_related("voucher")] == ["innovation"]


def test_what_was_ordered_while_it_was_in_force_is_paid_and_nothing_later(
    world: World, market: Market
) -> None:
    granted = grant(world)
    offer = publish(market.fang, programmes=["innovation"])
    (line,) = market.place(world.lin, offer).lines
    withdraw_voucher(world.gao, voucher_id=granted)
    confirm_line(market.fang, line_id=line.id)
    deliver_part(market.fang, line_id=line.id, text="报告", last=True)
    accept_line(world.lin, line_id=line.id)
    post_ordered_line(operator_service_for(world.lin.org), subject=line.id)
    assert used(world) == 34_000
    buy(world, market)
    assert used(world) == 34_000


def test_uses_are_seen_by_firm_and_operator_and_written_by_nobody_else(world: World, market: Market) -> None:
    grant(world)
    buy(world, market)
    for org, seen in ((world.chunhui.id, 1), (world.operator.id, 1), (world.yuanda.id, 0)):
        with acting(org=org):
            assert Use.objects.count() == seen
    with acting(org=world.operator.id):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Use.objects.update(paid_fen=1)
        with pytest.raises(IntegrityError, match="stays as it was granted"), transaction.atomic():
            Voucher.objects.update(used_fen=0)


LOCK = "AND org_id = app_org() FOR NO KEY UPDATE"


@pytest.mark.parametrize("guarded", [True, False])
def test_two_lines_at_once_share_what_is_left(committed: Clone, guarded: bool) -> None:
    """Control: without the lock and the cap's constraint both take all of it."""
    world = make_world()
    grant(world, 10_000)
    with psycopg.connect(committed.urls.owner) as owner:
        owner.execute(
            """
            CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
            BEGIN
                FOR try IN 1..100 LOOP
                    EXIT WHEN EXISTS (SELECT FROM pg_locks WHERE NOT granted) OR (SELECT count(*) FROM programmes_use) > 1;
                    PERFORM pg_sleep(0.01);
                END LOOP;
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER zz_dawdle AFTER INSERT ON programmes_use DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION dawdle();
            """
        )
        if not guarded:
            owner.execute("ALTER TABLE programmes_voucher DROP CONSTRAINT programmes_voucher_within_cap")
    if not guarded:
        without(committed, "programmes_use_voucher", LOCK, "AND org_id = app_org()")

    def use() -> int:
        share = use_voucher(
            world.lin,
            line_id=new_id(),
            programmes=["innovation"],
            ordered_at=timezone.now(),
            price_fen=100_000,
            accepted_fen=100_000,
        )
        return share.whole_fen if share else 0

    assert sum(each for each in at_once(use, use) if isinstance(each, int)) == (10_000 if guarded else 20_000)
    assert used(world) == (10_000 if guarded else 20_000)


def test_the_provider_reads_what_it_earned_and_opens_the_line(world: World, market: Market) -> None:
    grant(world)
    line = buy(world, market)
    [row] = list_earnings(market.fang, month=today().replace(day=1))
    assert (row.price_fen, row.buyer_fen, row.voucher_fen, row.tax_fen, row.fee_fen, row.gets_fen) == (
        68_000, 34_000, 34_000, 3_849, 1_360, 66_640,
    )  # fmt: skip
    assert list_earnings(world.lin, month=today().replace(day=1)) == []
    client = client_of(market.fang)
    page = client.get("/earned/").content.decode()
    for shown in ("春晖织造", "¥666.40", "38.49", "340.00", "13.60", f"/lines/{line}/"):
        assert shown in page
    assert "you get ¥666.40" in client_of(market.fang, "en").get("/earned/").content.decode()
    book = load_workbook(BytesIO(client.get("/earned/export.xlsx").content)).active
    assert [cell.value for cell in list(book.rows)[-1]][3:8] == [680, 38.49, 340, 13.6, 666.4]
    assert "这个月没有入账的订单" in client.get("/earned/?month=2026-01").content.decode()
    [claim] = [each for each in list_accounts(market.fang) if each.counterparty_id == world.chunhui.id]
    assert f"/lines/{line}/" in client.get(f"/books/{claim.id}/").content.decode()
    [debt] = [each for each in list_accounts(world.gao) if each.kind == "payable"]
    assert f"/lines/{line}/" not in client_of(world.gao).get(f"/books/{debt.id}/").content.decode(), (
        "not its line"
    )
