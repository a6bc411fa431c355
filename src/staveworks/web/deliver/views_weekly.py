"""Weekly capacity: how many units a week, and how full the weeks to come are."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.usecases.keep_weekly import change_weekly, keep_weekly
from staveworks.mechanisms.tasks.weekly_queries import access_weekly, list_weekly
from staveworks.web.asking import actor_of
from staveworks.web.deliver.stock_forms import UnitsForm, WeeklyForm
from staveworks.web.doors import door
from staveworks.web.language import say
from staveworks.web.middleware import status_of
from staveworks.web.words import put_error

KEPT = Text(zh="已登记，可以在服务里选它。", en="It is there; offers can name it.")
CHANGED = Text(zh="已改。已订的不变。", en="Changed. What is ordered stays.")


@door("line.serve", to_change="offer.manage")
def weekly(request: HttpRequest) -> HttpResponse:
    """All of the organisation's; one more."""
    actor = actor_of(request)
    form, status = WeeklyForm(request.POST or None), 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            keep_weekly(actor, name=form.name_text(), units=form.cleaned_data["units"])
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
        else:
            messages.success(request, say(KEPT))
            return redirect("weekly")
    return _page(request, form, status=status)


@door("offer.manage")
@require_POST
def change(request: HttpRequest, weekly: UUID) -> HttpResponse:
    """More or less of it."""
    actor = actor_of(request)
    access_weekly(actor, weekly_id=weekly)
    form, status = UnitsForm(request.POST, auto_id=f"{weekly}_%s"), 422
    if form.is_valid():
        try:
            change_weekly(actor, weekly_id=weekly, units=form.cleaned_data["units"])
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
        else:
            messages.success(request, say(CHANGED))
            return redirect("weekly")
    return _page(request, WeeklyForm(), tried=(weekly, form), status=status)


def _page(
    request: HttpRequest,
    form: WeeklyForm,
    *,
    tried: tuple[UUID, UnitsForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    found = list_weekly(actor) if actor.may("line.serve") else []
    rows = [
        (
            each,
            tried[1] if tried and tried[0] == each.id else UnitsForm.of(each),
            bool(tried and tried[0] == each.id),
        )
        for each in found
    ]
    full = sum(each.weeks[0].taken >= each.weeks[0].units for each in found)
    shown = {"rows": rows, "full": full, "form": form, "may_keep": actor.may("offer.manage")}
    return render(request, "deliver/weekly.html", shown, status=status)
