"""What a line comes to and what its parts come to: sums exact, books balanced, by small cases and for any amounts."""

from dataclasses import astuple
from fractions import Fraction
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from staveworks.kit.data import data_file
from staveworks.trade.settlement.domain import (
    ACCEPTED,
    PENALTY,
    REFUNDED,
    amounts_of,
    part_of,
    still_due,
)
from staveworks.trade.settlement.templates import FILE, TemplateFault, fill, read_templates, templates
from staveworks.trade.settlement.types import (
    AMOUNTS,
    AmountsInvalid,
    FeeTerms,
    LineAmounts,
    LineToSettle,
    Party,
)
from tests.books import moment

SIX = Fraction(6, 100)
FEE = FeeTerms(Fraction(2, 100), 200_000, "provider", SIX, "platform.fee/1")
PARTIES = {party: uuid4() for party in Party}
A_YEAR_OF_MONEY = st.integers(1, 10**12)


def a_line(price: int = 106_000, **given: Any) -> LineToSettle:
    """A line of 1,060.00 yuan with 6 % tax in it."""
    sides = {"buyer": PARTIES[Party.BUYER], "provider": PARTIES[Party.PROVIDER]}
    return LineToSettle(line_id=uuid4(), price_fen=price, tax_rate=SIX, placed_at=moment(), **sides, **given)


def test_a_line_comes_to_price_tax_fee_and_voucher() -> None:
    line = a_line(programme=PARTIES[Party.PROGRAMME], voucher_fen=30_000)
    assert amounts_of(line, FEE) == LineAmounts(
        price=106_000,
        tax=6_000,
        tax_deducted=6_000,
        voucher=30_000,
        fee=2_120,
        fee_tax=120,
        fee_tax_deducted=120,
    )


def test_the_fee_has_a_cap_and_none_is_charged_where_the_platform_takes_part() -> None:
    assert amounts_of(a_line(100_000_000), FEE).fee == 200_000
    assert amounts_of(a_line(), None).fee == 0


@pytest.mark.parametrize("voucher", [-1, 106_001])
def test_a_voucher_stays_within_the_price_and_somebody_pays_it(voucher: int) -> None:
    with pytest.raises(AmountsInvalid):
        amounts_of(a_line(programme=PARTIES[Party.PROGRAMME], voucher_fen=voucher), FEE)
    with pytest.raises(AmountsInvalid):
        amounts_of(a_line(voucher_fen=5), FEE)


def test_a_third_three_times_is_the_whole() -> None:
    whole = LineAmounts(price=100, tax=6, tax_deducted=6, voucher=50, fee=2, fee_tax=1, fee_tax_deducted=1)
    parts = [part_of(whole, after=after, upto=upto) for after, upto in ((0, 33), (33, 66), (66, 100))]
    assert [part.tax for part in parts] == [2, 2, 2]
    assert [part.voucher for part in parts] == [17, 16, 17]
    assert [sum(each) for each in zip(*map(astuple, parts), strict=True)] == list(astuple(whole))


@given(
    price=A_YEAR_OF_MONEY,
    tax=st.fractions(0, Fraction(1, 2), max_denominator=10_000),
    ratio=st.fractions(0, 1, max_denominator=1000),
    cuts=st.lists(st.fractions(0, 1), max_size=6),
)
def test_parts_sum_exactly_and_fill_books_that_balance(
    price: int, tax: Fraction, ratio: Fraction, cuts: list[Fraction]
) -> None:
    line = a_line(price, programme=PARTIES[Party.PROGRAMME], voucher_fen=int(price * ratio))
    whole = amounts_of(line, FEE)
    places = sorted({0, price, *(int(price * cut) for cut in cuts)})
    parts = [part_of(whole, after=after, upto=upto) for after, upto in pairwise(places)]
    for name in AMOUNTS:
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name)
    for part in parts:
        assert 0 <= part.tax <= part.price
        assert 0 <= part.voucher <= part.price
        assert 0 <= part.fee_tax <= part.fee
        for template in templates().values():
            books: dict[object, int] = {}
            for key, amount in fill(template, PARTIES, part):
                books[key.org_id] = books.get(key.org_id, 0) + amount
            assert not any(books.values())


class TestWhatIsStillDue:
    def test_is_the_part_that_stands_and_is_not_posted(self) -> None:
        line = a_line(accepted_fen=53_000)
        whole = amounts_of(line, FEE)
        [half] = still_due(line, whole, {})
        assert (half.kind, half.after_fen, half.upto_fen, half.amounts.price) == (ACCEPTED, 0, 53_000, 53_000)
        assert still_due(line, whole, {ACCEPTED: 53_000}) == []

    def test_is_a_refund_with_its_fee_in_proportion(self) -> None:
        line = a_line(accepted_fen=106_000, refunded_fen=26_500)
        [back] = still_due(line, amounts_of(line, FEE), {ACCEPTED: 106_000})
        assert (back.kind, back.amounts.price, back.amounts.fee, back.amounts.tax) == (
            REFUNDED,
            26_500,
            530,
            1_500,
        )

    def test_is_a_penalty_for_what_fell_away(self) -> None:
        line = a_line(penalty_fen=10_000)
        [owed] = still_due(line, amounts_of(line, FEE), {})
        assert (owed.kind, owed.amounts) == (PENALTY, LineAmounts(penalty=10_000))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"refunded_fen": 1},
            {"accepted_fen": 106_001},
            {"penalty_fen": -1},
            {"accepted_fen": 5, "refunded_fen": -1},
        ],
        ids=str,
    )
    def test_is_refused_where_it_cannot_be(self, wrong: dict[str, int]) -> None:
        line = a_line(**wrong)
        with pytest.raises(AmountsInvalid):
            still_due(line, amounts_of(line, FEE), {})


class TestTheTable:
    def content(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = yaml.safe_load(data_file(FILE).read_text(encoding="utf-8"))
        return found

    def test_has_a_template_for_each_thing_that_may_be_due(self) -> None:
        assert {ACCEPTED, REFUNDED, PENALTY} == set(read_templates(self.content()))

    @pytest.mark.parametrize(
        ("posting", "says"),
        [
            ({"books": "buyer", "account": "bank", "debit": "price"}, "don't balance"),
            ({"books": "buyer", "account": "bank", "debit": "prize"}, "not an amount"),
            ({"books": "buyer", "account": "bank", "debit": "price *"}, "not an amount"),
            ({"books": "buyer", "account": "cash", "debit": "price"}, "AccountKind"),
            ({"books": "buyer", "account": "payable", "debit": "price"}, "per counterparty"),
            (
                {"books": "buyer", "account": "bank", "towards": "provider", "debit": "price"},
                "per counterparty",
            ),
            ({"books": "nobody", "account": "bank", "debit": "price"}, "Party"),
            (
                {"books": "buyer", "account": "bank", "debit": "price", "credit": "price"},
                "one of debit and credit",
            ),
        ],
        ids=range(8),
    )
    def test_is_refused_with_a_planted_fault(self, posting: dict[str, str], says: str) -> None:
        content = self.content()
        content[0]["postings"].append(posting)
        with pytest.raises(TemplateFault, match=says):
            read_templates(content)
