"""Invariants 1 to 4 and 19: transfers balance, balances follow from postings, floors hold, nothing is changed, closed stays closed.

By plain SQL as the owner of the tables, too: the guards are the database's, not the use cases'.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from staveworks.db.transaction import acting
from staveworks.foundation.ledger.auditing import audit_ledger
from staveworks.foundation.ledger.models import Account, Closing, Posting, Transfer
from staveworks.foundation.ledger.queries import access_account
from staveworks.foundation.ledger.types import (
    AccountKey,
    AccountKind,
    CustomersMoney,
    FloorReached,
    PeriodClosed,
)
from staveworks.foundation.ledger.usecases.close_books import close_books
from staveworks.foundation.ledger.usecases.open_accounts import limit_account, open_accounts
from staveworks.foundation.ledger.usecases.post_transfers import post_transfers
from staveworks.foundation.ledger.usecases.reverse_transfer import reverse_transfer
from staveworks.kit.ids import new_id
from tests.books import account, fund, payment, today, transfer
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.invariants.test_merging_races import wait_for
from tests.world import World, make_world

INSERT_TRANSFER = """
    INSERT INTO ledger_transfer (id, chain_id, kind, state, day, subject_id, legs, rules, digest)
    VALUES (%(id)s, %(id)s, 'test', 'posted', current_date, %(id)s, %(legs)s, '[]', '')
"""
DAWDLING = 4711
INSERT_POSTING = """
    INSERT INTO ledger_posting (transfer_id, account_id, org_id, currency, amount)
    SELECT %(transfer)s, id, org_id, currency, %(amount)s FROM ledger_account WHERE id = %(account)s
"""


def raw(owner: psycopg.Connection, *postings: tuple[UUID, int], legs: int | None = None) -> UUID:
    """A transfer by plain SQL, its postings in one statement, committed."""
    made = new_id()
    with owner.transaction():
        owner.execute(INSERT_TRANSFER, {"id": made, "legs": legs or max(len(postings), 2)})
        if postings:
            values = ", ".join(["(%s::uuid, %s::bigint)"] * len(postings))
            owner.execute(
                "INSERT INTO ledger_posting (transfer_id, account_id, org_id, currency, amount) "
                f"SELECT %s, a.id, a.org_id, a.currency, v.amount FROM (VALUES {values}) v(account, amount) "
                "JOIN ledger_account a ON a.id = v.account",
                [made, *(part for posting in postings for part in posting)],
            )
    return made


def test_a_transfer_has_two_legs_that_balance_in_the_books_of_each(committed: Clone) -> None:
    world = make_world()
    bank, equity = account(world.lin, AccountKind.BANK), account(world.lin, AccountKind.EQUITY)
    others = account(world.wu, AccountKind.EQUITY)
    with psycopg.connect(committed.urls.owner) as owner:
        raw(owner, (bank, 500), (equity, -500))
        for refused in (
            [(bank, 1)],
            [],
            [(bank, 5), (equity, -4)],
            [(bank, 5), (others, -5)],  # sums to 0, but in nobody's books
        ):
            with pytest.raises(psycopg.errors.CheckViolation):
                raw(owner, *refused)
        with pytest.raises(psycopg.errors.CheckViolation):
            raw(owner, (bank, 1), legs=1)
        whole = raw(owner, (bank, 7), (equity, -7))
        with pytest.raises(psycopg.errors.Error), owner.transaction():  # one more leg, later
            owner.execute(INSERT_POSTING, {"transfer": whole, "account": others, "amount": 1})
    assert access_account(world.lin, bank).balance == 507
    assert audit_ledger().ok


def test_a_balance_moves_only_with_postings_and_postings_never_change(committed: Clone) -> None:
    world = make_world()
    bank = fund(world.lin, 900)
    refused = [
        "UPDATE ledger_account SET balance = balance + 1",
        "UPDATE ledger_account SET held = held + 1",
        "UPDATE ledger_account SET currency = 'EUR'",
        "DELETE FROM ledger_account",
        "UPDATE ledger_posting SET amount = amount * 2",
        "DELETE FROM ledger_posting",
        "TRUNCATE ledger_posting",
        "UPDATE ledger_transfer SET state = 'voided'",
        "UPDATE ledger_transfer SET day = day - 40",
        "DELETE FROM ledger_transfer",
        "TRUNCATE ledger_transfer, ledger_posting",
    ]
    with psycopg.connect(committed.urls.owner, autocommit=True) as owner:
        assert owner.execute("SELECT count(*) FROM ledger_posting").fetchone() == (2,)
        for statement in refused:
            with pytest.raises(psycopg.errors.CheckViolation):
                owner.execute(statement)
    with acting(org=world.chunhui.id):
        for statement in [*refused, "INSERT INTO ledger_posting SELECT * FROM ledger_posting"]:
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
    assert access_account(world.lin, bank).balance == 900
    assert audit_ledger().ok


def dawdle_at_commit(owner_url: str, kind: str) -> None:
    """Whoever posts a transfer of ``kind`` commits only when somebody else waits for it or has already done the harm."""
    with psycopg.connect(owner_url) as owner:
        owner.execute(
            f"""
            CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
            BEGIN
                PERFORM pg_advisory_xact_lock_shared({DAWDLING});
                FOR try IN 1..300 LOOP
                    EXIT WHEN EXISTS (SELECT FROM pg_locks WHERE NOT granted) OR EXISTS (SELECT FROM ledger_closing)
                        OR (SELECT count(*) FROM ledger_transfer WHERE kind = 'payment') > 1;
                    PERFORM pg_sleep(0.01);
                END LOOP;
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER zz_dawdle AFTER INSERT ON ledger_transfer DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW WHEN (NEW.kind = '{kind}') EXECUTE FUNCTION dawdle();
            """
        )


def somebody_dawdles() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = %s)", [DAWDLING]
        )
        return bool((cursor.fetchone() or [False])[0])


def spend_twice(world: World) -> list[object]:
    fund(world.lin, 100)
    spends = [payment(world.lin, world.wu, 100) for _ in range(2)]
    return at_once(*(lambda one=one: post_transfers(world.lin, transfers=[one]) for one in spends))


def test_the_last_yuan_is_spent_once(committed: Clone) -> None:
    world = make_world()
    dawdle_at_commit(committed.urls.owner, "payment")
    results = spend_twice(world)
    assert Counter(type(result).__name__ for result in results) == {"list": 1, "FloorReached": 1}
    assert access_account(world.lin, account(world.lin, AccountKind.BANK)).balance == 0
    assert access_account(world.wu, account(world.wu, AccountKind.BANK)).balance == 100
    assert audit_ledger().ok


def test_control_without_the_floor_and_with_a_look_before_it_is_spent_twice(committed: Clone) -> None:
    """The same race where the use case looks at the balance and the database has no constraint."""
    world = make_world()
    dawdle_at_commit(committed.urls.owner, "payment")
    with psycopg.connect(committed.urls.owner) as owner:
        owner.execute("ALTER TABLE ledger_account DROP CONSTRAINT ledger_account_floor")
    fund(world.lin, 100)
    bank = account(world.lin, AccountKind.BANK)
    spends = [payment(world.lin, world.wu, 100) for _ in range(2)]

    def look_and_spend(one: object) -> object:
        if access_account(world.lin, bank).balance < 100:
            raise FloorReached
        return post_transfers(world.lin, transfers=[one])  # type: ignore[list-item]

    at_once(*(lambda one=one: look_and_spend(one) for one in spends))
    assert access_account(world.lin, bank).balance == -100


def reverse_at_once(world: World, clients: int) -> Counter[str]:
    fund(world.lin, 100)
    paid = payment(world.lin, world.wu, 30)
    post_transfers(world.lin, transfers=[paid])
    works: list[Callable[[], object]] = [
        lambda: reverse_transfer(world.lin, transfer_id=paid.id, reversal_id=new_id(), day=today())
    ] * clients
    return Counter(type(result).__name__ for result in at_once(*works))


def test_a_transfer_is_reversed_once_by_twenty_clients(committed: Clone) -> None:
    world = make_world()
    assert reverse_at_once(world, 20) == {"Done": 1, "ReversedAlready": 19}
    assert access_account(world.lin, account(world.lin, AccountKind.BANK)).balance == 100
    assert audit_ledger().ok


def test_control_without_the_unique_link_it_is_reversed_many_times(committed: Clone) -> None:
    world = make_world()
    with psycopg.connect(committed.urls.owner) as owner:
        owner.execute("DROP INDEX ledger_transfer_reversed_once")
    assert reverse_at_once(world, 5)["Done"] > 1


LAST_MONTH = today().replace(day=1) - timedelta(days=1)


def close_while_posting(world: World) -> list[object]:
    """A posting into last month hasn't committed yet when the month is closed."""

    def close() -> object:
        wait_for(somebody_dawdles)
        return close_books(world.gao, through=LAST_MONTH)

    late = transfer(
        (account(world.lin, AccountKind.BANK), 100),
        (account(world.lin, AccountKind.EQUITY), -100),
        day=LAST_MONTH,
        kind="late",
    )
    return at_once(lambda: post_transfers(world.lin, transfers=[late]), close)


@pytest.mark.parametrize("guarded", [True, False])
def test_a_closing_counts_whatever_was_posted_before_it(committed: Clone, guarded: bool) -> None:
    """With the lock the books agree with their closing; the control without it shows a closed month that changed."""
    world = make_world()
    dawdle_at_commit(committed.urls.owner, "late")
    if not guarded:
        without(
            committed,
            "ledger_period_open",
            "PERFORM pg_advisory_xact_lock_shared(hashtextextended('ledger:period', 0));",
            "",
        )
    results = close_while_posting(world)
    assert [error for error in results if isinstance(error, Exception)] == []
    assert audit_ledger().ok is guarded


def without(committed: Clone, function: str, was: str, becomes: str) -> None:
    """Write a function of the database anew with ``was`` replaced."""
    with psycopg.connect(committed.urls.owner) as owner:
        row = owner.execute(
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = %s", [function]
        ).fetchone()
        assert row
        assert was in row[0]
        owner.execute(row[0].replace(was, becomes))


@pytest.mark.django_db
class TestClosing:
    def test_nothing_is_posted_into_a_closed_month(self) -> None:
        world = make_world()
        fund(world.lin, 100, day=LAST_MONTH)
        closing = close_books(world.gao, through=LAST_MONTH)
        assert (closing.transfers, closing.turnover) == (1, {"CNY": 100})
        with pytest.raises(PeriodClosed):
            post_transfers(world.lin, transfers=[payment(world.lin, world.wu, 10, day=LAST_MONTH)])
        post_transfers(world.lin, transfers=[payment(world.lin, world.wu, 10)])
        assert Closing.objects.count() == 1

    def test_a_closing_never_goes_back(self) -> None:
        world = make_world()
        close_books(world.gao, through=LAST_MONTH)
        for through in (LAST_MONTH, LAST_MONTH - timedelta(days=31), today()):
            with pytest.raises(Exception, match=r"closed|over"):
                close_books(world.gao, through=through)


@pytest.mark.django_db
class TestAnOperator:
    """A platform account can't owe customers' money, by constraint."""

    CHECKS = ("ledger_account_no_customers_money", "ledger_account_operator_claims_only")

    def test_opens_no_account_for_customers_money_where_a_firm_may(self) -> None:
        world = make_world()
        for kind in (AccountKind.ADVANCE_RECEIVED, AccountKind.CLIENT_MONEY):
            with pytest.raises(CustomersMoney):
                account(world.gao, kind, world.lin)
            assert account(world.wu, kind, world.lin)

    def test_is_kept_from_it_by_two_check_constraints(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE conrelid = 'ledger_account'::regclass AND contype = 'c' AND conname = ANY (%s)",
                [list(self.CHECKS)],
            )
            found = dict(cursor.fetchall())
        assert set(found) == set(self.CHECKS)
        assert all("operator" in definition for definition in found.values())

    def test_owes_nothing_by_a_claim_below_zero(self) -> None:
        world = make_world()
        claim = account(world.gao, AccountKind.RECEIVABLE, world.lin)
        income = account(world.gao, AccountKind.FEE_INCOME)
        post_transfers(world.gao, transfers=[transfer((claim, 50), (income, -50))])
        with pytest.raises(FloorReached):
            post_transfers(world.gao, transfers=[transfer((claim, -60), (income, 60))])
        with pytest.raises(CustomersMoney):
            limit_account(world.gao, account_id=claim, floor=-60)
        post_transfers(world.gao, transfers=[transfer((claim, -50), (income, 50))])

    def test_takes_money_for_what_it_earned_and_none_that_it_owes_on(self) -> None:
        world = make_world()
        bank, owed = account(world.gao, AccountKind.BANK), account(world.gao, AccountKind.PAYABLE, world.wu)
        claim, income = (
            account(world.gao, AccountKind.RECEIVABLE, world.lin),
            account(world.gao, AccountKind.FEE_INCOME),
        )
        post_transfers(
            world.gao, transfers=[transfer((claim, 80), (income, -80)), transfer((bank, 80), (claim, -80))]
        )
        with pytest.raises(CustomersMoney):
            post_transfers(world.gao, transfers=[transfer((bank, 1000), (owed, -1000))])
        own = fund(world.wu, 1)
        post_transfers(
            world.wu,
            transfers=[transfer((own, 1000), (account(world.wu, AccountKind.PAYABLE, world.lin), -1000))],
        )

    def test_is_nobody_who_has_books_as_a_firm(self) -> None:
        world = make_world()
        account(world.lin, AccountKind.ADVANCE_RECEIVED, world.wu)
        become = "UPDATE parties_organisation SET kinds = kinds || '{platform}'::varchar[] WHERE id = %s"
        with acting(org=world.yuanda.id), connection.cursor() as cursor:
            cursor.execute(become, [world.yuanda.id])
            assert cursor.rowcount == 1
        refused = pytest.raises(DatabaseError, match="can't become an operator")
        with acting(org=world.chunhui.id), connection.cursor() as cursor, refused, transaction.atomic():
            cursor.execute(become, [world.chunhui.id])


@pytest.mark.django_db
class TestTenancy:
    def test_each_party_sees_its_own_postings_of_a_transfer(self) -> None:
        world = make_world()
        fund(world.lin, 100)
        paid = payment(world.lin, world.wu, 60)
        post_transfers(world.lin, transfers=[paid])
        for firm in (world.chunhui, world.yuanda):
            with acting(org=firm.id):
                assert Transfer.objects.filter(id=paid.id).count() == 1
                seen = Posting.objects.filter(transfer_id=paid.id)
                assert {posting.org_id for posting in seen} == {firm.id}
                assert len(seen) == 2
                assert {row.org_id for row in Account.objects.all()} == {firm.id}
        with acting(org=world.operator.id):
            assert Transfer.objects.filter(id=paid.id).count() == 0
            assert Posting.objects.filter(transfer_id=paid.id).count() == 0

    def test_opening_an_account_of_another_shows_its_id_and_no_more(self) -> None:
        world = make_world()
        key = AccountKey(world.yuanda.id, AccountKind.BANK)
        opened = open_accounts(world.lin, keys=[key])[key]
        assert open_accounts(world.wu, keys=[key])[key] == opened
        with acting(org=world.chunhui.id):
            assert Account.objects.filter(id=opened).count() == 0
