"""What the dispatcher may plan with, and what had to be left out. Plain values: the studio builds its problem from them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class DispatchCapability:
    """For one unit of ``family``: the firm's price in fen, hours of the work centre. ``setup_hours``: for each lot."""

    family: str
    price_fen: Decimal
    unit_hours: Decimal
    setup_hours: Decimal


@dataclass(frozen=True, slots=True)
class DispatchCentre:
    """A work centre with what it can do and when. ``certificates``, ``hours`` and ``working_hours``: one entry for each bucket; a
    certificate counts in a bucket that it outlasts; of the hours that are worked at all those are gone that published plans have taken."""

    id: UUID
    firm: UUID
    name: str
    city: str
    operation: str
    grade: int
    certificates: tuple[frozenset[str], ...]
    capabilities: tuple[DispatchCapability, ...]
    hours: tuple[Decimal, ...]
    working_hours: tuple[Decimal, ...]


class LeftOutReason(StrEnum):
    """Why hours that a firm declared are not dispatched."""

    STALE = "stale"
    TRIAL = "trial"
    UNPRICED = "unpriced"
    TAKEN = "taken"

    @property
    def text(self) -> Text:
        return REASON_TEXTS[self]


REASON_TEXTS = {
    LeftOutReason.STALE: Text(zh="太久没有确认", en="not confirmed for too long"),
    LeftOutReason.TRIAL: Text(zh="超出新企业的试单限额", en="above the limit for new firms"),
    LeftOutReason.UNPRICED: Text(zh="没有报价的产品", en="no family with a price"),
    LeftOutReason.TAKEN: Text(zh="已公布的方案占用", en="taken by a published plan"),
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Declared hours of one work centre in one bucket (counted from 0) that are not dispatched, and why."""

    centre: UUID
    firm: UUID
    bucket: int
    hours: Decimal
    reason: LeftOutReason


@dataclass(frozen=True, slots=True)
class DispatchableCapacity:
    """``rules``: the versions by which it was decided, such as ``dispatch.freshness/1``. ``reading``: the look that was logged."""

    from_day: date
    buckets: int
    now: datetime
    centres: tuple[DispatchCentre, ...]
    left_out: tuple[LeftOut, ...]
    rules: tuple[str, ...]
    reading: UUID
