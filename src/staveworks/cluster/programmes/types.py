"""Public words of the room: a voucher, and what is refused. Money in fen, ratios exact decimals."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class Voucher:
    """``ratio`` of each price is paid, at most ``cap_fen`` of all of them together, until ``until``, that day included.

    ``used_fen``: what of it is used up.
    """

    id: UUID
    org_id: UUID
    firm: Text
    operator: Text
    programme: str
    name: Text
    ratio: Decimal
    cap_fen: int
    used_fen: int
    until: date
    granted_at: datetime
    withdrawn_at: datetime | None

    def holds(self, today: date) -> bool:
        return self.withdrawn_at is None and today <= self.until

    def pays(self, price_fen: int) -> int:
        """Of one price, nothing else being bought: min(⌊price · ratio⌋, what is left)."""
        return min(int(price_fen * self.ratio), self.left_fen)

    def rank(self, price_fen: int) -> tuple[int, date, str]:
        """Of several the greatest pays: most of the price alone; of equals the one that holds longer."""
        return self.pays(price_fen), self.until, str(self.id)

    @property
    def left_fen(self) -> int:
        return self.cap_fen - self.used_fen


@dataclass(frozen=True, slots=True)
class LineShare:
    """What a voucher of the programme ``name`` pays of an order line; ``used`` up by it, or expected."""

    name: Text
    fen: int
    used: bool


class ProgrammeUnknown(Invalid):
    text = Text(zh="没有这个补贴项目。", en="There is no such programme.")


class FirmUnknown(Invalid):
    text = Text(
        zh="没有这个统一社会信用代码的企业。请对照执照。",
        en="No firm has this credit code. Compare it with the licence.",
    )


class CapInvalid(Invalid):
    pass


class UntilPast(Invalid):
    text = Text(zh="截止日已过，请选今天或以后。", en="This day is over. Choose today or later.")


class VoucherNotFound(NotFound):
    text = Text(zh="没有这张补贴券。", en="There is no such voucher.")


class VoucherWithdrawn(Refused):
    text = Text(zh="这张补贴券已经收回。", en="This voucher is withdrawn already.")
