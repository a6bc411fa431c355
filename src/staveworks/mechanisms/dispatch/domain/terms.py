"""From what an owner types (yuan for a metre, metres a day) to what is stored (fen and hours for one unit of a family)."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

MOST_PRICE, MOST_SPEED = Decimal(10_000_000), Decimal(100_000_000)
PRICE_PLACES, SPEED_PLACES = 4, 4
WIDE = {0xFF01 + place: 0x21 + place for place in range(94)} | {0x3000: 0x20, 0xFFE5: 0xA5}
"""Full-width signs to those of ASCII; not NFKC, which makes 42 of 4²."""
FEN, HOURS = Decimal("0.000001"), Decimal("0.000000000001")


@dataclass(frozen=True, slots=True)
class Derived:
    """For one unit of the family."""

    price_fen: Decimal
    unit_hours: Decimal


def half_width(typed: str) -> str:
    """Digits and signs as everybody reads them, however a Chinese keyboard set them."""
    return typed.translate(WIDE)


def number_in(typed: str, *, places: int, most: Decimal) -> Decimal | None:
    """A plain number as people type it, full-width or not, with thousands separated or not; None for nonsense, a sign, or too many places."""
    plain = half_width(typed).strip().replace(",", "").replace(" ", "").lstrip("¥")
    if not plain or not plain.isascii() or set(plain) - set("0123456789."):
        return None
    try:
        found = Decimal(plain)
    except InvalidOperation:
        return None
    exponent = found.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent > places or found > most:
        return None
    return found


def derive(price: Decimal, speed: Decimal, *, per: str, day_hours: Decimal, uses: Decimal) -> Derived:
    """``price`` yuan for a unit of the operation, ``speed`` of its units a day (of ``day_hours``) or an hour, ``uses`` of its units for
    one unit of the family. Both ``speed`` and ``day_hours`` are above 0."""
    hours = (day_hours if per == "day" else Decimal(1)) / speed
    return Derived((price * 100 * uses).quantize(FEN), (hours * uses).quantize(HOURS))
