"""My capacity: what the firm's work centres can do, when they are free, and whether that is still right."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from staveworks.kit.errors import Refused
from staveworks.kit.industries import load_industries
from staveworks.mechanisms.dispatch.queries import my_capacity
from staveworks.mechanisms.dispatch.usecases.confirm_windows import confirm_windows
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.words import error_words, tell

STRIP = 6


@door("capacity.read")
def capacity(request: HttpRequest) -> HttpResponse:
    """The firm's own. One sentence, one next step."""
    actor = actor_of(request)
    found = my_capacity(actor, weeks=STRIP)
    industries = load_industries()
    centres = [(each, industries.operations.get(each.operation)) for each in found.centres]
    may_confirm = actor.may("capacity.confirm") and bool(found.windows)
    shown = {
        "capacity": found,
        "centres": centres,
        "may_declare": actor.may("capacity.declare"),
        "may_confirm": may_confirm,
        "confirm_now": may_confirm and (found.asks or found.stale),
        "confirmed_today": bool(found.confirmed_at and localdate(found.confirmed_at) == localdate()),
        "unsaid": next((each for each in found.centres if not any(week.said for week in each.weeks)), None),
        "room_left": found.standing.jobs - found.standing.accepted,
    }
    return render(request, "allocate/capacity.html", shown)


@door("capacity.confirm")
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """All of it, by one button."""
    try:
        done = confirm_windows(actor_of(request))
    except Refused as error:
        messages.error(request, error_words(error))
    else:
        messages.success(
            request,
            tell(
                "已确认，{n} 段空闲时间继续有效。",
                "Confirmed: {n} window of free time goes on.|Confirmed: {n} windows of free time go on.",
                n=done.windows,
            ),
        )
    return redirect("capacity")
