"""The lists: all of them, a new one, one with its rows."""

import io
import tempfile
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import get_valid_filename
from django.views.decorators.http import require_safe

from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters import queries
from staveworks.foundation.rosters.duplicates import count_pairs
from staveworks.foundation.rosters.export import export_rows
from staveworks.foundation.rosters.types import OUTCOME_TEXTS, Outcome, RosterCard, RosterState
from staveworks.foundation.rosters.usecases.upload_roster import upload_roster
from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.join.rosters.forms import UploadForm
from staveworks.web.join.rosters.shown import STATE_KINDS, segments
from staveworks.web.language import current
from staveworks.web.pages import page_of
from staveworks.web.words import tell

PAGE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@door("roster.read")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All lists with what became of them."""
    actor = actor_of(request)
    rosters = queries.list_rosters(actor)
    lines = [(roster, STATE_KINDS[roster.state], segments(roster)) for roster in rosters]
    shown = {"lines": lines, "open_pairs": count_pairs(actor), "actor": actor}
    return render(request, "rosters/index.html", shown)


@door("roster.import")
def upload(request: HttpRequest) -> HttpResponse:
    """Take in one or several files: readable ones are kept, each other one is named with its reason."""
    actor = actor_of(request)
    actor.require("roster.import")
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "rosters/upload.html", {"form": form}, status=422 if form.is_bound else 200)
    taken, refused = _take(actor, form.cleaned_data["lists"])
    for name, reason in refused:
        form.add_error("lists", f"{name}: {reason.in_language(current())}")
    if refused:
        return render(request, "rosters/upload.html", {"form": form, "taken": taken}, status=422)
    if len(taken) == 1:
        return redirect("roster_columns", taken[0].id)
    messages.success(request, tell("{n} 份名册已收下。", "{n} lists are in.", n=len(taken)))
    return redirect("rosters")


def _take(
    actor: Actor, files: "list[UploadedFile[bytes]]"
) -> tuple[list[RosterCard], list[tuple[str, Text]]]:
    taken, refused = [], []
    for file in files:
        name = Path(file.name or "list").name
        try:
            taken.append(_keep(actor, file, name))
        except Invalid as error:
            refused.append((name, error.text))
    return taken, refused


def _keep(actor: Actor, file: "UploadedFile[bytes]", name: str) -> RosterCard:
    with tempfile.NamedTemporaryFile(prefix="staveworks-") as copy:
        for piece in file.chunks():
            copy.write(piece)
        copy.flush()
        return upload_roster(actor, path=Path(copy.name), name=name)


@door("roster.read")
@require_safe
def detail(request: HttpRequest, roster: UUID) -> HttpResponse:
    """Where the list stands: the next step before the import, progress during it, outcomes after it."""
    actor = actor_of(request)
    card = queries.access_roster(actor, roster)
    if card.state is RosterState.MAPPED:
        return redirect("roster_columns", roster)
    outcome = _outcome(request)
    page = page_of(
        request.GET.get("page"),
        getattr(card.counts, outcome.value) if outcome else card.counts.rows,
        lambda start, size: queries.list_rows(
            actor, roster=roster, outcome=outcome, limit=size, offset=start
        ),
        size=PAGE,
    )
    shown = {
        "roster": card,
        "segments": segments(card),
        "page": page,
        "chips": _chips(card, outcome),
        "outcome": outcome,
        "kinds": ROW_KINDS,
        "may_import": actor.may("roster.import"),
        "may_decide": actor.may("duplicate.decide"),
    }
    return render(request, "rosters/detail.html", shown)


ROW_KINDS = {
    Outcome.LOADED: "done",
    Outcome.MERGED: "done",
    Outcome.QUEUED: "waiting",
    Outcome.REFUSED: "over",
}


def _outcome(request: HttpRequest) -> Outcome | None:
    wanted = request.GET.get("outcome", "")
    return Outcome(wanted) if wanted in set(Outcome) else None


def _chips(card: RosterCard, now: Outcome | None) -> list[dict[str, object]]:
    chips: list[dict[str, object]] = [
        {"label": Text(zh="全部", en="All"), "url": "?", "count": card.counts.rows, "current": now is None}
    ]
    for outcome in Outcome:
        count = getattr(card.counts, outcome.value)
        label, url = OUTCOME_TEXTS[outcome], f"?outcome={outcome.value}"
        chips.append({"label": label, "url": url, "count": count, "current": now is outcome})
    return chips


@door("roster.read")
@require_safe
def corrections(request: HttpRequest, roster: UUID) -> HttpResponse:
    """The workbook of refused rows and unreadable cells, to be corrected and loaded again."""
    actor = actor_of(request)
    card = queries.access_roster(actor, roster)
    file = io.BytesIO()
    queries.export_corrections(actor, roster=roster, file=file)
    return _workbook(file, tell("{name}-更正.xlsx", "{name}-corrections.xlsx", name=Path(card.name).stem))


@door("roster.read")
@require_safe
def rows_workbook(request: HttpRequest, roster: UUID) -> HttpResponse:
    """The rows as the page shows them, with the same filter."""
    actor = actor_of(request)
    card = queries.access_roster(actor, roster)
    file = io.BytesIO()
    export_rows(actor, roster=roster, outcome=_outcome(request), file=file, language=current())
    return _workbook(file, tell("{name}-结果.xlsx", "{name}-outcomes.xlsx", name=Path(card.name).stem))


def _workbook(file: io.BytesIO, name: str) -> HttpResponse:
    response = HttpResponse(file.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = _attachment(name)
    return response


def _attachment(name: str) -> str:
    from django.utils.http import content_disposition_header

    return content_disposition_header(as_attachment=True, filename=get_valid_filename(name)) or "attachment"
