"""One work centre: its weeks day by day, what was declared, one more window; taking one back."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from staveworks.kit.errors import StaveworksError
from staveworks.kit.industries import load_industries
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.domain.windows import days_left, monday_of
from staveworks.mechanisms.dispatch.queries import access_centre, list_windows
from staveworks.mechanisms.dispatch.types.centres import Centre
from staveworks.mechanisms.dispatch.types.windows import Source, Window, WindowNotFound, WindowSaid
from staveworks.mechanisms.dispatch.usecases.declare_windows import declare_windows, withdraw_window
from staveworks.web.allocate.capacity_forms import DATE, WEEKDAYS, WindowForm, plain
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.language import say
from staveworks.web.middleware import status_of
from staveworks.web.words import put_error

DECLARED = Text(zh="已申报，现在起就能派单。", en="Declared: it can get work from now on.")
WITHDRAWN = Text(zh="已撤回。", en="Withdrawn.")
STRIP = 4


@door("capacity.read", to_change="capacity.declare")
def centre(request: HttpRequest, centre: UUID) -> HttpResponse:
    """Its weeks; one more window."""
    actor = actor_of(request)
    row = access_centre(actor, centre_id=centre, weeks=STRIP)
    form, status = _form(request, row), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                declare_windows(actor, said=[WindowSaid(centre, **form.cleaned_data)], source=Source.PAGE)
            except StaveworksError as error:
                put_error(form, error)
                status = status_of(error)
            else:
                messages.success(request, say(DECLARED))
                return redirect("centre", centre)
    industries = load_industries()
    pack = industries.pack_of(row.operation)
    shown = {
        "centre": row,
        "grade": pack.grade(row.grade) if pack else None,
        "operation": industries.operations.get(row.operation),
        "families": [(each, industries.families.get(each.family)) for each in row.capabilities],
        "certificates": [
            (each, industries.certificates.get(each.code), not each.holds_on(timezone.localdate()))
            for each in row.certificates
        ],
        "windows": _counting(list_windows(actor, centre_id=centre)),
        "form": form,
        "weekdays": WEEKDAYS,
        "today": timezone.localdate(),
        "may_declare": actor.may("capacity.declare") and row.closed_at is None,
    }
    return render(request, "allocate/centre.html", shown, status=status)


@door("capacity.declare")
@require_POST
def withdraw(request: HttpRequest, window: UUID) -> HttpResponse:
    """As if it had not been said."""
    actor = actor_of(request)
    found = next((each for each in list_windows(actor) if each.id == window), None)
    if found is None:
        raise WindowNotFound
    withdraw_window(actor, window_id=window)
    messages.success(request, say(WITHDRAWN))
    return redirect("centre", found.centre_id)


def _counting(windows: list[Window]) -> list[tuple[Window, int, int]]:
    """With the days from today on, and those of them on which it is the last word."""
    found = []
    for window in windows:
        first = max(window.first_date, timezone.localdate())
        later = [(each.first_date, each.last_date) for each in windows if each.number > window.number]
        left = days_left(first, window.last_date, later)
        found.append((window, (window.last_date - first).days + 1, left))
    return found


def _form(request: HttpRequest, row: Centre) -> WindowForm:
    """Next week as it is declared so far; where nothing is, a shift of eight hours."""
    if request.method == "POST":
        return WindowForm(request.POST)
    monday = monday_of(timezone.localdate()) + timedelta(days=7)
    said = [hours for week in row.weeks if week.monday == monday for hours in week.days if hours is not None]
    return WindowForm(
        initial={
            "first_date": monday.strftime(DATE),
            "last_date": (monday + timedelta(days=6)).strftime(DATE),
            "day_hours": plain(max(said, default=min(Decimal(8), row.calendar.day_hours))),
        }
    )
