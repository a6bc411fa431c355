"""What is lent by the hour: its calendar for whoever lends it, its free times for everybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from ninja import Query
from pydantic import AwareDatetime, Field

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.problems import Fault, Problem
from staveworks.api.shapes import In, Name, Nothing, Out, Words
from staveworks.kit.spans import Span
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.domain.opening import document_of
from staveworks.mechanisms.booking.queries import (
    access_bookable,
    list_bookables,
    list_certificates,
    list_free,
    list_waiting,
    plan_days,
)
from staveworks.mechanisms.booking.types import (
    DayPlan,
    OpeningInvalid,
    SpanInvalid,
    TrainingCertificate,
    Wish,
    WishState,
)
from staveworks.mechanisms.booking.types import Resource as Bookable
from staveworks.mechanisms.booking.usecases.certify import Trained, certify_person, end_certificate
from staveworks.mechanisms.booking.usecases.check_in import check_in
from staveworks.mechanisms.booking.usecases.close_for import close_for, reopen
from staveworks.mechanisms.booking.usecases.keep_resource import Details, change_bookable, register_bookable

router = Resource("bookables")
READ, SERVE, MANAGE = right("offer.read"), right("line.serve"), right("offer.manage")
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


class SlotOut(Out):
    starts_at: datetime
    ends_at: datetime


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


class TrainedIn(In):
    """Who was trained: a person of the firm with this USCC, by phone or e-mail. ``valid_until``: the last day."""

    uscc: Annotated[str, Field(max_length=30)]
    name: Annotated[str, Field(max_length=60)]
    contact: Annotated[str, Field(max_length=254)]
    valid_from: date
    valid_until: date


class TrainingCertificateOut(Out):
    """``ended_on``: from this day on it is good no more. A name and contact that were erased are empty."""

    id: UUID
    firm: UUID
    firm_name: Words
    name: str
    contact: str
    valid_from: date
    valid_until: date
    ended_on: date | None
    ended_reason: str

    @classmethod
    def of(cls, each: TrainingCertificate) -> "TrainingCertificateOut":
        return cls(
            id=each.id,
            firm=each.buyer_org,
            firm_name=Words.of(each.buyer),
            name=each.name,
            contact=each.contact,
            valid_from=each.valid_from,
            valid_until=each.valid_until,
            ended_on=each.ended_on,
            ended_reason=each.ended_reason,
        )


class TrainingCertificatesOut(Out):
    certificates: list[TrainingCertificateOut]


class CertifiedOut(Out):
    certificate: UUID


class EndCertificateIn(In):
    reason: Annotated[str, Field(max_length=200)]


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


@router.read(
    "", says=Text(zh="列出可约的资源", en="List what can be booked"), door=SERVE, answer=Page[BookableOut]
)
def list_own_bookables(request: Call, paging: Query[Paging]) -> Page[BookableOut]:
    """What the organisation lends."""
    return page_of_all(
        list_bookables(request.auth),
        paging=paging,
        listing="bookables",
        key=lambda each: (each.name.zh, str(each.id)),
        show=_shown,
    )


@router.effect(
    "POST", "", says=Text(zh="登记资源", en="Add a resource"), door=MANAGE, answer=BookableOut, status=201
)
def add_bookable(request: Call, body: BookableIn) -> BookableOut:
    """Offers delivered by booking can name it."""
    with _pointing():
        made = register_bookable(request.auth, details=_details(body), units=body.units)
    return _shown(access_bookable(request.auth, resource_id=made, right="offer.manage"))


@router.effect(
    "PUT",
    "/{uuid:bookable}",
    says=Text(zh="修改资源", en="Change a resource"),
    door=MANAGE,
    answer=BookableOut,
)
def put_bookable(request: Call, bookable: UUID, body: BookableIn) -> BookableOut:
    """What is booked stays as it was agreed."""
    with _pointing():
        change_bookable(request.auth, resource_id=bookable, details=_details(body), units=body.units)
    return _shown(access_bookable(request.auth, resource_id=bookable, right="offer.manage"))


@router.read(
    "/{uuid:bookable}/days",
    says=Text(zh="资源的日历", en="A resource's calendar"),
    door=SERVE,
    answer=DaysOut,
)
def get_days(request: Call, bookable: UUID, asked: Query[DaysIn]) -> DaysOut:
    """Open hours, bookings and closings of local days."""
    plans = plan_days(request.auth, resource_id=bookable, first=asked.first, days=asked.days)
    return DaysOut(days=[_day(plan) for plan in plans])


@router.read("/{uuid:bookable}/free", says=Text(zh="空档", en="Free times"), door=READ, answer=SlotsOut)
def get_free(request: Call, bookable: UUID, asked: Query[FreeIn]) -> SlotsOut:
    """Times of a local day that anybody could book now. Only an order that is held takes one."""
    slots = list_free(
        request.auth, resource_id=bookable, day=asked.day, minutes=asked.minutes, wanted=asked.units
    )
    return SlotsOut(slots=[_slot(each) for each in slots])


@router.read(
    "/{uuid:bookable}/wishes",
    says=Text(zh="候补名单", en="A resource's waiting list"),
    door=SERVE,
    answer=WaitingListOut,
)
def get_waiting_list(request: Call, bookable: UUID) -> WaitingListOut:
    """Who waits, first in line first."""
    found = list_waiting(request.auth, resource_id=bookable)
    return WaitingListOut(wishes=[InLineOut.of(each) for each in found])


@router.read(
    "/{uuid:bookable}/certificates",
    says=Text(zh="培训证明", en="Training certificates of a resource"),
    door=READ,
    answer=TrainingCertificatesOut,
)
def get_certificates(request: Call, bookable: UUID) -> TrainingCertificatesOut:
    """For its provider all, for a firm those of its own people; the newest first. ``id`` is what ``comes`` names."""
    found = list_certificates(request.auth, resource_id=bookable)
    return TrainingCertificatesOut(certificates=[TrainingCertificateOut.of(each) for each in found])


@router.effect(
    "POST", "/{uuid:bookable}/certificates", says=Text(zh="登记培训证明", en="Record a training certificate"),
    door=SERVE, answer=CertifiedOut, status=201,
)  # fmt: skip
def add_certificate(request: Call, bookable: UUID, body: TrainedIn) -> CertifiedOut:
    """Its person may come from the first day to the last."""
    return CertifiedOut(
        certificate=certify_person(request.auth, resource_id=bookable, trained=Trained(**body.model_dump()))
    )


@router.effect(
    "POST", "/{uuid:bookable}/certificates/{uuid:certificate}/ending",
    says=Text(zh="终止培训证明", en="End a training certificate"), door=SERVE, answer=Nothing,
)  # fmt: skip
def post_ending(request: Call, bookable: UUID, certificate: UUID, body: EndCertificateIn) -> Nothing:
    """From today on; whoever booked with it has a to-do."""
    end_certificate(request.auth, resource_id=bookable, certificate_id=certificate, reason=body.reason)
    return Nothing()


@router.effect(
    "POST", "/{uuid:bookable}/closings", says=Text(zh="停用一段时间", en="Close for a while"), door=SERVE,
    answer=ClosedOut, status=201,
)  # fmt: skip
def close_bookable(request: Call, bookable: UUID, body: CloseIn) -> ClosedOut:
    """Bookings in that time make way without a fee; their buyers read why, and what is free instead."""
    if body.starts_at >= body.ends_at:
        raise SpanInvalid(field="ends_at")
    closed = close_for(
        request.auth,
        resource_id=bookable,
        during=Span(body.starts_at, body.ends_at),
        reason=body.reason,
        unit=body.unit,
    )
    return ClosedOut(
        closing=closed.chain_id,
        displaced=[
            DisplacedOut(
                line=each.line_id,
                buyer=Words.of(each.buyer),
                was=_slot(each.was),
                alternatives=[_slot(one) for one in each.alternatives],
            )
            for each in closed.displaced
        ],
    )


@router.effect(
    "DELETE", "/{uuid:bookable}/closings/{uuid:closing}", says=Text(zh="恢复开放", en="Open again"), door=SERVE,
    answer=Nothing, takes=None,
)  # fmt: skip
def end_closing(request: Call, bookable: UUID, closing: UUID) -> Nothing:
    """What made way stays away."""
    reopen(request.auth, resource_id=bookable, chain_id=closing)
    return Nothing()


@router.effect(
    "POST", "/check-ins", says=Text(zh="签到", en="Check in"), door=SERVE, answer=CheckedInOut, status=201
)
def check_in_visitor(request: Call, body: CheckIn) -> CheckedInOut:
    """By the code that the visitor shows; the delivery of her line has begun with it."""
    found = check_in(request.auth, code=body.code, at=body.bookable)
    return CheckedInOut(
        line=found.line.id,
        bookable=found.resource.id,
        buyer=Words.of(found.line.buyer),
        starts_at=found.starts_at,
        ends_at=found.ends_at,
    )


@contextmanager
def _pointing() -> Iterator[None]:
    """What is wrong in the opening hours is named by its path: ``opening.rules.0.from`` → ``/opening/rules/0/from``."""
    try:
        yield
    except OpeningInvalid as wrong:
        pointer = "/" + (wrong.field or "").replace(".", "/")
        raise Problem(
            422, wrong.text, kind="opening-invalid", faults=(Fault(wrong.text, pointer=pointer),)
        ) from wrong


def _details(body: BookableIn) -> Details:
    said = body.model_dump(exclude={"name", "units", "opening"})
    opening = body.opening.model_dump(mode="json", by_alias=True)
    return Details(name=Text(zh=body.name.zh, en=body.name.en), opening=opening, **said)


def _shown(resource: Bookable) -> BookableOut:
    rules = resource.rules
    return BookableOut(
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


def _slot(span: Span) -> SlotOut:
    return SlotOut(starts_at=span.starts_at, ends_at=span.ends_at)


def _day(plan: DayPlan) -> DayOut:
    return DayOut(
        day=plan.day,
        holiday=plan.holiday,
        provisional=plan.provisional,
        opened=[_slot(each) for each in plan.opened],
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
