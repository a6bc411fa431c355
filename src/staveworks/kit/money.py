"""Money: whole minor units (fen) and a currency, never a float."""

from fractions import Fraction

CNY = "CNY"
CURRENCIES = (CNY, "EUR", "HKD", "USD")
"""What amounts may be in: currencies whose minor unit is a hundredth (ISO 4217), as pages and papers print them."""


def plain_amount(amount: int) -> str:
    """``amount`` in minor units as programs read it: ``-27200`` fen is ``-272.00``."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02}"


def portion(total: int, rate: Fraction) -> int:
    """``rate`` of ``total`` minor units, halves away from zero."""
    exact = abs(total) * rate
    rounded = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return -rounded if total < 0 else rounded
