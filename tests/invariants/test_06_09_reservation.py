"""Invariants 6–9: nothing exclusive overlaps, nothing counted is oversold, an expired hold is nobody's.

Each guard by itself is enough (the lock is taken away, the constraint holds), and without any of them the race happens.
"""

from collections.abc import Callable
from datetime import timedelta
from threading import Event
from time import sleep
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections

from staveworks.db.clock import DatabaseClock
from staveworks.db.transaction import acting
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.auditing import HoldsAudit, audit_reservations
from staveworks.foundation.reservation.queries import access_chain, inquire
from staveworks.foundation.reservation.rows import lock
from staveworks.foundation.reservation.types import (
    Ask,
    CapacityInUse,
    Chain,
    HoldExpired,
    NotFree,
    State,
)
from staveworks.foundation.reservation.usecases.commit import commit
from staveworks.foundation.reservation.usecases.expire_holds import expire_holds
from staveworks.foundation.reservation.usecases.register_resource import change_capacity
from staveworks.trade.orders.usecases.hold_order import hold_order, take_prices
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.ordering import make_market
from tests.stock import (
    AN_INSTANT,
    NO_CHECK,
    NO_EXCLUSION,
    NO_LOCK,
    Stock,
    faults,
    hour,
    make_stock,
    take,
)
from tests.trading import PLAIN
from tests.world import World, make_world

DAWDLE = """
CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END $$;
GRANT EXECUTE ON FUNCTION dawdle() TO PUBLIC;
CREATE TRIGGER aa_dawdle BEFORE INSERT ON reservation_reservation FOR EACH ROW EXECUTE FUNCTION dawdle();
"""
"""Between looking for what is free and taking it, a moment passes: whoever comes then looks at the same."""


@pytest.fixture
def world(committed: Clone) -> World:
    return make_world()


@pytest.fixture
def stock(world: World) -> Stock:
    return make_stock(world.wu)


def as_owner(clone: Clone, *statements: str) -> None:
    with psycopg.connect(clone.urls.owner) as owner:
        for statement in statements:
            owner.execute(statement.encode())


def both_take(world: World, ask: Ask) -> list[object]:
    return at_once(lambda: take(world.lin, ask), lambda: take(world.gao, ask))


def cut_and_take(world: World, stock: Stock) -> list[object]:
    """200 of 500 are sold, of which 50 are gone, while the owner says that there are only 100."""
    cut = lambda: change_capacity(world.wu, resource_id=stock.yarn, capacity=100)  # noqa: E731
    return at_once(lambda: take(world.gao, Ask(stock.yarn, 200)), delayed(cut))


def winners(results: list[object]) -> int:
    return sum(isinstance(result, Chain) for result in results)


class TestTwoAtOnce:
    @pytest.mark.parametrize("without", [(), (NO_LOCK,)], ids=["guarded", "by the constraints alone"])
    def test_one_gets_it(
        self, committed: Clone, world: World, stock: Stock, without: tuple[str, ...]
    ) -> None:
        take(world.lin, Ask(stock.seats, 1))
        take(world.lin, Ask(stock.yarn, 50))
        as_owner(committed, DAWDLE, *without)
        for ask in (Ask(stock.loom, during=hour(9)), Ask(stock.seats, 19), Ask(stock.goods, 40)):
            results = both_take(world, ask)
            assert winners(results) == 1, results
            assert sum(isinstance(result, NotFree) for result in results) == 1, results
        sold, cut = cut_and_take(world, stock)
        assert isinstance(sold, NotFree) != isinstance(cut, CapacityInUse), (sold, cut)
        assert faults() == []

    def test_control_without_lock_and_constraints_both_get_it(
        self, committed: Clone, world: World, stock: Stock
    ) -> None:
        take(world.lin, Ask(stock.seats, 1))
        take(world.lin, Ask(stock.yarn, 50))
        as_owner(committed, DAWDLE, NO_LOCK, NO_EXCLUSION, NO_CHECK)
        assert winners(both_take(world, Ask(stock.loom, during=hour(9)))) == 2
        assert winners(both_take(world, Ask(stock.seats, 19))) == 2
        assert winners(both_take(world, Ask(stock.goods, 40))) == 2
        sold, cut = cut_and_take(world, stock)
        assert isinstance(sold, Chain)
        assert cut is None
        assert sorted(faults()) == ["overlap", "oversold", "oversold", "oversold"]

    def test_two_machines_alike_serve_two(self, committed: Clone, world: World, stock: Stock) -> None:
        """A lock that one passes at a time must not mean that only one is served."""
        as_owner(committed, DAWDLE)
        assert winners(both_take(world, Ask(stock.benches, during=hour(9)))) == 2
        assert faults() == []


class TestExpiry:
    def test_a_hold_that_expires_while_its_commit_waits_is_not_committed(
        self, committed: Clone, world: World, stock: Stock
    ) -> None:
        result, chain = self.commit_waits_beyond_expiry(world, stock)
        assert isinstance(result, HoldExpired)
        assert [each.state for each in access_chain(world.lin, chain.id).reservations] != [State.COMMITTED]
        assert isinstance(take(world.gao, Ask(stock.loom, during=hour(9))), Chain)
        assert faults() == []

    def test_control_by_the_clock_of_the_transactions_beginning_it_is(
        self, committed: Clone, world: World, stock: Stock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        as_owner(
            committed,
            "DROP TRIGGER reservation_kept ON reservation_reservation",
            """CREATE OR REPLACE FUNCTION reservation_lock(resources uuid[]) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER AS
            $$ BEGIN PERFORM FROM reservation_resource WHERE id = ANY (resources) ORDER BY id FOR NO KEY UPDATE; RETURN now(); END $$""",
        )
        monkeypatch.setattr(DatabaseClock, "function", "now")
        result, chain = self.commit_waits_beyond_expiry(world, stock)
        assert isinstance(result, Chain)
        (row,) = access_chain(world.lin, chain.id).reservations
        assert row.state is State.COMMITTED

    @staticmethod
    def commit_waits_beyond_expiry(world: World, stock: Stock) -> tuple[object, Chain]:
        """The commit begins in time; another transaction keeps the resource until the hold is over."""
        chain = take(world.lin, Ask(stock.loom, during=hour(9)), ttl=timedelta(seconds=0.4))
        taken = Event()

        def occupy() -> None:
            with acting(org=world.gao.org):
                lock([stock.loom])
                taken.set()
                sleep(0.6)

        def begin_in_time() -> Chain:
            taken.wait()
            return commit(world.lin, chain_id=chain.id)

        _, result = at_once(occupy, begin_in_time)
        return result, chain

    def test_what_is_committed_at_the_last_moment_is_not_given_to_another(
        self, committed: Clone, world: World, stock: Stock
    ) -> None:
        """Its holder's transaction is still open when the hold's time passes and another wants the hour."""
        chain = take(world.lin, Ask(stock.loom, during=hour(9)), ttl=timedelta(seconds=0.4))
        committed_in_time = Event()

        def commit_and_linger() -> None:
            with acting(org=world.lin.org, person=world.lin.person):
                commit(world.lin, chain_id=chain.id)
                committed_in_time.set()
                sleep(0.6)

        def want() -> Chain:
            committed_in_time.wait()
            sleep(0.45)
            return take(world.gao, Ask(stock.loom, during=hour(9)))

        _, result = at_once(commit_and_linger, want)
        assert isinstance(result, NotFree)
        assert faults() == []

    def test_the_job_gives_back_what_nobody_asks_for(
        self, committed: Clone, world: World, stock: Stock
    ) -> None:
        late = take(world.lin, Ask(stock.seats, 20), Ask(stock.loom, during=hour(9)), ttl=AN_INSTANT)
        live = take(world.lin, Ask(stock.yarn, 20))
        assert expire_holds() == 2
        assert expire_holds() == 0
        assert {each.state for each in access_chain(world.lin, late.id).reservations} == {State.EXPIRED}
        assert {each.state for each in access_chain(world.lin, live.id).reservations} == {State.HELD}
        assert inquire(world.gao, [Ask(stock.seats)])[0].free == 20
        assert faults() == []


def test_the_operators_check_names_what_is_wrong(committed: Clone, world: World, stock: Stock) -> None:
    """Planted by the owner of the tables, past every guard."""
    take(world.lin, Ask(stock.yarn, 5), Ask(stock.loom, during=hour(9)))
    assert audit_reservations() == HoldsAudit(2, ())
    with psycopg.connect(committed.urls.superuser) as database:
        planted = "UPDATE reservation_counter SET used = used + 1 WHERE resource_id = %s RETURNING id"
        (counter,) = database.execute(planted, [stock.yarn]).fetchone() or ()
    (fault,) = audit_reservations().faults
    assert fault.id == counter
    assert "differs" in fault.text.en


def test_the_operators_check_takes_as_long_as_it_takes(committed: Clone, world: World) -> None:
    as_owner(
        committed,
        "ALTER FUNCTION reservation_faults() RENAME TO quick_faults",
        "CREATE FUNCTION reservation_faults() RETURNS TABLE (fault text, id uuid) LANGUAGE sql AS"
        " $$ SELECT f.* FROM pg_sleep(0.5), quick_faults() f $$",
    )
    with connections["cross"].cursor() as cursor:
        cursor.execute("SET statement_timeout = '100ms'")
    try:
        assert audit_reservations().ok
    finally:
        connections["cross"].close()


class TestNobodyWaitsInACircle:
    """Two chains name the same resources in opposite order."""

    CROSSWISE = """
    CREATE OR REPLACE FUNCTION reservation_lock(resources uuid[]) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER AS $$
    DECLARE one uuid;
    BEGIN
        FOR one IN SELECT r FROM unnest(resources) r ORDER BY CASE WHEN app_org() = '{lin}' THEN r::text END, r DESC LOOP
            PERFORM FROM reservation_resource WHERE id = one FOR NO KEY UPDATE;
            PERFORM pg_sleep(0.2);
        END LOOP;
        RETURN clock_timestamp();
    END $$
    """

    def takes(self, world: World, stock: Stock) -> list[Callable[[], object]]:
        asks = [Ask(stock.yarn, 1), Ask(stock.seats, 1)]

        def taking(actor: Actor, *its: Ask) -> Callable[[], object]:
            return lambda: take(actor, *its)

        return [
            taking(world.lin, *asks),
            taking(world.gao, *reversed(asks)),
        ]

    def test_both_get_theirs_without_a_deadlock(self, committed: Clone, world: World, stock: Stock) -> None:
        for _ in range(5):
            assert winners(at_once(*self.takes(world, stock))) == 2
        assert deadlocks() == 0

    def test_control_locked_crosswise_they_meet_in_a_deadlock(
        self, committed: Clone, world: World, stock: Stock
    ) -> None:
        """Which the retry of use cases survives: still both get theirs."""
        as_owner(committed, self.CROSSWISE.format(lin=world.lin.org))
        assert winners(at_once(*self.takes(world, stock))) == 2
        assert deadlocks() >= 1

    def test_two_orders_give_back_the_same_two_things_without_a_deadlock(
        self, committed: Clone, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Their lines stand in opposite order; all locks in one order, with a moment after each."""
        monkeypatch.setattr(settings, "MECHANISMS", PLAIN)
        market = make_market(world)
        offers = (market.test, market.yarn)
        orders = [
            (world.lin, market.fill(world.lin, *offers)),
            (world.wu, market.fill(world.wu, *offers[::-1])),
        ]
        for buyer, order in orders:
            hold_order(buyer, order_id=order)
        as_owner(committed, self.CROSSWISE.format(lin=UUID(int=0)))

        def taking(buyer: Actor, order: UUID) -> Callable[[], object]:
            return lambda: take_prices(buyer, order_id=order)

        assert at_once(*[taking(*each) for each in orders]) == [None, None]
        assert deadlocks() == 0


def deadlocks() -> int:
    """How many deadlocks this database has seen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def delayed(work: Callable[[], object]) -> Callable[[], object]:
    """``work`` once the other act has begun to dawdle."""

    def run() -> object:
        for _ in range(200):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
                )
                if cursor.fetchone():
                    break
            sleep(0.01)
        return work()

    return run
