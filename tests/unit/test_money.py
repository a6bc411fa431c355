"""Money: amounts as programs read them, and portions of them."""

from fractions import Fraction

import pytest

from staveworks.kit.money import plain_amount, portion


@pytest.mark.parametrize(
    ("amount", "text"), [(2_720_000, "27200.00"), (-5, "-0.05"), (0, "0.00"), (-12345, "-123.45")]
)
def test_an_amount_is_written_with_two_decimals(amount: int, text: str) -> None:
    assert plain_amount(amount) == text


def test_a_portion_rounds_halves_away_from_zero() -> None:
    assert [portion(total, Fraction(1, 100)) for total in (49, 50, 149, 150, -50, -49)] == [0, 1, 1, 2, -1, 0]
