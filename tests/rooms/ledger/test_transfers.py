"""Transfers: posted, held, voided; chains, batches, repetitions; what each party reads of them."""

from collections import Counter
from datetime import date, timedelta

import psycopg
import pytest

from staveworks.foundation.ledger.auditing import audit_ledger
from staveworks.foundation.ledger.queries import (
    access_account,
    access_transfer,
    list_accounts,
    list_months,
    statement_of,
    trial_balance,
)
from staveworks.foundation.ledger.types import (
    AccountKey,
    AccountKind,
    AccountNotFound,
    ChainIncomplete,
    CurrencyUnknown,
    FloorReached,
    NotAParty,
    NotPending,
    NotPosted,
    PeriodClosed,
    ReversedAlready,
    State,
    TransferIdUsed,
    TransferNotFound,
    Unbalanced,
)
from staveworks.foundation.ledger.usecases.close_books import close_books
from staveworks.foundation.ledger.usecases.open_accounts import limit_account, open_accounts
from staveworks.foundation.ledger.usecases.post_transfers import post_batch, post_transfers
from staveworks.foundation.ledger.usecases.reverse_transfer import reverse_transfer
from staveworks.foundation.ledger.usecases.settle_transfers import post_pending, void_pending
from staveworks.foundation.parties.types import Actor, RightMissing
from staveworks.kit.ids import new_id
from tests.books import account, fund, payment, today, transfer
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def at_bank(of: Actor) -> int:
    return access_account(of, account(of, AccountKind.BANK)).balance


class TestPosting:
    def test_moves_the_balances_of_both_books(self, world: World) -> None:
        fund(world.lin, 100)
        [done] = post_transfers(world.lin, transfers=[payment(world.lin, world.wu, 60)])
        assert (done.state, done.replayed) == (State.POSTED, False)
        assert (at_bank(world.lin), at_bank(world.wu)) == (40, 60)
        claim = access_account(world.wu, account(world.wu, AccountKind.RECEIVABLE, world.lin))
        assert (claim.balance, claim.counterparty and claim.counterparty.zh) == (-60, "春晖织造")

    def test_repeated_with_the_same_id_and_content_is_done_once(self, world: World) -> None:
        fund(world.lin, 100)
        one = payment(world.lin, world.wu, 60)
        [first], [again] = (post_transfers(world.lin, transfers=[one]) for _ in range(2))
        assert (first.replayed, again.replayed) == (False, True)
        assert (first.id, first.state, first.day) == (again.id, again.state, again.day)
        assert at_bank(world.lin) == 40

    def test_with_a_used_id_and_another_content_is_refused(self, world: World) -> None:
        fund(world.lin, 100)
        one = payment(world.lin, world.wu, 60)
        post_transfers(world.lin, transfers=[one])
        for other in (
            payment(world.lin, world.wu, 61, id=one.id),
            payment(world.lin, world.wu, 60, id=one.id, pending=True),
        ):
            with pytest.raises(TransferIdUsed):
                post_transfers(world.lin, transfers=[other])
        assert at_bank(world.lin) == 40

    def test_into_the_books_of_others_alone_is_refused(self, world: World) -> None:
        one = transfer((account(world.wu, AccountKind.BANK), 5), (account(world.wu, AccountKind.EQUITY), -5))
        with pytest.raises(NotAParty):
            post_transfers(world.lin, transfers=[one])
        post_transfers(world.wu, transfers=[one])

    @pytest.mark.parametrize("amounts", [[], [5], [5, -4], [0, 0]], ids=str)
    def test_refuses_what_does_not_balance(self, world: World, amounts: list[int]) -> None:
        kinds = [AccountKind.BANK, AccountKind.EQUITY]
        legs = [(account(world.lin, kind), amount) for kind, amount in zip(kinds, amounts, strict=False)]
        with pytest.raises(Unbalanced):
            post_transfers(world.lin, transfers=[transfer(*legs)])

    def test_refuses_an_account_twice_and_an_account_that_does_not_exist(self, world: World) -> None:
        bank = account(world.lin, AccountKind.BANK)
        for legs in ([(bank, 5), (bank, -5)], [(bank, 5), (new_id(), -5)]):
            with pytest.raises(Unbalanced):
                post_transfers(world.lin, transfers=[transfer(*legs)])

    def test_refuses_a_currency_that_is_not_kept(self, world: World) -> None:
        for currency in ("JPY", "cny", ""):
            with pytest.raises(CurrencyUnknown):
                open_accounts(world.lin, keys=[AccountKey(world.lin.org, AccountKind.BANK, None, currency)])
        assert open_accounts(world.lin, keys=[AccountKey(world.lin.org, AccountKind.BANK, None, "EUR")])

    def test_needs_no_more_than_the_floor_leaves(self, world: World) -> None:
        bank = fund(world.lin, 100)
        limit_account(world.lin, account_id=bank, floor=20)
        with pytest.raises(FloorReached):
            post_transfers(world.lin, transfers=[payment(world.lin, world.wu, 81)])
        post_transfers(world.lin, transfers=[payment(world.lin, world.wu, 80)])
        with pytest.raises(FloorReached):
            limit_account(world.lin, account_id=bank, floor=21)
        with pytest.raises(AccountNotFound):
            limit_account(world.wu, account_id=bank, floor=None)


class TestHolding:
    def test_takes_nothing_yet_and_lets_nobody_else_take_it(self, world: World) -> None:
        bank = fund(world.lin, 100)
        held = payment(world.lin, world.wu, 70, pending=True)
        post_transfers(world.lin, transfers=[held])
        seen = access_account(world.lin, bank)
        assert (seen.balance, seen.held) == (100, 70)
        with pytest.raises(FloorReached):
            post_transfers(world.lin, transfers=[payment(world.lin, world.wu, 31)])
        post_transfers(world.lin, transfers=[payment(world.lin, world.wu, 30)])
        [done] = post_pending(world.wu, ids=[held.id])
        assert done.state == State.POSTED
        seen = access_account(world.lin, bank)
        assert (seen.balance, seen.held, at_bank(world.wu)) == (0, 0, 100)

    def test_voided_it_never_was(self, world: World) -> None:
        bank = fund(world.lin, 100)
        held = payment(world.lin, world.wu, 70, pending=True)
        post_transfers(world.lin, transfers=[held])
        void_pending(world.lin, ids=[held.id])
        seen = access_account(world.lin, bank)
        assert (seen.balance, seen.held) == (100, 0)
        assert [
            line.amount for line in statement_of(world.lin, bank, month=today().replace(day=1)).lines
        ] == [100]

    def test_ends_once_and_a_repetition_changes_nothing(self, world: World) -> None:
        fund(world.lin, 100)
        held = payment(world.lin, world.wu, 70, pending=True)
        post_transfers(world.lin, transfers=[held])
        assert [post_pending(world.lin, ids=[held.id])[0].replayed for _ in range(2)] == [False, True]
        with pytest.raises(NotPending):
            void_pending(world.lin, ids=[held.id])
        assert at_bank(world.wu) == 70

    def test_is_ended_by_its_parties_only(self, world: World) -> None:
        fund(world.lin, 100)
        held = payment(world.lin, world.wu, 70, pending=True)
        post_transfers(world.lin, transfers=[held])
        with pytest.raises(TransferNotFound):
            void_pending(world.gao, ids=[held.id])
        with pytest.raises(TransferNotFound):
            access_transfer(world.gao, held.id)
        assert access_transfer(world.wu, held.id).state == State.PENDING

    def test_counts_on_the_day_on_which_it_is_posted_where_its_own_is_closed(self, world: World) -> None:
        last = today().replace(day=1) - timedelta(days=1)
        fund(world.lin, 100, day=last)
        held = payment(world.lin, world.wu, 70, pending=True, day=last)
        post_transfers(world.lin, transfers=[held])
        close_books(world.gao, through=last)
        with pytest.raises(PeriodClosed):
            post_pending(world.lin, ids=[held.id])
        assert post_pending(world.lin, ids=[held.id], day=today())[0].day == today()


class TestChains:
    def test_are_made_all_or_none(self, world: World) -> None:
        fund(world.lin, 100)
        with pytest.raises(FloorReached):
            post_transfers(world.lin, transfers=[payment(world.lin, world.wu, amount) for amount in (60, 41)])
        assert at_bank(world.lin) == 100
        post_transfers(world.lin, transfers=[payment(world.lin, world.wu, amount) for amount in (60, 40)])
        assert at_bank(world.wu) == 100

    def test_end_all_or_none(self, world: World) -> None:
        fund(world.lin, 100)
        chain = [payment(world.lin, world.wu, amount, pending=True) for amount in (60, 40)]
        post_transfers(world.lin, transfers=chain)
        with pytest.raises(ChainIncomplete):
            post_pending(world.lin, ids=[chain[0].id])
        assert {access_transfer(world.lin, one.id).state for one in chain} == {State.PENDING}
        post_pending(world.lin, ids=[one.id for one in chain])
        assert at_bank(world.wu) == 100

    def test_repeated_in_part_are_another_content(self, world: World) -> None:
        fund(world.lin, 100)
        chain = [payment(world.lin, world.wu, amount) for amount in (60, 40)]
        post_transfers(world.lin, transfers=chain)
        with pytest.raises(TransferIdUsed):
            post_transfers(world.lin, transfers=chain[:1])
        assert all(done.replayed for done in post_transfers(world.lin, transfers=chain))


class TestBatches:
    def test_of_thousands_are_one_statement(
        self, world: World, django_assert_max_num_queries: object
    ) -> None:
        fund(world.lin, 10_000)
        wanted = [[payment_between] for payment_between in many(world, 2000)]
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            outcomes = post_batch(world.lin, chains=wanted)
        assert all(not outcome.done[0].replayed for outcome in outcomes)
        assert (at_bank(world.lin), at_bank(world.wu)) == (8000, 2000)

    def test_keep_what_can_stand_and_name_what_cannot(self, world: World) -> None:
        fund(world.lin, 100)
        chains = [[payment(world.lin, world.wu, amount)] for amount in (10, 500, 20, 30)]
        chains.insert(1, [payment(world.lin, world.wu, 5), payment(world.lin, world.wu, 600)])
        outcomes = post_batch(world.lin, chains=chains)
        assert [type(outcome.refused).__name__ for outcome in outcomes] == [
            "NoneType",
            "FloorReached",
            "FloorReached",
            "NoneType",
            "NoneType",
        ]
        assert [len(outcome.done) for outcome in outcomes] == [1, 0, 0, 1, 1]
        assert at_bank(world.lin) == 40

    def test_with_an_id_twice_or_an_empty_chain_are_refused_whole(self, world: World) -> None:
        fund(world.lin, 100)
        one = payment(world.lin, world.wu, 10)
        for chains in ([[one], [one]], [[one], []]):
            with pytest.raises(Unbalanced):
                post_batch(world.lin, chains=chains)
        assert at_bank(world.lin) == 100


def many(world: World, count: int) -> list[object]:
    ready = payment(world.lin, world.wu, 1)
    legs = [(posting.account_id, posting.amount) for posting in ready.postings]
    return [transfer(*legs) for _ in range(count)]


class TestReversing:
    def test_mirrors_every_posting_in_the_books_of_all(self, world: World) -> None:
        fund(world.lin, 100)
        paid = payment(world.lin, world.wu, 60)
        post_transfers(world.lin, transfers=[paid])
        reversal = new_id()
        done = [
            reverse_transfer(world.wu, transfer_id=paid.id, reversal_id=reversal, day=today())
            for _ in range(2)
        ]
        assert [each.replayed for each in done] == [False, True]
        assert (at_bank(world.lin), at_bank(world.wu)) == (100, 0)
        with pytest.raises(ReversedAlready):
            reverse_transfer(world.lin, transfer_id=paid.id, reversal_id=new_id(), day=today())
        with pytest.raises(NotPosted):
            reverse_transfer(world.lin, transfer_id=reversal, reversal_id=new_id(), day=today())
        with pytest.raises(TransferNotFound):
            reverse_transfer(world.gao, transfer_id=paid.id, reversal_id=new_id(), day=today())

    def test_leaves_what_is_pending_or_voided(self, world: World) -> None:
        fund(world.lin, 100)
        held = payment(world.lin, world.wu, 60, pending=True)
        post_transfers(world.lin, transfers=[held])
        with pytest.raises(NotPosted):
            reverse_transfer(world.lin, transfer_id=held.id, reversal_id=new_id(), day=today())


class TestReading:
    def test_a_statement_runs_from_opening_to_closing(self, world: World) -> None:
        october, november = date(2026, 10, 20), date(2026, 11, 3)
        bank = fund(world.lin, 1000, day=october)
        post_transfers(world.lin, transfers=[payment(world.lin, world.wu, 300, day=october)])
        for amount in (50, 100):
            post_transfers(world.lin, transfers=[payment(world.lin, world.wu, amount, day=november)])
        post_transfers(world.lin, transfers=[payment(world.lin, world.wu, 7, day=november, pending=True)])
        assert list_months(world.lin, bank) == [date(2026, 11, 1), date(2026, 10, 1)]
        seen = statement_of(world.lin, bank, month=date(2026, 11, 1))
        assert (seen.opening, seen.debits, seen.credits, seen.closing, seen.count) == (700, 0, 150, 550, 2)
        assert [(line.amount, line.balance) for line in seen.lines] == [(-50, 650), (-100, 550)]
        second = statement_of(world.lin, bank, month=date(2026, 11, 1), offset=1, limit=1)
        assert [(line.amount, line.balance) for line in second.lines] == [(-100, 550)]
        after = (seen.lines[0].day, seen.lines[0].transfer_id)
        assert statement_of(world.lin, bank, month=date(2026, 11, 1), after=after).lines == second.lines
        assert statement_of(world.lin, bank, month=date(2026, 12, 1)).opening == 550

    def test_the_trial_balance_of_each_sums_to_nothing(self, world: World) -> None:
        fund(world.lin, 1000, day=date(2026, 10, 20))
        post_transfers(world.lin, transfers=[payment(world.lin, world.wu, 300, day=date(2026, 11, 3))])
        for actor in (world.lin, world.wu):
            lines = trial_balance(actor, month=date(2026, 11, 1))
            assert sum(line.opening for line in lines) == sum(line.closing for line in lines) == 0
            assert sum(line.debits for line in lines) == sum(line.credits for line in lines) == 300
            assert [line.closing for line in lines] == [line.account.balance for line in lines]
        assert [
            (line.account.kind, line.opening, line.closing)
            for line in trial_balance(world.lin, month=date(2026, 11, 1))
        ] == [("bank", 1000, 700), ("payable", 0, 300), ("equity", -1000, -1000)]

    def test_is_for_those_with_the_right_and_their_own_books(self, world: World) -> None:
        bank = fund(world.lin, 100)
        assert [each.id for each in list_accounts(world.zhou)][:1] == [bank]
        with pytest.raises(AccountNotFound):
            access_account(world.wu, bank)
        nobody = world.zhou.narrowed_to(frozenset())
        for read in (
            lambda: list_accounts(nobody),
            lambda: list_months(nobody),
            lambda: access_account(nobody, bank),
        ):
            with pytest.raises(RightMissing):
                read()
        with pytest.raises(RightMissing):
            close_books(world.lin, through=date(2026, 1, 31))


def test_twenty_repetitions_at_once_have_one_effect(committed: Clone) -> None:
    world = make_world()
    fund(world.lin, 100)
    one = payment(world.lin, world.wu, 60)
    results = at_once(*[lambda: post_transfers(world.lin, transfers=[one])] * 20)
    assert Counter(done[0].replayed for done in results) == {False: 1, True: 19}  # type: ignore[index]
    assert at_bank(world.lin) == 40


def test_the_audit_names_the_account_that_drifted(committed: Clone) -> None:
    world = make_world()
    bank = fund(world.lin, 100)
    post_transfers(world.lin, transfers=[payment(world.lin, world.wu, 60)])
    assert audit_ledger().ok
    with psycopg.connect(committed.urls.superuser) as superuser:
        superuser.execute("SET session_replication_role = replica")  # no trigger looks
        superuser.execute("UPDATE ledger_account SET balance = balance + 5 WHERE id = %s", [bank])
    found = audit_ledger()
    assert not found.ok
    [drift] = found.drifts
    assert drift.subject_id == bank
    assert "0.45 CNY" in drift.text.en
    assert "0.40 CNY" in drift.text.en
    assert "春晖织造" in drift.text.zh


def test_the_audit_names_a_transfer_that_lost_a_posting_and_a_closing_that_no_longer_fits(
    committed: Clone,
) -> None:
    world = make_world()
    last = today().replace(day=1) - timedelta(days=1)
    fund(world.lin, 100, day=last)
    closing = close_books(world.gao, through=last)
    paid = payment(world.lin, world.wu, 60)
    post_transfers(world.lin, transfers=[paid])
    with psycopg.connect(committed.urls.superuser) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute(
            "DELETE FROM ledger_posting WHERE transfer_id = %s AND amount > 0 AND org_id = %s",
            [paid.id, world.chunhui.id],
        )
        superuser.execute("UPDATE ledger_transfer SET day = %s WHERE id = %s", [last, paid.id])
    named = {drift.subject_id for drift in audit_ledger().drifts}
    assert {paid.id, closing.id, account(world.lin, AccountKind.PAYABLE, world.wu)} <= named
