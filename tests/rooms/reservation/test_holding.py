"""Asking, taking, making firm, using, giving back; everything in the open, one after the other."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from staveworks.db.transaction import acting
from staveworks.foundation.reservation.models import Counter, Reservation, Resource
from staveworks.foundation.reservation.queries import access_chain, busy, inquire, list_reservations
from staveworks.foundation.reservation.types import (
    Ask,
    CapacityInUse,
    Chain,
    HoldExpired,
    MoreThanReserved,
    NotFree,
    NotHeld,
    Obstacle,
    ReservationNotFound,
    ResourceNotFound,
    SpanTaken,
    State,
    TtlInvalid,
)
from staveworks.foundation.reservation.usecases.close_resource import close_resource
from staveworks.foundation.reservation.usecases.commit import commit, prolong
from staveworks.foundation.reservation.usecases.hold import hold
from staveworks.foundation.reservation.usecases.register_resource import (
    change_capacity,
    withdraw_resource,
)
from staveworks.foundation.reservation.usecases.release import release
from staveworks.foundation.reservation.usecases.use import begin, consume
from staveworks.kit.ids import new_id
from tests.stock import AN_INSTANT, Stock, faults, hour, make_stock, take
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def stock(world: World) -> Stock:
    return make_stock(world.wu)


@pytest.fixture(autouse=True)
def _all_is_well(stock: Stock) -> object:
    yield
    assert faults() == []


def states(chain: Chain) -> list[State]:
    return [each.state for each in chain.reservations]


def used(stock: Stock, resource: object) -> int:
    with acting(org=stock.owner.org):
        return sum(Counter.objects.filter(resource_id=resource).values_list("used", flat=True))


class TestHolding:
    def test_what_one_holds_another_doesnt_get_but_is_told_the_nearest(
        self, world: World, stock: Stock
    ) -> None:
        chain = take(world.lin, Ask(stock.loom, during=hour(9)))
        assert states(chain) == [State.HELD]
        assert chain.expires_at is not None
        with pytest.raises(NotFree) as refused:
            take(world.gao, Ask(stock.loom, during=hour(9)))
        (finding,) = refused.value.findings
        assert finding.obstacle is Obstacle.TAKEN
        assert finding.alternatives[:2] == (hour(10), hour(8))
        assert states(take(world.gao, Ask(stock.loom, during=hour(10)))) == [State.HELD], (
            "the next hour is free"
        )

    def test_of_three_benches_three_are_had_at_once_and_a_fourth_is_not(
        self, world: World, stock: Stock
    ) -> None:
        units = [take(world.lin, Ask(stock.benches, during=hour(9))).reservations[0].unit for _ in range(3)]
        assert units == [1, 2, 3]
        with pytest.raises(NotFree):
            take(world.lin, Ask(stock.benches, during=hour(9)))

    def test_asks_of_one_chain_that_overlap_get_units_of_their_own(self, world: World, stock: Stock) -> None:
        asks = [Ask(stock.benches, during=hour(start, length=2)) for start in (11, 9, 10)]
        chain = take(world.lin, *asks)
        assert [(each.during, each.unit) for each in chain.reservations] == [
            (hour(11, length=2), 1),
            (hour(9, length=2), 1),
            (hour(10, length=2), 2),
        ]

    def test_all_or_none_of_a_chain(self, world: World, stock: Stock) -> None:
        take(world.gao, Ask(stock.yarn, 450))
        with pytest.raises(NotFree) as refused:
            take(world.lin, Ask(stock.loom, during=hour(9)), Ask(stock.seats, 20), Ask(stock.yarn, 51))
        assert [(each.ask.resource_id, each.free) for each in refused.value.findings] == [(stock.yarn, 50)]
        assert busy(world.lin, [stock.loom, stock.seats]) == []
        chain = take(world.lin, Ask(stock.loom, during=hour(9)), Ask(stock.seats, 20), Ask(stock.yarn, 50))
        assert states(chain) == [State.HELD] * 3

    def test_what_two_asks_of_a_chain_take_together_counts(self, world: World, stock: Stock) -> None:
        with pytest.raises(NotFree):
            take(world.lin, Ask(stock.seats, 11), Ask(stock.seats, 10))
        assert used(stock, stock.seats) == 0
        take(world.lin, Ask(stock.seats, 11), Ask(stock.seats, 9))
        assert used(stock, stock.seats) == 20

    def test_a_hundred_slots_are_one_call(self, world: World, stock: Stock) -> None:
        few, many = (
            [Ask(stock.loom, during=hour(0))],
            [Ask(stock.loom, during=hour(n)) for n in range(1, 101)],
        )
        with CaptureQueriesContext(connection) as for_one:
            take(world.lin, *few)
        with CaptureQueriesContext(connection) as for_a_hundred:
            chain = take(world.lin, *many)
        assert len(chain.reservations) == 100
        assert len(for_a_hundred) == len(for_one)

    @pytest.mark.parametrize(
        ("what", "obstacle"),
        [("nothing", Obstacle.UNKNOWN), ("withdrawn", Obstacle.WITHDRAWN), ("timeless", Obstacle.NEEDS_TIME)],
    )
    def test_what_cannot_be_had_is_said(
        self, world: World, stock: Stock, what: str, obstacle: Obstacle
    ) -> None:
        ask = {
            "nothing": Ask(new_id()),
            "withdrawn": Ask(stock.yarn, 1),
            "timeless": Ask(stock.loom),
        }[what]
        if what == "withdrawn":
            withdraw_resource(world.wu, resource_id=stock.yarn)
        with pytest.raises(NotFree) as refused:
            take(world.lin, ask)
        assert [each.obstacle for each in refused.value.findings] == [obstacle]
        assert inquire(world.lin, [ask])[0].obstacle is obstacle

    def test_slots_of_a_counted_resource_have_each_their_own_amount(self, world: World, stock: Stock) -> None:
        for slot in (hour(9), hour(10)):
            take(world.lin, Ask(stock.seats, 20, slot))
        with pytest.raises(NotFree) as refused:
            take(world.lin, Ask(stock.seats, 1, hour(9.5)))
        assert refused.value.findings[0].obstacle is Obstacle.OTHER_SLOT

    @pytest.mark.parametrize("ttl", [timedelta(0), timedelta(days=31)])
    def test_a_hold_lasts_neither_no_time_nor_for_ever(
        self, world: World, stock: Stock, ttl: timedelta
    ) -> None:
        with pytest.raises(TtlInvalid):
            take(world.lin, Ask(stock.yarn), ttl=ttl)


class TestExpiry:
    """Without waiting for any job: the job is not run here."""

    def test_an_overdue_hold_of_another_blocks_neither_a_unit_nor_an_amount(
        self, world: World, stock: Stock
    ) -> None:
        asks = [Ask(stock.loom, during=hour(9)), Ask(stock.seats, 20)]
        late = take(world.gao, *asks, ttl=AN_INSTANT)
        assert [each.available for each in inquire(world.lin, asks)] == [True, True]
        assert states(take(world.lin, *asks)) == [State.HELD, State.HELD]
        assert states(access_chain(world.gao, late.id)) == [State.EXPIRED, State.EXPIRED]

    def test_an_expired_hold_becomes_neither_firm_nor_longer_though_nobody_wants_it(
        self, world: World, stock: Stock
    ) -> None:
        late = take(world.lin, Ask(stock.yarn, 9), ttl=AN_INSTANT)
        for act in (
            lambda: commit(world.lin, chain_id=late.id),
            lambda: prolong(world.lin, chain_id=late.id, ttl=timedelta(hours=1)),
        ):
            with pytest.raises(HoldExpired):
                act()

    def test_a_hold_in_time_becomes_longer_and_firm(self, world: World, stock: Stock) -> None:
        chain = take(world.lin, Ask(stock.yarn, 9))
        longer = prolong(world.lin, chain_id=chain.id, ttl=timedelta(hours=9))
        assert longer.expires_at is not None
        assert chain.expires_at is not None
        assert longer.expires_at - chain.expires_at > timedelta(hours=8)
        assert states(commit(world.lin, chain_id=chain.id)) == [State.COMMITTED]
        with pytest.raises(NotHeld):
            commit(world.lin, chain_id=chain.id)

    def test_a_chain_is_committed_whole_or_not_at_all(self, world: World, stock: Stock) -> None:
        """One of two expired: by raw SQL, since a chain's holds expire together."""
        chain = take(world.lin, Ask(stock.yarn, 9), Ask(stock.loom, during=hour(9)))
        with acting(org=world.lin.org), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE reservation_reservation SET expires_at = clock_timestamp() WHERE chain_id = %s AND unit IS NOT NULL",
                [chain.id],
            )
        with pytest.raises(HoldExpired):
            commit(world.lin, chain_id=chain.id)
        assert State.COMMITTED not in states(access_chain(world.lin, chain.id))

    def test_the_database_itself_refuses_to_commit_late_or_in_anothers_name(
        self, world: World, stock: Stock
    ) -> None:
        live = take(world.lin, Ask(stock.yarn, 9))
        late = take(world.lin, Ask(stock.yarn, 9), ttl=AN_INSTANT)
        for actor, chain in ((world.lin, late), (world.wu, live)):
            with (
                acting(org=actor.org),
                pytest.raises(IntegrityError, match="expired hold"),
                transaction.atomic(),
            ):
                Reservation.objects.filter(chain_id=chain.id).update(state=State.COMMITTED)
        with acting(org=world.lin.org):
            assert Reservation.objects.filter(chain_id=live.id).update(state=State.COMMITTED) == 1


class TestUsing:
    def test_used_in_part_the_rest_is_given_back(self, world: World, stock: Stock) -> None:
        chain = take(world.lin, Ask(stock.yarn, 100))
        (held,) = commit(world.lin, chain_id=chain.id).reservations
        assert consume(world.wu, reservation_id=held.id, quantity=30).state is State.IN_USE
        with pytest.raises(MoreThanReserved):
            consume(world.wu, reservation_id=held.id, quantity=71)
        assert used(stock, stock.yarn) == 100
        (over,) = release(world.wu, reservation_id=held.id, reason="rest not needed")
        assert (over.state, over.consumed, used(stock, stock.yarn)) == (State.CONSUMED, 30, 30)

    def test_used_whole_it_stays_taken(self, world: World, stock: Stock) -> None:
        chain = take(world.lin, Ask(stock.yarn, 100))
        (held,) = commit(world.lin, chain_id=chain.id).reservations
        consume(world.wu, reservation_id=held.id, quantity=30)
        assert consume(world.wu, reservation_id=held.id, quantity=70).state is State.CONSUMED
        assert used(stock, stock.yarn) == 100
        assert release(world.wu, reservation_id=held.id, reason="again") == []

    def test_a_hold_that_is_not_firm_isnt_used(self, world: World, stock: Stock) -> None:
        (held,) = take(world.lin, Ask(stock.yarn, 100)).reservations
        with pytest.raises(MoreThanReserved):
            consume(world.wu, reservation_id=held.id, quantity=1)
        with pytest.raises(MoreThanReserved):
            begin(world.wu, reservation_id=held.id)

    def test_a_unit_that_is_given_back_early_is_free_for_the_next(self, world: World, stock: Stock) -> None:
        chain = take(world.lin, Ask(stock.loom, during=hour(9)))
        (held,) = commit(world.lin, chain_id=chain.id).reservations
        assert begin(world.lin, reservation_id=held.id).state is State.IN_USE
        with pytest.raises(NotFree):
            take(world.gao, Ask(stock.loom, during=hour(9)))
        release(world.lin, chain_id=chain.id, reason="done early")
        take(world.gao, Ask(stock.loom, during=hour(9)))

    def test_given_back_it_is_free_whatever_it_was(self, world: World, stock: Stock) -> None:
        for firm in (False, True):
            chain = take(world.lin, Ask(stock.loom, during=hour(9)), Ask(stock.seats, 20))
            if firm:
                commit(world.lin, chain_id=chain.id)
            freed = release(world.lin, chain_id=chain.id, reason="changed plans")
            assert [(each.state, each.reason) for each in freed] == [(State.RELEASED, "changed plans")] * 2
        assert used(stock, stock.seats) == 0

    def test_a_subject_of_a_chain_is_given_back_alone_and_the_rest_committed(
        self, world: World, stock: Stock
    ) -> None:
        first, second = new_id(), new_id()
        chain = hold(
            world.lin,
            {first: [Ask(stock.yarn, 5)], second: [Ask(stock.yarn, 7)]},
            ttl=timedelta(hours=1),
        )
        release(world.lin, subject_id=first, reason="not this")
        assert states(commit(world.lin, chain_id=chain.id)) == [State.RELEASED, State.COMMITTED]
        assert used(stock, stock.yarn) == 7


class TestCapacity:
    def test_below_what_is_sold_it_is_refused_and_nothing_changes(self, world: World, stock: Stock) -> None:
        take(world.lin, Ask(stock.yarn, 100))
        with pytest.raises(CapacityInUse):
            change_capacity(world.wu, resource_id=stock.yarn, capacity=99)
        change_capacity(world.wu, resource_id=stock.yarn, capacity=100)
        assert inquire(world.lin, [Ask(stock.yarn)])[0].free == 0

    def test_a_unit_that_somebody_has_doesnt_go(self, world: World, stock: Stock) -> None:
        chain = take(world.lin, Ask(stock.benches, 2, hour(9)))
        with pytest.raises(CapacityInUse):
            change_capacity(world.wu, resource_id=stock.benches, capacity=1)
        change_capacity(world.wu, resource_id=stock.benches, capacity=2)
        release(world.lin, chain_id=chain.id, reason="x")
        change_capacity(world.wu, resource_id=stock.benches, capacity=1)
        assert inquire(world.lin, [Ask(stock.benches, during=hour(9))])[0].free == 1

    def test_one_slot_may_differ(self, world: World, stock: Stock) -> None:
        change_capacity(world.wu, resource_id=stock.seats, capacity=2, slot=hour(9))
        found = inquire(world.lin, [Ask(stock.seats, 3, hour(9)), Ask(stock.seats, 3, hour(10))])
        assert [each.free for each in found] == [2, 20]

    def test_only_its_owner_changes_it(self, world: World, stock: Stock) -> None:
        for act in (change_capacity, withdraw_resource):
            with pytest.raises(ResourceNotFound):
                act(world.lin, resource_id=stock.yarn, **({"capacity": 9} if act is change_capacity else {}))

    def test_maintenance_needs_a_free_unit_and_keeps_others_out(self, world: World, stock: Stock) -> None:
        chain = take(world.lin, Ask(stock.benches, during=hour(9)))
        with pytest.raises(SpanTaken) as refused:
            close_resource(
                world.wu, resource_id=stock.benches, during=hour(8, length=3), reason="calibration"
            )
        assert [each.chain_id for each in refused.value.reservations] == [chain.id]
        closed = close_resource(world.wu, resource_id=stock.benches, during=hour(9), reason="x", unit=2)
        assert inquire(world.lin, [Ask(stock.benches, during=hour(9))])[0].free == 1
        release(world.wu, chain_id=closed.id, reason="done")
        assert inquire(world.lin, [Ask(stock.benches, during=hour(9))])[0].free == 2
        with pytest.raises(ResourceNotFound):
            close_resource(world.lin, resource_id=stock.benches, during=hour(12), reason="not mine")


class TestWhoSeesWhat:
    def test_the_parties_see_it_and_nobody_else(self, world: World, stock: Stock) -> None:
        chain = take(world.lin, Ask(stock.loom, during=hour(9)))
        for actor in (world.lin, world.wu):
            assert len(access_chain(actor, chain.id).reservations) == 1
            assert len(list_reservations(actor, resource_id=stock.loom)) == 1
        with pytest.raises(ReservationNotFound):
            access_chain(world.gao, chain.id)
        with pytest.raises(ReservationNotFound):
            release(world.gao, chain_id=chain.id, reason="mine now")
        assert [(each.unit, each.during) for each in busy(world.gao, [stock.loom])] == [(1, hour(9))]

    def test_nobody_holds_in_anothers_name(self, world: World, stock: Stock) -> None:
        (row,) = take(world.lin, Ask(stock.loom, during=hour(9))).reservations
        with acting(org=world.wu.org):
            copy = Reservation.objects.get(id=row.id)
        copy.id, copy.during = new_id(), copy.during
        with (
            acting(org=world.wu.org),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
        ):
            Reservation.objects.bulk_create([copy])

    def test_counters_are_written_by_the_kernel_only(self, world: World, stock: Stock) -> None:
        take(world.lin, Ask(stock.yarn, 5))
        with (
            acting(org=world.wu.org),
            pytest.raises(ProgrammingError, match="permission"),
            transaction.atomic(),
        ):
            Counter.objects.update(used=0)
        with acting(org=world.lin.org):
            assert Resource.objects.count() == 0, "whoever buys doesn't see how much there is"

    @pytest.mark.parametrize("column", ["quantity", "holder_id", "subject_id"])
    def test_what_was_agreed_stays(self, world: World, stock: Stock, column: str) -> None:
        (row,) = take(world.lin, Ask(stock.yarn, 5)).reservations
        value = 4 if column == "quantity" else world.wu.org
        with acting(org=world.lin.org), pytest.raises(IntegrityError, match="agreed"), transaction.atomic():
            Reservation.objects.filter(id=row.id).update(**{column: value})

    def test_only_along_legal_edges(self, world: World, stock: Stock) -> None:
        (row,) = take(world.lin, Ask(stock.yarn, 5)).reservations
        with (
            acting(org=world.lin.org),
            pytest.raises(IntegrityError, match="can't become"),
            transaction.atomic(),
        ):
            Reservation.objects.filter(id=row.id).update(state=State.IN_USE)
        release(world.lin, reservation_id=row.id, reason="x")
        with (
            acting(org=world.lin.org),
            pytest.raises(IntegrityError, match=r"can't become|is final"),
            transaction.atomic(),
        ):
            Reservation.objects.filter(id=row.id).update(state=State.HELD)
