"""The calendar of what an organisation lends by the hour: its resources, the week of one, the day of all, closing, the feed."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError
from staveworks.kit.printing import print_pdf
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.feed import read_feed
from staveworks.mechanisms.booking.free import first_free
from staveworks.mechanisms.booking.queries import access_bookable, has_feed, list_waiting, plan_day, plan_days
from staveworks.mechanisms.booking.types import Closed, DayPlan, Resource
from staveworks.mechanisms.booking.usecases.close_for import close_for, reopen
from staveworks.mechanisms.booking.usecases.keep_resource import change_bookable, register_bookable
from staveworks.mechanisms.booking.usecases.make_feed import end_feed, make_feed
from staveworks.trade.catalogue.queries import list_own_offers
from staveworks.trade.catalogue.types import OfferState
from staveworks.trade.orders.types import LineState
from staveworks.web.asking import actor_of
from staveworks.web.deliver.calendar_forms import CloseForm, ResourceForm, initial_of
from staveworks.web.deliver.views_counter import arrival_address
from staveworks.web.deliver.week import clock_of, day_name, draw_week, said_hours, words_of
from staveworks.web.doors import door, door_public
from staveworks.web.join.growth.posters import qr_svg
from staveworks.web.language import current, say
from staveworks.web.middleware import status_of
from staveworks.web.papers import paper_response
from staveworks.web.typed import day_of
from staveworks.web.words import put_error, tell

SHEET = Path(__file__).with_name("daysheet.typ")
ICS = "text/calendar; charset=utf-8"


@door("line.serve")
def calendar(request: HttpRequest) -> HttpResponse:
    """What is lent, with what comes next."""
    actor, today, now = actor_of(request), timezone.localdate(), timezone.now()
    rows = [
        {"resource": resource, "next": first_free(resource, now=now), "today": len(plan.bookings)}
        for resource, plan in plan_day(actor, day=today)
    ]
    return render(
        request,
        "deliver/calendar.html",
        {"rows": rows, "may_make": actor.may("offer.manage"), "today": today},
    )


@door("offer.manage")
def new(request: HttpRequest) -> HttpResponse:
    form = ResourceForm(request.POST or None, offers=_trainings(actor_of(request)))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            made = register_bookable(
                actor_of(request), details=form.details(), units=form.cleaned_data["units"]
            )
        except StaveworksError as error:
            _put(form, error)
            status = status_of(error)
        else:
            messages.success(request, tell("已登记，可以在服务里选它。", "It is there; offers can name it."))
            return redirect("calendar_week", made)
    return render(request, "deliver/resource.html", {"form": form, "resource": None}, status=status)


@door("offer.manage")
def edit(request: HttpRequest, bookable: UUID) -> HttpResponse:
    actor = actor_of(request)
    resource = access_bookable(actor, resource_id=bookable, right="offer.manage")
    form = ResourceForm(request.POST or None, initial=initial_of(resource), offers=_trainings(actor))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            change_bookable(
                actor, resource_id=bookable, details=form.details(), units=form.cleaned_data["units"]
            )
        except StaveworksError as error:
            _put(form, error)
            status = status_of(error)
        else:
            messages.success(request, tell("已保存。约好的不变。", "Saved. What is booked stays as it was."))
            return redirect("calendar_week", bookable)
    return render(request, "deliver/resource.html", {"form": form, "resource": resource}, status=status)


def _trainings(actor: Actor) -> list[tuple[UUID, Text]]:
    """What may be named as the training: the organisation's published offers."""
    return [(each.id, each.title) for each in list_own_offers(actor) if each.state is OfferState.PUBLISHED]


def _put(form: ResourceForm, error: StaveworksError) -> None:
    """What is wrong in a rule stands at the field with the lines."""
    renamed = {"opening.rules": "opening", "opening.specials": "specials", "capacity": "units"}
    renamed |= {"firm_minutes": "firm_hours", "person_minutes": "person_hours"}
    for path, field in renamed.items():
        if error.field and error.field.startswith(path):
            error.field = field
    put_error(form, error)


@door("line.serve")
def week(request: HttpRequest, bookable: UUID) -> HttpResponse:
    """Seven days from a Monday, and a form to close it."""
    actor = actor_of(request)
    resource = access_bookable(actor, resource_id=bookable)
    form = CloseForm(request.POST or None, resource=resource)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        asked = form.cleaned_data
        try:
            closed = close_for(
                actor,
                resource_id=bookable,
                during=asked["during"],
                reason=asked["reason"],
                unit=asked.get("unit"),
            )
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
        else:
            messages.success(request, _told(closed))
            return redirect(
                f"{reverse('calendar_week', args=[bookable])}?from={_monday(asked['during'].starts_at.date())}"
            )
    first = _monday(_day(request.GET.get("from")) or timezone.localdate())
    plans = plan_days(actor, resource_id=bookable, first=first, days=7)
    return render(
        request,
        "deliver/week.html",
        _week_context(resource, plans, form, actor.may("offer.manage"))
        | {
            "waiting": list_waiting(actor, resource_id=bookable),
            "feed": has_feed(actor, resource_id=bookable),
        },
        status=status,
    )


def _week_context(
    resource: Resource, plans: list[DayPlan], form: CloseForm, may_make: bool
) -> dict[str, Any]:
    language, first = current(), plans[0].day
    drawn = draw_week(resource, plans, language)
    return {
        "resource": resource,
        "plans": [
            (
                plan,
                day_name(plan.day, language),
                said_hours(resource, plan.opened, language),
                _rows(resource, plan),
            )
            for plan in plans
        ],
        "drawn": mark_safe(drawn),  # noqa: S308 - every label is escaped where it is drawn
        "form": form,
        "may_make": may_make,
        "before": first - timedelta(days=7),
        "after": first + timedelta(days=7),
        "this": _monday(timezone.localdate()),
        "first": first,
        "booked": sum(len(plan.bookings) for plan in plans),
        "provisional": any(plan.provisional for plan in plans),
    }


def _rows(resource: Resource, plan: DayPlan) -> list[dict[str, Any]]:
    language = current()
    return [
        {
            "line": booking.line_id,
            "hours": said_hours(resource, [booking.during], language),
            "who": words_of(booking, language),
            "units": booking.units,
            "state": LineState(booking.state).text if booking.state in list(LineState) else None,
        }
        for booking in plan.bookings
    ]


def _told(closed: Closed) -> str:
    if not closed.displaced:
        return tell("已停用，没有人要改约。", "Closed; nobody had to make way.")
    return tell(
        "已停用。{n} 个预约让开了，对方已知道哪些时间可以改约。",
        "Closed. {n} booking made way; its buyer knows what is free instead.|"
        "Closed. {n} bookings made way; their buyers know what is free instead.",
        n=len(closed.displaced),
    )


@door("line.serve")
@require_POST
def open_again(request: HttpRequest, bookable: UUID, closing: UUID) -> HttpResponse:
    reopen(actor_of(request), resource_id=bookable, chain_id=closing)
    messages.success(request, tell("已恢复开放。", "Open again."))
    return redirect("calendar_week", bookable)


@door("offer.manage")
@require_POST
def feed(request: HttpRequest, bookable: UUID) -> HttpResponse:
    """A new address for calendar programs, shown once; or none any more."""
    actor = actor_of(request)
    resource = access_bookable(actor, resource_id=bookable, right="offer.manage")
    if "end" in request.POST:
        end_feed(actor, resource_id=bookable)
        messages.success(request, tell("日历地址已停用。", "The calendar address is no longer good."))
        return redirect("calendar_week", bookable)
    token = make_feed(actor, resource_id=bookable)
    address = request.build_absolute_uri(reverse("calendar_feed", args=[token]))
    return render(request, "deliver/feed.html", {"resource": resource, "address": address})


@door_public
def ics(request: HttpRequest, token: str) -> HttpResponse:
    """The feed itself: whoever has the address reads it, no cache keeps it."""
    response = HttpResponse(read_feed(token, language=current()), content_type=ICS)
    response["Content-Disposition"] = 'inline; filename="bookings.ics"'
    response["Cache-Control"] = "private, no-store"
    return response


@door("line.serve")
def day_sheet(request: HttpRequest) -> HttpResponse:
    """The day of everything as a PDF to hang up: who comes when, with a code that opens the booking to check in."""
    day = _day(request.GET.get("day")) or timezone.localdate()
    language = current()
    groups = []
    for resource, plan in plan_day(actor_of(request), day=day):
        rows = [
            {
                "hours": said_hours(resource, [booking.during], language),
                "who": words_of(booking, language),
                "units": ", ".join(str(unit) for unit in booking.units) if resource.units > 1 else "",
                "qr": qr_svg(arrival_address(request, booking.line_id)),
            }
            for booking in plan.bookings
            if booking.line_id
        ]
        closings = [
            f"{clock_of(resource, c.during.starts_at)} – {clock_of(resource, c.during.ends_at)} · {c.reason}"
            for c in plan.closings
        ]
        groups.append(
            {
                "title": str(say(resource.name)),
                "place": resource.place,
                "hours": said_hours(resource, plan.opened, language) or tell("不开放", "closed"),
                "rows": rows,
                "closings": closings,
            }
        )
    title = tell("当日预约", "Bookings of the day")
    values: dict[str, object] = {
        "language": language,
        "title": title,
        "day": day_name(day, language),
        "groups": groups,
        "heads": [tell("时间", "Time"), tell("谁", "Who"), tell("第几个", "Unit"), tell("签到", "Check in")],
        "none": tell("没有预约。", "Nothing booked."),
        "scan": tell("用手机扫码，按一下“签到”。", "Scan with a phone and press “Check in”."),
    }
    content = print_pdf(SHEET, values, at=timezone.now().replace(hour=0, minute=0, second=0, microsecond=0))
    return paper_response(content, f"{title} {day}")


def _day(text: str | None) -> date | None:
    if not text:
        return None
    day = day_of(text)
    if day is None:
        raise Http404
    return day


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
