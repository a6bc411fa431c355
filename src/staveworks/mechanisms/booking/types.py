"""Public words of the room: when a resource is open, how it is booked, and what is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.spans import Span
from staveworks.kit.text import Text

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


class DayUnknown(Invalid):
    text = Text(zh="没有这一天的日历。", en="There is no calendar of that day.")


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


class QuotaPeriod(StrEnum):
    """A week begins on Monday, a month on its first."""

    WEEK = "week"
    MONTH = "month"

    @property
    def text(self) -> Text:
        return PERIOD_TEXTS[self]


PERIOD_TEXTS = {
    QuotaPeriod.WEEK: Text(zh="每周", en="week"),
    QuotaPeriod.MONTH: Text(zh="每月", en="month"),
}


@dataclass(frozen=True, slots=True)
class Quota:
    """Minutes of all units together; None: as much as is free."""

    period: QuotaPeriod
    firm_minutes: int | None
    person_minutes: int | None


@dataclass(frozen=True, slots=True)
class Training:
    """Who comes needs a training certificate. ``offer_id``: of the training, where its provider names one."""

    offer_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TrainingCertificate:
    """That a person of a buying firm was trained on a resource: good from its first day to its last, or until the day on which
    it was ended. A name that was erased is empty."""

    id: UUID
    resource_id: UUID
    buyer_org: UUID
    buyer: Text
    name: str
    contact: str
    valid_from: date
    valid_until: date
    ended_on: date | None
    ended_reason: str

    def good_on(self, day: date) -> bool:
        """As the guard in the database counts (``sql/training.sql``)."""
        ended = self.ended_on is not None and self.ended_on <= day
        return bool(self.contact) and self.valid_from <= day <= self.valid_until and not ended


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that can be booked, with all that decides whether. ``units``: how many there are now; ``keep``: how long a
    time is kept for whoever is first in the waiting list."""

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
    keep: timedelta = timedelta(hours=2)
    training: Training | None = None


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


class Untrained(Invalid):
    """Whoever is to come has no certificate for the day. ``field``: ``comes``."""


class CertificateInvalid(Invalid):
    """``field``: ``name``, ``valid_from``, ``valid_until`` or ``reason``."""


class CertificateNotFound(NotFound):
    text = Text(zh="没有这份培训证明，或不归您管。", en="No such training certificate, or it isn’t yours.")


class CertificateOver(Refused):
    text = Text(
        zh="这份培训证明已经终止或过期。", en="This training certificate was ended, or its time is over."
    )


class FirmNotFound(NotFound):
    text = Text(
        zh="没有这家企业。请核对统一社会信用代码。",
        en="There is no such firm. Check its unified social credit code.",
    )


class TrainingOfferUnknown(Invalid):
    text = Text(zh="培训要是您自己已发布的服务。", en="The training is a published offer of your own.")


class WishState(StrEnum):
    """How far a place in a waiting list has come. ``kept``: a time is held for it; ``over``: its window went by."""

    WAITING = "waiting"
    KEPT = "kept"
    TAKEN = "taken"
    DECLINED = "declined"
    LAPSED = "lapsed"
    LEFT = "left"
    OVER = "over"

    @property
    def text(self) -> Text:
        return WISH_TEXTS[self]


WISH_TEXTS = {
    WishState.WAITING: Text(zh="候补中", en="waiting"),
    WishState.KEPT: Text(zh="已为您留位", en="kept for you"),
    WishState.TAKEN: Text(zh="已预约", en="booked"),
    WishState.DECLINED: Text(zh="没有要", en="declined"),
    WishState.LAPSED: Text(zh="过期没有要", en="not taken in time"),
    WishState.LEFT: Text(zh="已退出", en="left"),
    WishState.OVER: Text(zh="没有等到", en="nothing came free"),
}
OPEN_WISHES = (WishState.WAITING, WishState.KEPT)


@dataclass(frozen=True, slots=True)
class Wish:
    """A place in a waiting list. ``starts_at``, ``kept_until``: of the time that is kept for it; ``line_id``: what
    became of it; ``moves``: the booking that is to be moved to an earlier time."""

    id: UUID
    resource_id: UUID
    resource: Text
    offer_id: UUID
    buyer_org: UUID
    buyer: Text
    provider_org: UUID
    provider: Text
    request: Mapping[str, Any]
    units: int
    minutes: int
    earliest_at: datetime
    latest_at: datetime
    state: WishState
    starts_at: datetime | None
    kept_until: datetime | None
    line_id: UUID | None
    made_at: datetime
    moves: UUID | None = None


class WishNotFound(NotFound):
    text = Text(zh="没有这项候补，或您看不到它。", en="No such place in a waiting list, or none you can see.")


class WindowInvalid(Invalid):
    """``field``: ``earliest_at`` or ``latest_at``."""


class TimeFree(Refused):
    """Nobody waits for what is free: a fitting time can be booked at once. ``request``: what to ask of the offer to have it."""

    said = Text(
        zh="不用排队：{when} 现在就有空，可以直接预约。",
        en="No need to wait: {when} is free now and can be booked.",
    )

    def __init__(self, offer_id: UUID, starts_at: datetime, request: Mapping[str, Any], *, zone: str) -> None:
        when = f"{starts_at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
        super().__init__(self.said.format(when=when), field="earliest_at")
        self.offer_id, self.starts_at, self.request = offer_id, starts_at, request

    @property
    def path(self) -> str:
        """The page that books it, filled in."""
        return path_to_book(self.offer_id, self.request)


class WaitsAlready(Refused):
    text = Text(
        zh="您单位已在这项资源的候补名单里。要改时间，先退出再排。",
        en="Your organisation is in this waiting list already. To change the times, leave it first.",
    )


class NothingKept(Refused):
    text = Text(
        zh="这个时间已不再为您保留：已经办过，或过了时限。",
        en="That time is no longer kept for you: it was answered, or its time is over.",
    )


class NoWaitingList(Refused):
    text = Text(
        zh="这项服务不按时间预约，没有候补。",
        en="This offer isn’t booked by the time; it has no waiting list.",
    )


class CannotMove(Refused):
    text = Text(
        zh="只有还没开始的预约才能改到更早。",
        en="Only a booking that has not begun can be moved to an earlier time.",
    )


class NotABooking(Refused):
    text = Text(zh="这项服务不按时间预约。", en="This offer isn’t booked by the time.")


@dataclass(frozen=True, slots=True)
class Alternative:
    """A free time instead of one that can't be had, with what it costs. ``request``: what to ask of ``version_id`` to have it;
    ``km``: from what was wanted."""

    offer_id: UUID
    version_id: UUID
    title: Text
    provider: Text
    city: Text | None
    km: int | None
    span: Span
    price_fen: int
    request: Mapping[str, Any]

    @property
    def path(self) -> str:
        """The page that books it, filled in."""
        return path_to_book(self.offer_id, self.request)


def path_to_book(offer_id: UUID, request: Mapping[str, Any]) -> str:
    return f"/offers/{offer_id}/?{urlencode({'ask': 1, **request}, doseq=True)}#price"
