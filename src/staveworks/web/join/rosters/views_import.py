"""From file to firms: columns, preview, start, progress, stop."""

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from staveworks.foundation.rosters import previewing, queries
from staveworks.foundation.rosters.columns import FIELDS
from staveworks.foundation.rosters.domain import has_names
from staveworks.foundation.rosters.types import RosterCard, RosterState
from staveworks.foundation.rosters.usecases.discard_roster import discard_roster
from staveworks.foundation.rosters.usecases.map_columns import map_columns
from staveworks.foundation.rosters.usecases.start_import import SILENT, start_import
from staveworks.foundation.rosters.usecases.stop_import import stop_import
from staveworks.kit.errors import Invalid, Refused
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.join.rosters.forms import ColumnsForm
from staveworks.web.join.rosters.shown import segments, steps, time_left
from staveworks.web.words import put_error, tell


@door("roster.import")
def columns(request: HttpRequest, roster: UUID) -> HttpResponse:
    """Which column is which: the guess, to be corrected beside the first rows."""
    actor = actor_of(request)
    card = queries.access_roster(actor, roster, "roster.import")
    if card.state is not RosterState.MAPPED:
        return redirect("roster", roster)
    form = ColumnsForm(card, previewing.list_samples(actor, roster=roster), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            map_columns(actor, roster=roster, mapping=form.mapping)
        except (Invalid, Refused) as error:
            put_error(form, error)
        else:
            return redirect("roster_preview", roster)
    shown = {"form": form, "roster": card, "steps": _steps(card, 1)}
    return render(request, "rosters/columns.html", shown, status=422 if form.is_bound else 200)


@door("roster.import")
@require_safe
def preview(request: HttpRequest, roster: UUID) -> HttpResponse:
    """The first rows as they will load, and what will not."""
    actor = actor_of(request)
    card = queries.access_roster(actor, roster, "roster.import")
    if card.state is not RosterState.MAPPED:
        return redirect("roster", roster)
    mapping = {str(sheet.index): sheet.columns for sheet in card.sheets if sheet.used}
    if not has_names(mapping):
        return redirect("roster_columns", roster)
    used = {field for columns in mapping.values() for field in columns}
    found = previewing.preview_roster(actor, roster=roster)
    shown = {
        "roster": card,
        "preview": found,
        "fields": [(field, label) for field, label in FIELDS.items() if field in used],
        "rows": [(row, {issue.field: issue for issue in row.issues}) for row in found.rows],
        "steps": _steps(card, 2),
    }
    return render(request, "rosters/preview.html", shown)


@door("roster.import")
@require_POST
def start(request: HttpRequest, roster: UUID) -> HttpResponse:
    """Start or go on; a job does the work while the page shows it."""
    start_import(actor_of(request), roster=roster)
    return redirect("roster", roster)


@door("roster.import")
@require_POST
def stop(request: HttpRequest, roster: UUID) -> HttpResponse:
    """Stop after the rows being imported right now."""
    actor = actor_of(request)
    with suppress(Refused):  # it may have ended by itself just now
        stop_import(actor, roster=roster)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": reverse("roster", args=[roster])})
    return redirect("roster", roster)


@door("roster.read")
@require_safe
def progress(request: HttpRequest, roster: UUID) -> HttpResponse:
    """The running import, asked for every two seconds; when it has ended the page is loaded anew."""
    card = queries.access_roster(actor_of(request), roster)
    if card.state is not RosterState.RUNNING:
        return HttpResponse(headers={"HX-Redirect": reverse("roster", args=[roster])})
    return render(request, "rosters/progress.html", progress_of(card))


def progress_of(card: RosterCard) -> dict[str, object]:
    from django.utils import timezone

    silent = card.touched_at is None or timezone.now() - card.touched_at > SILENT
    return {"roster": card, "left": time_left(card), "segments": segments(card), "silent": silent}


@door("roster.import")
@require_POST
def discard(request: HttpRequest, roster: UUID) -> HttpResponse:
    """Put the list away; nothing was imported."""
    discard_roster(actor_of(request), roster=roster)
    messages.success(request, tell("已移除，没有导入任何企业。", "Discarded. No firm was imported."))
    return redirect("rosters")


def _steps(card: RosterCard, now: int) -> list[tuple[object, str | None, str]]:
    urls = (reverse("roster_columns", args=[card.id]), reverse("roster_preview", args=[card.id]))
    return [*steps(card, now, urls)]
