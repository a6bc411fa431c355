"""What an order costs, to the fen."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staveworks.kit.text import Text
from staveworks.trade.catalogue.documents import price_document, read_price
from staveworks.trade.catalogue.domain import (
    cancellation_fee,
    charges_for,
    group_of,
    least_quantity,
    no_show_fee,
    price_from,
    price_of_effects,
    share_of,
    total_fen,
)
from staveworks.trade.catalogue.types import (
    Cancellation,
    CancellationStep,
    FixedPrice,
    Group,
    Price,
    PriceByQuote,
    QuantityInvalid,
    QuotePrice,
    Tier,
    TieredPrice,
    TimePrice,
    UnitPrice,
)

KG = Text(zh="公斤", en="kg")
TIERS = (Tier(Decimal(0), 1000), Tier(Decimal(100), 900), Tier(Decimal(500), 700))
fens = st.integers(0, 10**9)
whole = st.integers(1, 5000).map(Decimal)
ratios = st.decimals(0, 3, places=2)


@st.composite
def tiered(draw: st.DrawFn) -> TieredPrice:
    starts = [0, *sorted(draw(st.sets(st.integers(1, 3000), max_size=4)))]
    tiers = tuple(Tier(Decimal(start), draw(fens)) for start in starts)
    return TieredPrice(KG, draw(st.sampled_from(["all_units", "incremental"])), tiers)


prices = st.one_of(
    st.builds(FixedPrice, fens),
    st.builds(UnitPrice, st.just(KG), fens),
    st.builds(TimePrice, st.integers(1, 480), fens, st.integers(1, 480)),
    tiered(),
)


def cost(price: Price, quantity: int | str, ratio: str = "1") -> int:
    return total_fen(charges_for(price, Decimal(quantity), Decimal(ratio)))


class TestEachKind:
    def test_fixed_costs_the_same_whatever_the_quantity(self) -> None:
        assert cost(FixedPrice(68_000), 1) == cost(FixedPrice(68_000), 7) == 68_000

    def test_per_unit_multiplies_and_rounds_halves_up(self) -> None:
        price = UnitPrice(KG, 333, minimum=Decimal("0.5"), step=Decimal("0.5"))
        assert cost(price, "1.5") == 500  # 499.5

    def test_time_counts_the_steps_begun_and_a_minimum(self) -> None:
        price = TimePrice(step_minutes=30, step_price_fen=4_000, minimum_minutes=60)
        assert [cost(price, minutes) for minutes in (1, 60, 61, 90, 91)] == [
            8_000,
            8_000,
            12_000,
            12_000,
            16_000,
        ]

    def test_all_units_take_the_tier_that_the_quantity_reaches_so_more_may_cost_less(self) -> None:
        price = TieredPrice(KG, "all_units", TIERS)
        assert (cost(price, 99), cost(price, 100), cost(price, 500)) == (99_000, 90_000, 350_000)

    def test_incremental_prices_the_units_beyond_each_start(self) -> None:
        price = TieredPrice(KG, "incremental", TIERS)
        rows = charges_for(price, Decimal(600))
        assert [(row.quantity, row.unit_price_fen) for row in rows] == [(100, 1000), (400, 900), (100, 700)]
        assert total_fen(rows) == 530_000
        assert cost(price, 100) == 100_000

    def test_a_quote_has_no_price(self) -> None:
        assert price_from(QuotePrice()) is None
        with pytest.raises(PriceByQuote):
            charges_for(QuotePrice())

    def test_a_price_groups_unit_price_is_rounded_first_so_that_the_row_multiplies_as_printed(self) -> None:
        (row,) = charges_for(UnitPrice(KG, 333), Decimal(100), Decimal("1.1"))
        assert (row.unit_price_fen, row.amount_fen) == (366, 36_600)  # not 36,630


class TestQuantities:
    @pytest.mark.parametrize("quantity", ["0", "-1", "4", "7.5"])
    def test_too_little_or_no_multiple_is_refused_at_its_field(self, quantity: str) -> None:
        price = UnitPrice(KG, 100, minimum=Decimal(5), step=Decimal(5))
        assert cost(price, 10) == 1000
        with pytest.raises(QuantityInvalid) as refused:
            charges_for(price, Decimal(quantity))
        assert refused.value.field == "quantity"

    def test_no_time_is_refused(self) -> None:
        with pytest.raises(QuantityInvalid):
            charges_for(TimePrice(30, 100, 30), Decimal(0))


@given(price=prices, quantity=whole, ratio=ratios)
def test_every_row_multiplies_as_printed_and_nothing_is_negative(
    price: Price, quantity: Decimal, ratio: Decimal
) -> None:
    for row in charges_for(price, quantity, ratio):
        exact = Fraction(row.unit_price_fen) * Fraction(row.quantity)
        assert abs(row.amount_fen - exact) <= Fraction(1, 2)
        assert row.amount_fen >= 0


@given(price=tiered(), quantity=st.integers(1, 200))
def test_incremental_is_the_sum_of_the_units_each_at_its_own_tier(price: TieredPrice, quantity: int) -> None:
    price = TieredPrice(KG, "incremental", price.tiers)
    units = [
        next(tier.unit_price_fen for tier in reversed(price.tiers) if tier.start < unit)
        for unit in range(1, quantity + 1)
    ]
    assert cost(price, quantity) == sum(units)


@given(price=tiered(), quantity=whole)
def test_incremental_never_costs_less_for_more(price: TieredPrice, quantity: Decimal) -> None:
    price = TieredPrice(KG, "incremental", price.tiers)
    assert cost(price, str(quantity)) <= cost(price, str(quantity + 1))


@given(price=tiered(), quantity=whole)
def test_the_quantities_of_all_rows_are_what_was_ordered(price: TieredPrice, quantity: Decimal) -> None:
    assert sum(row.quantity for row in charges_for(price, quantity)) == quantity


@given(price=prices)
def test_the_least_order_can_be_ordered_and_the_price_survives_its_json(price: Price) -> None:
    assert price_from(price) == total_fen(charges_for(price, least_quantity(price)))
    assert read_price(price_document(price)) == price


@given(fen=fens, ratio=st.decimals(0, 1, places=4))
def test_a_share_and_the_rest_are_the_whole_to_the_fen(fen: int, ratio: Decimal) -> None:
    assert 0 <= share_of(fen, ratio) <= fen
    assert abs(share_of(fen, ratio) - Fraction(ratio) * fen) <= Fraction(1, 2)


class TestGroups:
    @pytest.mark.parametrize(
        ("city", "member", "home", "group"),
        [
            ("330600", True, "330603", Group.MEMBER),
            ("330603", True, "330600", Group.MEMBER),
            ("330600", True, "320509", Group.ELSEWHERE),
            ("330600", True, None, Group.ELSEWHERE),
            (None, True, "320509", Group.MEMBER),
            (None, False, "330603", Group.GUEST),
            ("330600", False, "330603", Group.GUEST),
        ],
    )
    def test_follow_membership_and_city(
        self, city: str | None, member: bool, home: str | None, group: Group
    ) -> None:
        assert group_of(city, member=member, home=home) is group


class TestCancelling:
    terms = Cancellation(
        (CancellationStep(72, Decimal(0)), CancellationStep(24, Decimal("0.3"))), Decimal("0.5"), Decimal(1)
    )

    @pytest.mark.parametrize(
        ("hours", "fee"), [("100", 0), ("72", 0), ("71.9", 300), ("24", 300), ("23.9", 500), ("-1", 500)]
    )
    def test_costs_more_the_later_it_is(self, hours: str, fee: int) -> None:
        assert cancellation_fee(self.terms, 1000, Decimal(hours)) == fee

    def test_costs_the_least_while_no_beginning_is_fixed(self) -> None:
        assert cancellation_fee(self.terms, 1000, None) == 0
        assert cancellation_fee(Cancellation(), 1000, None) == 0

    def test_with_nothing_said_costs_the_whole_price_once_a_beginning_is_fixed(self) -> None:
        assert cancellation_fee(Cancellation(), 1000, Decimal(100)) == 1000

    def test_who_does_not_come_pays_what_is_agreed(self) -> None:
        assert no_show_fee(self.terms, 1000) == 1000

    @given(a=st.decimals(-50, 200, places=1), b=st.decimals(-50, 200, places=1), fen=fens)
    def test_never_costs_less_for_waiting(self, a: Decimal, b: Decimal, fen: int) -> None:
        early, late = max(a, b), min(a, b)
        assert cancellation_fee(self.terms, fen, early) <= cancellation_fee(self.terms, fen, late)


def test_effects_cost_what_the_quantity_costs_from_which_they_hold() -> None:
    """Units at their tier, minutes by steps begun, one price as many times as it is ordered; where nothing is said the smallest order."""
    by_tiers = TieredPrice(KG, "all_units", TIERS)
    assert price_of_effects(by_tiers, None) == price_from(by_tiers) == 1000
    assert price_of_effects(by_tiers, Decimal(100)) == 100 * 900
    assert price_of_effects(TimePrice(60, 18_000, 120), Decimal(2400), Decimal("1.2")) == 40 * 21_600
    assert price_of_effects(FixedPrice(30_000), Decimal(12)) == 360_000
    assert price_of_effects(QuotePrice(), None) is None
    with pytest.raises(QuantityInvalid):
        price_of_effects(UnitPrice(KG, 5, minimum=Decimal(50)), Decimal(25))
