"""What is lent by the hour: its calendar for whoever lends it, its free times for everybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from ninja import Query

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.problems import Fault, Problem
from staveworks.api.shapes import Nothing, Words
from staveworks.api.v1.bookable_shapes import (
    BookableIn,
    BookableOut,
    CheckedInOut,
    CheckIn,
    ClosedOut,
    CloseIn,
    DayOut,
    DaysIn,
    DaysOut,
    DisplacedOut,
    FreeIn,
    InLineOut,
    SlotOut,
    SlotsOut,
    WaitingListOut,
)
from staveworks.kit.spans import Span
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.queries import (
    access_bookable,
    list_bookables,
    list_free,
    list_waiting,
    plan_days,
)
from staveworks.mechanisms.booking.types import OpeningInvalid, SpanInvalid
from staveworks.mechanisms.booking.usecases.check_in import check_in
from staveworks.mechanisms.booking.usecases.close_for import close_for, reopen
from staveworks.mechanisms.booking.usecases.keep_resource import Details, change_bookable, register_bookable

router = Resource("bookables")
READ, SERVE, MANAGE = right("offer.read"), right("line.serve"), right("offer.manage")


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
        show=BookableOut.of,
    )


@router.effect(
    "POST", "", says=Text(zh="登记资源", en="Add a resource"), door=MANAGE, answer=BookableOut, status=201
)
def add_bookable(request: Call, body: BookableIn) -> BookableOut:
    """Offers delivered by booking can name it."""
    with _pointing():
        made = register_bookable(request.auth, details=_details(body), units=body.units)
    return BookableOut.of(access_bookable(request.auth, resource_id=made, right="offer.manage"))


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
    return BookableOut.of(access_bookable(request.auth, resource_id=bookable, right="offer.manage"))


@router.read(
    "/{uuid:bookable}/days",
    says=Text(zh="资源的日历", en="A resource's calendar"),
    door=SERVE,
    answer=DaysOut,
)
def get_days(request: Call, bookable: UUID, asked: Query[DaysIn]) -> DaysOut:
    """Open hours, bookings and closings of local days."""
    plans = plan_days(request.auth, resource_id=bookable, first=asked.first, days=asked.days)
    return DaysOut(days=[DayOut.of(plan) for plan in plans])


@router.read("/{uuid:bookable}/free", says=Text(zh="空档", en="Free times"), door=READ, answer=SlotsOut)
def get_free(request: Call, bookable: UUID, asked: Query[FreeIn]) -> SlotsOut:
    """Times of a local day that anybody could book now. Only an order that is held takes one."""
    slots = list_free(
        request.auth, resource_id=bookable, day=asked.day, minutes=asked.minutes, wanted=asked.units
    )
    return SlotsOut(slots=[SlotOut.of(each) for each in slots])


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
    return ClosedOut(closing=closed.chain_id, displaced=[DisplacedOut.of(each) for each in closed.displaced])


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
