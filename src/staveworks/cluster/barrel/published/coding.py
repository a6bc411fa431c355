"""How a published figure is written: the coded ends say that they are ends."""

from staveworks.engine.disclosure import LEAST, MOST
from staveworks.kit.figures import level


def coded(value: float) -> str:
    """``≤10``, ``34``, ``≥90``."""
    if value <= LEAST:
        return f"≤{LEAST}"
    return f"≥{MOST}" if value >= MOST else level(value)


def coded_range(low: float, high: float) -> str:
    """``24–41``; one value where both are the same."""
    one, two = coded(low), coded(high)
    return one if one == two else f"{one}–{two}"
