"""Public words of the room: amounts of a line, its parties, what is settled, what is refused. Money in fen."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Literal
from uuid import UUID

from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text


class Party(StrEnum):
    """In whose books a template posts."""

    BUYER = "buyer"
    PROVIDER = "provider"
    PROGRAMME = "programme"
    PAYER = "payer"
    PLATFORM = "platform"
    AT_FAULT = "at_fault"
    HARMED = "harmed"

    @property
    def text(self) -> Text:
        return PARTY_TEXTS[self]


PARTY_TEXTS = {
    Party.BUYER: Text(zh="买方", en="Buyer"),
    Party.PROVIDER: Text(zh="服务方", en="Provider"),
    Party.PROGRAMME: Text(zh="补贴出资方", en="Programme"),
    Party.PAYER: Text(zh="服务费承担方", en="Payer of the fee"),
    Party.PLATFORM: Text(zh="平台", en="Platform"),
    Party.AT_FAULT: Text(zh="违约方", en="At fault"),
    Party.HARMED: Text(zh="守约方", en="Harmed"),
}


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """What a line comes to, or a part of it; prices and fees include their tax. See ``data/postings.yaml`` for each name."""

    price: int = 0
    tax: int = 0
    tax_deducted: int = 0
    voucher: int = 0
    fee: int = 0
    fee_tax: int = 0
    fee_tax_deducted: int = 0
    penalty: int = 0


AMOUNTS = tuple(each.name for each in fields(LineAmounts))


@dataclass(frozen=True, slots=True)
class FeeTerms:
    """The rule on the platform's fee as it was when the line was ordered. ``rate`` and ``tax_rate``: shares of one; ``cap_fen``: the most
    for one line; ``label``: the rule's version."""

    rate: Fraction
    cap_fen: int
    bearer: Literal["buyer", "provider"]
    tax_rate: Fraction
    label: str


@dataclass(frozen=True, slots=True)
class LineToSettle:
    """A line with all that should be posted of it by now; whatever is posted already is not posted again.

    ``accepted_fen``: what stands of the price; ``refunded_fen``: what of it was given back since; ``penalty_fen``: owed though
    the line fell away, by ``at_fault``. ``tax_rate``: share of the net price. ``programme``: who pays ``voucher_fen`` of the
    whole price. ``placed_at``: rules count as they were then.
    """

    line_id: UUID
    buyer: UUID
    provider: UUID
    price_fen: int
    tax_rate: Fraction
    placed_at: datetime
    accepted_fen: int = 0
    refunded_fen: int = 0
    penalty_fen: int = 0
    at_fault: Literal["buyer", "provider"] = "buyer"
    programme: UUID | None = None
    voucher_fen: int = 0
    rules: tuple[str, ...] = ()
    """Versions of further rules that set its amounts, such as the tax rate's."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One posting of a line: the part of its price from ``after_fen`` to ``upto_fen``, by the template ``kind``. ``id`` is the transfer's."""

    id: UUID
    line_id: UUID
    kind: str
    after_fen: int
    upto_fen: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Earning:
    """What one posting of a line brought its provider, as it stands in its books: ``buyer_fen`` from the buyer and ``voucher_fen`` from a
    programme make the price, of which ``tax_fen`` is tax; ``fee_fen`` of the platform. Below 0 where it is given back."""

    transfer_id: UUID
    line_id: UUID
    kind: str
    day: date
    buyer: Text
    buyer_fen: int
    voucher_fen: int
    tax_fen: int
    fee_fen: int

    @property
    def price_fen(self) -> int:
        return self.buyer_fen + self.voucher_fen

    @property
    def gets_fen(self) -> int:
        return self.price_fen - self.fee_fen


class AmountsInvalid(Invalid):
    text = Text(
        zh="金额不成立：补贴不超过价款，验收不超过价款，退款不超过已验收的。",
        en="The amounts can't be: a voucher and what is accepted stay within the price, a refund within what was accepted.",
    )
