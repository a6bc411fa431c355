"""Pure decisions: what a line comes to, what a part of it comes to, and what is still to be posted. All sums are exact."""

from dataclasses import dataclass
from fractions import Fraction

from staveworks.kit.money import portion
from staveworks.trade.settlement.types import AMOUNTS, AmountsInvalid, FeeTerms, LineAmounts, LineToSettle

ACCEPTED, REFUNDED, PENALTY = "line.accepted", "line.refunded", "line.penalty"


def tax_within(gross: int, rate: Fraction) -> int:
    """The tax in a price that includes it; ``rate`` is a share of the net price."""
    return portion(gross, rate / (1 + rate))


def amounts_of(line: LineToSettle, fee: FeeTerms | None) -> LineAmounts:
    """The whole line. ``fee`` None: none is owed. Whoever pays a tax deducts it.

    Raises ``AmountsInvalid`` for a voucher over the price.
    """
    if not 0 <= line.voucher_fen <= line.price_fen or (line.voucher_fen and line.programme is None):
        raise AmountsInvalid(field="voucher_fen")
    tax = tax_within(line.price_fen, line.tax_rate)
    charged = min(portion(line.price_fen, fee.rate), fee.cap_fen) if fee else 0
    fee_tax = tax_within(charged, fee.tax_rate) if fee else 0
    return LineAmounts(
        price=line.price_fen,
        tax=tax,
        tax_deducted=tax,
        voucher=line.voucher_fen,
        fee=charged,
        fee_tax=fee_tax,
        fee_tax_deducted=fee_tax,
    )


def part_of(whole: LineAmounts, *, after: int, upto: int) -> LineAmounts:
    """What is due on the part of the price from ``after`` to ``upto``: the difference of two portions, each rounded.

    So parts that follow each other sum exactly to what they are together, however the price is cut, and the last takes what
    rounding left. Raises ``AmountsInvalid`` for a part outside of the price.
    """
    if not 0 <= after <= upto <= whole.price:
        raise AmountsInvalid(field="accepted_fen")
    if upto == after:
        return LineAmounts()
    before, now = Fraction(after, whole.price), Fraction(upto, whole.price)
    return LineAmounts(
        **{
            name: portion(getattr(whole, name), now) - portion(getattr(whole, name), before)
            for name in AMOUNTS
        }
    )


@dataclass(frozen=True, slots=True)
class Due:
    """Something to post: template, the part of the line, its amounts."""

    kind: str
    after_fen: int
    upto_fen: int
    amounts: LineAmounts


def still_due(line: LineToSettle, whole: LineAmounts, posted: dict[str, int]) -> list[Due]:
    """What should be posted of ``line`` and isn't; ``posted``: template → up to where. What was posted is never taken back here.

    Raises ``AmountsInvalid`` where more is refunded than was accepted, or anything is below 0.
    """
    if not 0 <= line.refunded_fen <= line.accepted_fen or line.penalty_fen < 0:
        raise AmountsInvalid(field="refunded_fen")
    due = []
    for kind, upto in ((ACCEPTED, line.accepted_fen), (REFUNDED, line.refunded_fen)):
        after = posted.get(kind, 0)
        if upto > after:
            due.append(Due(kind, after, upto, part_of(whole, after=after, upto=upto)))
    after = posted.get(PENALTY, 0)
    if line.penalty_fen > after:
        amounts = LineAmounts(penalty=line.penalty_fen - after)
        due.append(Due(PENALTY, after, line.penalty_fen, amounts))
    return due
