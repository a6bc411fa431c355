"""Checking in: the counter at the door, what a visitor's code opens on a provider's phone, and the code itself for her order."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from staveworks.db.clock import database_now, database_today
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError
from staveworks.mechanisms.booking.arrivals import HERE, Arrival, why_not
from staveworks.mechanisms.booking.codes import code_of
from staveworks.mechanisms.booking.queries import plan_day
from staveworks.mechanisms.booking.types import Booking, DayPlan, Resource, ResourceNotFound
from staveworks.mechanisms.booking.usecases.check_in import check_in, check_in_line, find_arrival, has_code
from staveworks.trade.orders.types import Line, LineState
from staveworks.web.asking import actor_of
from staveworks.web.deliver.week import said_hours, words_of
from staveworks.web.doors import door
from staveworks.web.join.growth.posters import qr_svg
from staveworks.web.language import current
from staveworks.web.middleware import status_of
from staveworks.web.words import error_words, tell


@dataclass(frozen=True, slots=True)
class Expected:
    """A booking of today on the counter's list; ``to_come``: she can be checked in from here by her name."""

    resource: Resource
    booking: Booking
    hours: str
    who: str
    state: LineState

    @property
    def to_come(self) -> bool:
        return self.state is LineState.CONFIRMED

    @property
    def here(self) -> bool:
        return self.state in HERE


@door("line.serve")
def counter(request: HttpRequest) -> HttpResponse:
    """For a tablet at the door: a field that a scanner types into, what it said in large letters, and who comes today."""
    actor, today = actor_of(request), database_today()
    at = _resource(request.POST.get("at") or request.GET.get("at", ""))
    said, arrival, status = "", None, 200
    if request.method == "POST":
        try:
            arrival = _checked_in(actor, request, at)
        except StaveworksError as error:
            said, status = error_words(error), status_of(error)
    days = plan_day(actor, day=today)
    if at is not None and at not in {resource.id for resource, _ in days}:
        raise ResourceNotFound
    rows = _expected([(each, plan) for each, plan in days if at in (None, each.id)])
    shown = {
        "said": said,
        "arrival": arrival,
        "rows": rows,
        "to_come": sum(row.to_come for row in rows),
        "here": sum(row.here for row in rows),
        "resources": [each for each, _ in days],
        "at": at,
        "today": today,
    }
    return render(request, "deliver/counter.html", shown, status=status)


@door("line.serve")
def arrive(request: HttpRequest, arrival: str) -> HttpResponse:
    """What a visitor's code opens: whose booking it is, and one button."""
    actor = actor_of(request)
    found, said, status = find_arrival(actor, code=arrival), "", 200
    refused: StaveworksError | None = why_not(found, now=database_now())
    if request.method == "POST":
        try:
            found = check_in(actor, code=arrival)
        except StaveworksError as error:
            refused, status = error, status_of(error)
        else:
            messages.success(request, tell("已签到。", "Checked in."))
            return redirect("line", found.line.id)
    if refused is not None:
        said = error_words(refused)
    return render(
        request, "deliver/arrive.html", {"arrival": found, "said": said, "code": arrival}, status=status
    )


def ticket_of(request: HttpRequest, actor: Actor, line: Line) -> SafeString | None:
    """The picture that the buyer shows at the door; None where there is nothing to check in."""
    if not has_code(actor, line):
        return None
    drawn = qr_svg(arrival_address(request, line.id))
    return mark_safe(drawn)  # noqa: S308 - drawn here from an address without anything typed in it


def arrival_address(request: HttpRequest, line_id: UUID) -> str:
    return request.build_absolute_uri(reverse("arrive", args=[code_of(line_id)]))


def _checked_in(actor: Actor, request: HttpRequest, at: UUID | None) -> Arrival:
    line = _resource(request.POST.get("line", ""))
    if line is not None:
        return check_in_line(actor, line_id=line, at=at)
    return check_in(actor, code=request.POST.get("code", "")[:300], at=at)


def _expected(days: list[tuple[Resource, DayPlan]]) -> list[Expected]:
    found = [
        Expected(
            resource,
            booking,
            said_hours(resource, [booking.during], current()),
            words_of(booking, current()),
            LineState(booking.state),
        )
        for resource, plan in days
        for booking in plan.bookings
        if booking.line_id
    ]
    return sorted(found, key=lambda row: (row.booking.during, row.who))


def _resource(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise ResourceNotFound from None
