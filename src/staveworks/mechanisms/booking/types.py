"""Public words of the room: when a resource is open, how it is booked, and what is refused."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from staveworks.kit.errors import Invalid, NotFound
from staveworks.kit.spans import Span
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.domain.quota import Quota

DAY = 24 * 60


class BookableKind(StrEnum):
    """What it is that somebody books."""

    INSTRUMENT = "instrument"
    MACHINE = "machine"
    ROOM = "room"
    SEAT = "seat"
    BAY = "bay"
    DOCK = "dock"
    EXPERT = "expert"

    @property
    def text(self) -> Text:
        return KIND_TEXTS[self]


KIND_TEXTS = {
    BookableKind.INSTRUMENT: Text(zh="仪器", en="Instrument"),
    BookableKind.MACHINE: Text(zh="设备", en="Machine"),
    BookableKind.ROOM: Text(zh="场地", en="Room"),
    BookableKind.SEAT: Text(zh="座位", en="Seat"),
    BookableKind.BAY: Text(zh="货位", en="Bay"),
    BookableKind.DOCK: Text(zh="月台", en="Dock"),
    BookableKind.EXPERT: Text(zh="专家", en="Expert"),
}


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """A part of a day, in minutes after its midnight: 0 ≤ ``opens`` < ``closes`` ≤ 1440. Raises ``ValueError``."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= DAY:
            raise ValueError(f"not hours of a day: {self.opens}–{self.closes}")


@dataclass(frozen=True, slots=True)
class OpeningRule:
    """``hours`` on the days of an RFC 5545 recurrence rule that begins on ``since``."""

    rrule: str
    hours: Hours
    since: date


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """One day that is otherwise than the rules and the holidays say; without ``hours`` it is closed."""

    day: date
    hours: tuple[Hours, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """When a resource is open, in the time of its place. ``holidays``: closed on public holidays, and on a weekend day that is
    worked in exchange open as on the weekday beside it."""

    zone: str
    rules: tuple[OpeningRule, ...]
    specials: tuple[SpecialDay, ...] = ()
    holidays: bool = True


@dataclass(frozen=True, slots=True)
class BookingRules:
    """Lengths in minutes. A booking begins on the ``grid`` (counted from midnight) and lasts a multiple of it. ``before`` and
    ``after`` are held with it: to set up, to clean. ``notice``: how long ahead at least; ``horizon``: at most."""

    grid: int
    shortest: int
    longest: int
    before: int = 0
    after: int = 0
    notice: timedelta = timedelta(0)
    horizon: timedelta = timedelta(days=60)

    def __post_init__(self) -> None:
        if not (0 < self.grid <= DAY and DAY % self.grid == 0):
            raise ValueError("the grid divides a day")
        if not 0 < self.shortest <= self.longest or self.shortest % self.grid or self.longest % self.grid:
            raise ValueError("lengths are multiples of the grid, the shortest first")
        if min(self.before, self.after) < 0 or self.notice < timedelta(0) or self.horizon <= self.notice:
            raise ValueError("buffers and notice are not negative, the horizon lies behind the notice")

    @property
    def one_length(self) -> bool:
        """Whether there is nothing to choose: every booking is as long."""
        return self.shortest == self.longest


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of some weekdays (0 is Monday) at which a step costs ``ratio`` of the price. Of two that overlap the first holds."""

    days: frozenset[int]
    hours: Hours
    ratio: Decimal

    def __post_init__(self) -> None:
        if not self.days <= frozenset(range(7)) or not self.days or self.ratio <= 0:
            raise ValueError("some weekdays, and a ratio above 0")


class OpeningInvalid(Invalid):
    """``field``: where in the opening hours."""


class SlotRefused(Invalid):
    """The time that was asked for can't be booked at all, whoever else has booked. ``field``: ``starts_at`` or ``minutes``."""


class ResourceNotFound(NotFound):
    text = Text(zh="没有这项可预约的资源，或不归您管。", en="No such resource to book, or it isn’t yours.")


class RulesInvalid(Invalid):
    """``field``: ``grid``, ``shortest``, ``longest``, ``before``, ``after``, ``notice_minutes``, ``horizon_days``,
    ``quota_period``, ``firm_minutes`` or ``person_minutes``."""


class NameMissing(Invalid):
    text = Text(zh="请填两种语言的名称。", en="Give it a name in both languages.")


class KindUnknown(Invalid):
    text = Text(zh="没有这一类。", en="There is no such kind.")


class CityUnknown(Invalid):
    text = Text(zh="没有这个城市代码。", en="No such city code.")


class SpanInvalid(Invalid):
    text = Text(
        zh="结束要晚于开始，最长一年，不能早于现在。",
        en="The end comes after the beginning, within a year, not in the past.",
    )


class FeedNotFound(NotFound):
    text = Text(zh="没有这个日历地址，或已换成新的。", en="No such calendar address, or it was replaced.")


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that can be booked, with all that decides whether. ``units``: how many there are now."""

    id: UUID
    org_id: UUID
    kind: BookableKind
    name: Text
    place: str
    city: str | None
    opening: Opening
    rules: BookingRules
    grace: timedelta
    units: int
    withdrawn: bool
    quota: Quota | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    """A line that takes ``units`` of a resource ``during`` a span, set-up and cleaning left out. ``line_id`` None: not an order's
    (held by a draft whose buyer isn't told)."""

    line_id: UUID | None
    during: Span
    units: tuple[int, ...]
    state: str
    buyer: Text | None
    title: Text | None


@dataclass(frozen=True, slots=True)
class Closing:
    """Units that are closed for a while; ``chain_id`` opens them again."""

    chain_id: UUID
    during: Span
    units: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class DayPlan:
    """One local day of a resource. ``provisional``: its year's holidays aren't announced yet."""

    day: date
    opened: tuple[Span, ...]
    bookings: tuple[Booking, ...]
    closings: tuple[Closing, ...]
    holiday: bool
    provisional: bool


@dataclass(frozen=True, slots=True)
class Displaced:
    """A booking that had to make way, with what its buyer was told is free instead."""

    line_id: UUID
    buyer: Text
    was: Span
    alternatives: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    chain_id: UUID
    displaced: tuple[Displaced, ...]
