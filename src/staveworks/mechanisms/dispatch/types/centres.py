"""Work centres: what is said of one, how it is shown, and what is refused."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.types.calendar import Calendar


class Per(StrEnum):
    """By what an owner counts speed."""

    DAY = "day"
    HOUR = "hour"

    @property
    def text(self) -> Text:
        return PER_TEXTS[self]


PER_TEXTS = {Per.DAY: Text(zh="每天", en="a day"), Per.HOUR: Text(zh="每小时", en="an hour")}


@dataclass(frozen=True, slots=True)
class CapabilitySaid:
    """A family as its owner types it: yuan for a unit of the operation, its units a day or an hour."""

    family: str
    price: str
    speed: str
    per: Per = Per.DAY


@dataclass(frozen=True, slots=True)
class CertificateSaid:
    """``expires_date``: the last day on which it holds; None: without end. ``file_id``: a stored file of the firm."""

    code: str
    number: str
    expires_date: date | None = None
    file_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CentreSaid:
    """All that a firm says of a work centre. ``city``: None: where the firm is."""

    name: str
    operation: str
    grade: int
    weekday_hours: tuple[Decimal, ...]
    capabilities: tuple[CapabilitySaid, ...]
    holidays: bool = True
    setup_hours: Decimal = Decimal(0)
    certificates: tuple[CertificateSaid, ...] = ()
    city: str | None = None


@dataclass(frozen=True, slots=True)
class Capability:
    """As it was typed, and what follows for one unit of the family."""

    family: str
    price: str
    speed: str
    per: Per
    day_hours: Decimal
    price_fen: Decimal
    unit_hours: Decimal


@dataclass(frozen=True, slots=True)
class Certificate:
    code: str
    number: str
    expires_date: date | None
    file_id: UUID | None = None

    def holds_on(self, day: date) -> bool:
        return self.expires_date is None or day <= self.expires_date


@dataclass(frozen=True, slots=True)
class Centre:
    """One work centre, to its firm."""

    id: UUID
    name: str
    operation: str
    city: str
    grade: int
    calendar: Calendar
    setup_hours: Decimal
    capabilities: tuple[Capability, ...]
    certificates: tuple[Certificate, ...]
    closed_at: datetime | None = None
    weeks: tuple["WeekFree", ...] = field(default=())

    def expired(self, today: date) -> list[Certificate]:
        return [each for each in self.certificates if not each.holds_on(today)]


@dataclass(frozen=True, slots=True)
class WeekFree:
    """A week of a work centre: hours worked, free and confirmed, free but stale; ``ahead``, ``stale_ahead``: what of them isn't over yet,
    today included; ``days``: free hours of each day, None where nothing was said; ``over``: so many of its days are over;
    ``taken``: hours of it that published plans have."""

    monday: date
    worked: Decimal
    fresh: Decimal
    stale: Decimal
    ahead: Decimal
    stale_ahead: Decimal
    days: tuple[Decimal | None, ...]
    over: int = 0
    taken: Decimal = Decimal(0)

    @property
    def to_plan(self) -> Decimal:
        """Confirmed, not over and in no published plan: a plan has hours of a week, not of a day."""
        return max(Decimal(0), min(self.ahead, self.fresh - self.taken))

    @property
    def left(self) -> Decimal:
        """``to_plan`` and what wasn't confirmed for too long."""
        return self.to_plan + self.stale_ahead

    @property
    def said(self) -> bool:
        return any(day is not None for day in self.days)


class CentreNotFound(NotFound):
    text = Text(zh="没有这个工作中心，或不归您管。", en="No such work centre, or it isn't yours.")


class CentreInvalid(Invalid):
    text = Text(zh="请填写。", en="Fill this in.")


class CentreNameTaken(Refused):
    text = Text(zh="已有同名的工作中心。", en="There is a work centre of this name.")


class CentreClosed(Refused):
    text = Text(zh="这个工作中心已停用。", en="This work centre is closed.")
