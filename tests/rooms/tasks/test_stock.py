"""Goods from stock: held over lots, the one that keeps the shortest first; delivered by lot; counted and corrected, never oversold."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connection
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.reservation.queries import list_reservations
from staveworks.foundation.reservation.types import State
from staveworks.foundation.reservation.usecases.register_resource import change_capacity
from staveworks.mechanisms.tasks.models import StockEntry, StockLot
from staveworks.mechanisms.tasks.stock_queries import access_stock, delivered_lots
from staveworks.mechanisms.tasks.types.stock import CountInUse, LotNumberTaken, StockInvalid, TooLittleLeft
from staveworks.mechanisms.tasks.usecases.keep_stock import correct_count, receive_lot
from staveworks.trade.catalogue.types import OfferInvalid, QuantityInvalid
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.types import LinesNotFree, LineState, PriceChanged
from staveworks.trade.orders.types import QuantityInvalid as TooMuch
from staveworks.trade.orders.usecases.answer_line import confirm_line
from staveworks.trade.orders.usecases.deliver_line import deliver_part
from staveworks.trade.orders.usecases.end_line import cancel_line
from staveworks.trade.orders.usecases.fill_order import add_line, remove_line
from staveworks.trade.orders.usecases.hold_order import hold_order
from staveworks.trade.orders.usecases.place_order import place_order
from tests.stocking import PER_KILOGRAM, Mill, make_mill
from tests.trading import publish
from tests.world import World

DAY = timedelta(days=1)


@pytest.fixture
def mill(db: None) -> Mill:
    return make_mill()


def taken(mill: Mill, line: UUID) -> dict[str, int]:
    """How much of which lot is spoken for by a line, by lot number."""
    numbers = {lot.id: lot.number for lot in mill.see().lots}
    live = (State.HELD, State.COMMITTED, State.IN_USE)
    found = list_reservations(mill.lu, subject_ids=[line])
    return {numbers[each.resource_id]: each.quantity for each in found if each.state in live}


class TestHolding:
    def test_takes_what_keeps_the_shortest_first_then_the_oldest(self, world: World, mill: Mill) -> None:
        today = timezone.localdate()
        mill.receive("A", 100, received_date=today - 9 * DAY)
        mill.receive("B", 100, received_date=today - 20 * DAY)
        mill.receive("C", 100, best_before=today + 30 * DAY)
        line = mill.place(world.lin, 150)
        assert taken(mill, line) == {"C": 100, "B": 50}
        assert taken(mill, mill.place(world.lin, 100)) == {"B": 50, "A": 50}
        assert (mill.see().total("committed", today), mill.see().total("free", today)) == (250, 50)

    def test_refuses_with_what_is_left_and_what_may_not_be_sold_is_not(
        self, world: World, mill: Mill
    ) -> None:
        today = timezone.localdate()
        mill.receive("A", 100)
        mill.receive("old", 50, received_date=today - 9 * DAY, best_before=today - DAY)
        mill.place(world.lin, 70)
        with pytest.raises(TooLittleLeft) as refused:
            mill.place(world.lin, 31)
        assert (refused.value.left, refused.value.field) == (30, "quantity")
        assert taken(mill, mill.place(world.lin, 30)) == {"A": 30}

    def test_its_own_hold_does_not_stand_in_its_way_but_anothers_does(self, world: World, mill: Mill) -> None:
        mill.receive("A", 100)
        mine = add_line(world.lin, version_id=mill.yarn.id, request={"quantity": 80})
        hers = add_line(world.zhou, version_id=mill.yarn.id, request={"quantity": 80})
        for _ in range(2):
            hold_order(world.lin, order_id=mine.order_id)
        with pytest.raises(PriceChanged) as refused:
            hold_order(world.zhou, order_id=hers.order_id)
        assert refused.value.changes[0].why.en == "Too little in stock: 20 kg left."
        place_order(world.lin, order_id=mine.order_id)
        assert access_line(world.lin, line_id=mine.line_id).state is LineState.PLACED

    def test_two_lines_of_one_order_share_the_lots_all_or_nothing(self, world: World, mill: Mill) -> None:
        mill.receive("A", 60)
        mill.receive("B", 60)
        first, second, third = (
            add_line(world.lin, version_id=mill.yarn.id, request={"quantity": kilograms})
            for kilograms in (50, 49, 30)
        )
        with pytest.raises(LinesNotFree) as refused:
            hold_order(world.lin, order_id=first.order_id)
        assert [each.line_id for each in refused.value.missing] == [third.line_id]
        assert [taken(mill, each.line_id) for each in (first, second)] == [{}, {}]
        remove_line(world.lin, line_id=third.line_id)
        hold_order(world.lin, order_id=first.order_id)
        assert taken(mill, first.line_id) == {"A": 50}
        assert taken(mill, second.line_id) == {"A": 10, "B": 39}

    def test_what_falls_away_is_back_on_the_shelf(self, world: World, mill: Mill) -> None:
        mill.receive("A", 100)
        cancel_line(world.lin, line_id=mill.place(world.lin, 100))
        assert taken(mill, mill.place(world.lin, 100)) == {"A": 100}


class TestDelivery:
    def test_names_the_lots_that_each_part_came_from_to_both_sides(self, world: World, mill: Mill) -> None:
        today = timezone.localdate()
        mill.receive("A", 60, received_date=today - DAY)
        mill.receive("B", 60)
        line = mill.place(world.lin, 100)
        confirm_line(mill.lu, line_id=line)
        deliver_part(mill.lu, line_id=line, text="第一车", quantity=70, last=False)
        with pytest.raises(TooMuch):
            deliver_part(mill.lu, line_id=line, text="太多", quantity=31, last=False)
        deliver_part(mill.lu, line_id=line, text="第二车", quantity=20, last=True)
        for reader in (world.lin, mill.lu):
            found = [(each.part, each.number, each.quantity) for each in delivered_lots(reader, line_id=line)]
            assert found == [(1, "A", 60), (1, "B", 10), (2, "B", 20)]
        assert mill.amounts() == {"A": (0, 0), "B": (30, 30)}  # there, free: the rest was given back

    def test_without_a_quantity_all_of_it_is_used(self, world: World, mill: Mill) -> None:
        mill.receive("A", 60)
        mill.receive("B", 60)
        line = mill.place(world.lin, 100)
        confirm_line(mill.lu, line_id=line)
        deliver_part(mill.lu, line_id=line, text="全部", last=True)
        assert sorted((each.number, each.quantity) for each in delivered_lots(world.lin, line_id=line)) == [
            ("A", 60),
            ("B", 40),
        ]

    def test_nobody_else_reads_a_lot(self, world: World, mill: Mill) -> None:
        mill.receive("A", 60)
        mill.receive("B", 60)
        mill.place(world.lin, 10)
        for actor, numbers in ((world.lin, ["A"]), (world.wu, []), (mill.lu, ["A", "B"])):
            with acting(org=actor.org, person=actor.person_id):
                assert list(StockLot.objects.order_by("number").values_list("number", flat=True)) == numbers


class TestCount:
    def test_is_corrected_with_a_reason_beside_what_stood(self, world: World, mill: Mill) -> None:
        lot = mill.receive("A", 100)
        line = mill.place(world.lin, 40)
        confirm_line(mill.lu, line_id=line)
        deliver_part(mill.lu, line_id=line, text="十公斤", quantity=10, last=False)
        assert correct_count(mill.lu, lot_id=lot, counted=85, reason="两筒受潮") == -5
        assert correct_count(mill.lu, lot_id=lot, counted=86, reason="一筒找到") == 1
        (seen,) = mill.see().lots
        assert [(each.number, each.change, each.reason) for each in seen.entries] == [
            (1, 100, ""),
            (2, -5, "两筒受潮"),
            (3, 1, "一筒找到"),
        ]
        assert (seen.amounts.there, seen.amounts.committed, seen.amounts.free) == (86, 30, 56)

    def test_cannot_count_away_what_is_sold_but_all_of_the_rest(self, world: World, mill: Mill) -> None:
        lot = mill.receive("A", 100)
        line = mill.place(world.lin, 40)
        with pytest.raises(CountInUse) as refused:
            correct_count(mill.lu, lot_id=lot, counted=39, reason="盘亏")
        assert "40" in refused.value.text.en
        correct_count(mill.lu, lot_id=lot, counted=40, reason="盘亏")
        cancel_line(world.lin, line_id=line)
        correct_count(mill.lu, lot_id=lot, counted=0, reason="报废")
        with pytest.raises(TooLittleLeft):
            mill.place(world.lin, 1)

    @pytest.mark.parametrize(
        ("counted", "reason", "field"), [(100, "一样", "counted"), (-1, "x", "counted"), (9, " ", "reason")]
    )
    def test_refuses_at_the_field(self, mill: Mill, counted: int, reason: str, field: str) -> None:
        lot = mill.receive("A", 100)
        with pytest.raises(StockInvalid) as refused:
            correct_count(mill.lu, lot_id=lot, counted=counted, reason=reason)
        assert refused.value.field == field

    def test_no_entry_is_changed_and_none_is_missing(self, mill: Mill) -> None:
        """The database itself: the record is append-only, and what is for sale is what it says."""
        lot = mill.receive("A", 100)
        with (
            pytest.raises((IntegrityError, ProgrammingError)),
            acting(org=mill.lu.org, person=mill.lu.person_id),
        ):
            StockEntry.objects.update(change=500)
        with pytest.raises(IntegrityError, match="in the kernel"):
            oversell(mill, lot)


class TestOffer:
    @pytest.mark.parametrize(
        "price",
        [
            PER_KILOGRAM | {"unit": {"zh": "吨", "en": "t"}},
            PER_KILOGRAM | {"step": "0.5"},
            {"kind": "time", "step_minutes": 60, "step_price_fen": 1, "minimum_minutes": 60},
        ],
    )
    def test_is_priced_as_it_is_counted(self, mill: Mill, price: dict[str, object]) -> None:
        terms = {"kind": "stock", "stock": str(mill.stock)}
        with pytest.raises(OfferInvalid) as refused:
            publish(mill.lu, mechanism="task", terms=terms, price=price)
        assert refused.value.field == "terms.stock"

    def test_names_its_providers_own_stock(self, world: World, mill: Mill) -> None:
        with pytest.raises(OfferInvalid):
            publish(
                world.wu,
                mechanism="task",
                terms={"kind": "stock", "stock": str(mill.stock)},
                price=PER_KILOGRAM,
            )

    def test_takes_whole_units(self, world: World, mill: Mill) -> None:
        mill.receive("A", 100)
        with pytest.raises(QuantityInvalid):
            mill.place(world.lin, "1.5")


def test_a_lot_number_comes_once(mill: Mill) -> None:
    mill.receive("A", 100)
    with pytest.raises(LotNumberTaken):
        mill.receive("A", 5)
    today = timezone.localdate()
    for field, said in (
        ("quantity", {"quantity": 0}),
        ("received_date", {"received_date": today + DAY}),
        ("best_before", {"best_before": today - DAY}),
        ("number", {"number": " "}),
    ):
        with pytest.raises(StockInvalid) as refused:
            receive_lot(mill.lu, stock_id=mill.stock, **{"number": "B", "quantity": 1, **said})
        assert refused.value.field == field
    assert [lot.number for lot in access_stock(mill.lu, stock_id=mill.stock).lots] == ["A"]


def oversell(mill: Mill, lot: UUID) -> None:
    """More for sale than the record says; as at a commit."""
    with acting(org=mill.lu.org, person=mill.lu.person_id), connection.cursor() as cursor:
        change_capacity(mill.lu, resource_id=lot, capacity=500)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
