"""Shapes of what is lent by the hour: its calendar, its free times, who waits for it and who arrives. Lengths in minutes."""

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from staveworks.api.shapes import In, Name, Out, Words
from staveworks.kit.spans import Span
from staveworks.mechanisms.booking.domain.opening import document_of
from staveworks.mechanisms.booking.types import DayPlan, Displaced, Wish, WishState
from staveworks.mechanisms.booking.types import Resource as Bookable

Minutes = Annotated[int, Field(ge=0, le=576_000)]
Units = Annotated[int, Field(ge=1, le=1000)]
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]


class RuleIO(In):
    """``rrule``: RFC 5545, days only. ``since``: where its weeks and counts begin; empty: a Monday in 2020."""

    model_config = In.model_config | {"populate_by_name": True}
    rrule: Annotated[str, Field(max_length=200)]
    opens: Annotated[Clock, Field(alias="from")]
    closes: Annotated[Clock, Field(alias="to")]
    since: Annotated[str, Field(max_length=10)] = ""


class SpecialDayIO(In):
    """Without ``hours`` it is closed."""

    day: date
    hours: Annotated[list[tuple[Clock, Clock]], Field(max_length=10)] = []


class OpeningIO(In):
    """Special days go before public holidays (if ``holidays``), these before rules."""

    rules: Annotated[list[RuleIO], Field(max_length=20)]
    specials: Annotated[list[SpecialDayIO], Field(max_length=400)] = []
    holidays: bool = True


class BookableIn(In):
    """Lengths in minutes. ``before``, ``after``: held with a booking. ``grace``: how long somebody is waited for.
    ``quota_period``: ``week`` or ``month``, in which a firm and a person may book so many minutes; empty: no quota.
    ``needs_training``: who comes is named by a training certificate (``comes`` in the request); ``training_offer``: where to get one.
    ``keep_minutes``: how long what came free is kept for whoever is first in the waiting list."""

    name: Words
    kind: Annotated[str, Field(max_length=12)]
    units: Units = 1
    place: Annotated[str, Field(max_length=200)] = ""
    city: Annotated[str, Field(max_length=6)] = ""
    opening: OpeningIO
    grid: Minutes = 30
    shortest: Minutes = 60
    longest: Minutes = 240
    before: Minutes = 0
    after: Minutes = 0
    notice_minutes: Minutes = 0
    horizon_days: Annotated[int, Field(ge=0, le=400)] = 60
    grace: Minutes = 30
    quota_period: Annotated[str, Field(max_length=8)] = ""
    firm_minutes: Minutes | None = None
    person_minutes: Minutes | None = None
    keep_minutes: Annotated[int, Field(ge=0, le=10_080)] = 120
    needs_training: bool = False
    training_offer: UUID | None = None


class BookableOut(Out):
    id: UUID
    name: Words
    kind: str
    units: int
    place: str
    city: str | None
    zone: str
    withdrawn: bool
    opening: dict[str, object]
    grid: int
    shortest: int
    longest: int
    before: int
    after: int
    notice_minutes: int
    horizon_days: int
    grace: int
    quota_period: str
    firm_minutes: int | None
    person_minutes: int | None
    keep_minutes: int
    needs_training: bool
    training_offer: UUID | None

    @classmethod
    def of(cls, resource: Bookable) -> "BookableOut":
        rules = resource.rules
        return cls(
            id=resource.id,
            name=Words.of(resource.name),
            kind=resource.kind,
            units=resource.units,
            place=resource.place,
            city=resource.city,
            zone=resource.opening.zone,
            withdrawn=resource.withdrawn,
            opening=document_of(resource.opening),
            grid=rules.grid,
            shortest=rules.shortest,
            longest=rules.longest,
            before=rules.before,
            after=rules.after,
            notice_minutes=rules.notice // timedelta(minutes=1),
            horizon_days=rules.horizon.days,
            grace=resource.grace // timedelta(minutes=1),
            quota_period=resource.quota.period if resource.quota else "",
            firm_minutes=resource.quota.firm_minutes if resource.quota else None,
            person_minutes=resource.quota.person_minutes if resource.quota else None,
            keep_minutes=resource.keep // timedelta(minutes=1),
            needs_training=resource.training is not None,
            training_offer=resource.training.offer_id if resource.training else None,
        )


class SlotOut(Out):
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, span: Span) -> "SlotOut":
        return SlotOut(starts_at=span.starts_at, ends_at=span.ends_at)


class BookingOut(SlotOut):
    """``line`` null: held by an order that isn't placed yet."""

    line: UUID | None
    units: list[int]
    state: str
    buyer: Words | None


class DowntimeOut(SlotOut):
    id: UUID
    units: list[int]
    reason: str


class DayOut(Out):
    """``provisional``: the holidays of its year aren't announced yet."""

    day: date
    holiday: bool
    provisional: bool
    opened: list[SlotOut]
    bookings: list[BookingOut]
    closings: list[DowntimeOut]

    @classmethod
    def of(cls, plan: DayPlan) -> "DayOut":
        return cls(
            day=plan.day,
            holiday=plan.holiday,
            provisional=plan.provisional,
            opened=[SlotOut.of(each) for each in plan.opened],
            bookings=[
                BookingOut(
                    starts_at=each.during.starts_at,
                    ends_at=each.during.ends_at,
                    line=each.line_id,
                    units=list(each.units),
                    state=each.state,
                    buyer=Words.maybe(each.buyer),
                )
                for each in plan.bookings
            ],
            closings=[
                DowntimeOut(
                    starts_at=each.during.starts_at,
                    ends_at=each.during.ends_at,
                    id=each.chain_id,
                    units=list(each.units),
                    reason=each.reason,
                )
                for each in plan.closings
            ],
        )


class DaysOut(Out):
    days: list[DayOut]


class SlotsOut(Out):
    slots: list[SlotOut]


class InLineOut(Out):
    """``starts_at``, ``kept_until``: of the time that is kept for her."""

    id: UUID
    buyer: UUID
    buyer_name: Words
    units: int
    minutes: int
    earliest_at: datetime
    latest_at: datetime
    state: WishState
    starts_at: datetime | None
    kept_until: datetime | None
    made_at: datetime

    @classmethod
    def of(cls, wish: Wish) -> "InLineOut":
        return cls(
            id=wish.id,
            buyer=wish.buyer_org,
            buyer_name=Words.of(wish.buyer),
            units=wish.units,
            minutes=wish.minutes,
            earliest_at=wish.earliest_at,
            latest_at=wish.latest_at,
            state=wish.state,
            starts_at=wish.starts_at,
            kept_until=wish.kept_until,
            made_at=wish.made_at,
        )


class WaitingListOut(Out):
    wishes: list[InLineOut]


class FreeIn(In):
    """A local day; ``minutes``: how long (default: the shortest); ``units``: how many at once."""

    day: date
    minutes: Annotated[int, Field(ge=1, le=576_000)] | None = None
    units: Units = 1


class DaysIn(In):
    first: date
    days: Annotated[int, Field(ge=1, le=31)] = 7


class CloseIn(In):
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    reason: Name
    unit: Units | None = None


class DisplacedOut(Out):
    """``alternatives``: what its buyer was told is free instead."""

    line: UUID
    buyer: Words
    was: SlotOut
    alternatives: list[SlotOut]

    @classmethod
    def of(cls, each: Displaced) -> "DisplacedOut":
        return cls(
            line=each.line_id,
            buyer=Words.of(each.buyer),
            was=SlotOut.of(each.was),
            alternatives=[SlotOut.of(one) for one in each.alternatives],
        )


class CheckIn(In):
    """``code``: as scanned, the address or the letters alone. ``bookable``: what the counter is for; null: all that is lent."""

    code: Annotated[str, Field(min_length=1, max_length=300)]
    bookable: UUID | None = None


class CheckedInOut(SlotOut):
    line: UUID
    bookable: UUID
    buyer: Words


class ClosedOut(Out):
    closing: UUID
    displaced: list[DisplacedOut]
