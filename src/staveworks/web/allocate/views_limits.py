"""The dispatcher's table of work centres, with what is stale, expired or on trial; lifting the limit of a new firm."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.backends.utils import csrf_input
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST

from staveworks.kit.errors import StaveworksError
from staveworks.kit.industries import load_industries
from staveworks.mechanisms.dispatch.overview_queries import CentreRow
from staveworks.mechanisms.dispatch.queries import list_dispatch_centres
from staveworks.mechanisms.dispatch.usecases.lift_limit import lift_limit
from staveworks.web.allocate.capacity_forms import LimitForm
from staveworks.web.allocate.limit_rows import limit_card, printed
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.forms import drawn
from staveworks.web.middleware import status_of
from staveworks.web.pages import page_of
from staveworks.web.words import put_error, tell

SIZE = 30
IN_STATE: dict[str, Callable[[CentreRow], bool]] = {
    "stale": lambda row: row.stale > 0,
    "expired": lambda row: row.expired > 0,
    "trial": lambda row: row.standing.on_trial,
}
ANY = "any-firm"
"""Stands for the firm in the ids of a field of reasons: a page has forty, alike but for these, and is drawn one."""


@door("capacity.dispatch")
def firms(request: HttpRequest) -> HttpResponse:
    """All of them, or those in one state. Opening it is a look that the firms see."""
    return _page(request)


@door("capacity.dispatch")
@require_POST
def limit(request: HttpRequest, trial_firm: UUID) -> HttpResponse:
    """Lift it, or hold the firm to it again; both with a reason that the firm may ask for."""
    form, status = LimitForm(request.POST, auto_id=f"{trial_firm}_%s"), 422
    lifted = request.POST.get("act") != "restore"
    if form.is_valid():
        try:
            lift_limit(
                actor_of(request), firm_id=trial_firm, lifted=lifted, reason=form.cleaned_data["reason"]
            )
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
        else:
            done = (
                tell("已放开，马上生效。", "Lifted, from now on.")
                if lifted
                else tell("已恢复试单限额。", "Held to the limit again.")
            )
            messages.success(request, done)
            return redirect("dispatch_capacity")
    return _page(request, tried=(trial_firm, form), status=status)


def _page(
    request: HttpRequest, *, tried: tuple[UUID, LimitForm] | None = None, status: int = 200
) -> HttpResponse:
    found, operations = list_dispatch_centres(actor_of(request)), load_industries().operations
    asked = request.GET.get("state", "")
    by_state = {state: [row for row in found if holds(row)] for state, holds in IN_STATE.items()}
    words = " ".join(request.GET.get("q", "").split())
    chosen = [row for row in by_state.get(asked, found) if _is_called(row, words.lower())]
    page = page_of(
        request.GET.get("page"), len(chosen), lambda start, size: chosen[start : start + size], size=SIZE
    )
    trials = {row.firm: row for row in page if row.standing.on_trial or row.standing.reason}
    shown = {
        "page": page,
        "rows": printed((row, operations.get(row.operation)) for row in page),
        "trials": _cards(request, trials, tried),
        "count": {state: len(rows) for state, rows in by_state.items()},
        "total": len(found),
        "firms": len({row.firm for row in found}),
        "asked": asked,
        "words": words,
        "tried": tried is not None,
    }
    return render(request, "allocate/dispatch_capacity.html", shown, status=status)


def _is_called(row: CentreRow, words: str) -> bool:
    """Firm, in either language, or work centre."""
    return any(words in name.lower() for name in (row.firm_name.zh, row.firm_name.en, row.name))


def _cards(
    request: HttpRequest, trials: Mapping[UUID, CentreRow], tried: tuple[UUID, LimitForm] | None
) -> list[SafeString]:
    token, blank = csrf_input(request), drawn(LimitForm(auto_id=f"{ANY}_%s")["reason"])
    cards = []
    for firm, row in trials.items():
        form = tried[1] if tried and tried[0] == firm else None
        fields = (
            render_to_string("allocate/limit_tried.html", {"form": form})
            if form
            else mark_safe(blank.replace(ANY, str(firm)))  # noqa: S308
        )
        cards.append(limit_card(row, fields, token, is_open=form is not None))
    return cards
