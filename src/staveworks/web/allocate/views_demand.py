"""Demand: lines of a season, uploaded or typed, with every fault by row and column."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import Invalid, StaveworksError
from staveworks.kit.industries import load_industries
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.demand_checking import WEEKS, number_of
from staveworks.mechanisms.dispatch.demand_columns import COLUMNS
from staveworks.mechanisms.dispatch.demand_reading import read_demand
from staveworks.mechanisms.dispatch.named_checking import FIRMS, parts
from staveworks.mechanisms.dispatch.run_queries import access_demand, list_demands, list_firms_to_name
from staveworks.mechanisms.dispatch.types.runs import DemandCard, DemandView
from staveworks.mechanisms.dispatch.usecases.save_demand import save_demand, save_line
from staveworks.web.allocate.forms import BATCH, FirstLineForm, LineForm, UploadForm
from staveworks.web.allocate.names import Names
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.figures import day
from staveworks.web.language import current, say
from staveworks.web.middleware import status_of
from staveworks.web.pages import page_of
from staveworks.web.sheets import sheet_response
from staveworks.web.words import put_error, tell

PAGE, FAULTS_SHOWN = 100, 100
STYLES = dict.fromkeys(("late_cost", "reject_cost", "min_lot", "max_lots", "grade"), "num opt") | {
    "id": "nowrap",
    "family": "named",
    "quantity": "num",
    "due": "num nowrap",
    "release": "num nowrap opt",
    "customer": "named opt",
    "city": "nowrap opt",
}
"""All others are ``opt``: a phone shows what the line is, and its form the rest."""
HEADS: Mapping[str, Text | str] = {
    "late_cost": Text(zh="每周迟交 元/单位", en="Lateness, ¥ a unit and week"),
    "reject_cost": Text(zh="不做 元/单位", en="Rejection, ¥ a unit"),
}
"""Of columns whose numbers say nothing without their unit."""
AMOUNTS = frozenset({"quantity", "min_lot"})
NAMED = {"family": "families", "city": "cities"}
"""Columns whose codes have names."""


@door("dispatch.read", to_change="dispatch.run")
def demands(request: HttpRequest) -> HttpResponse:
    """All of it; a sheet more, or a line by hand."""
    actor = actor_of(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            made = _take(actor, form.cleaned_data["file"], form.cleaned_data["name"])
        except Invalid as error:
            put_error(form, error)
            status = status_of(error)
        else:
            if not made.faults:
                messages.success(
                    request, tell("{n} 行都读懂了。", "All {n} lines can be read.", n=f"{made.lines:,}")
                )
            return redirect("dispatch_demand", made.id)
    return _list(request, status, form=form)


def _list(
    request: HttpRequest,
    status: int = 200,
    *,
    form: UploadForm | None = None,
    typed: FirstLineForm | None = None,
) -> HttpResponse:
    """``form``, ``typed``: what was refused."""
    actor = actor_of(request)
    may_run = actor.may("dispatch.run")
    shown = {
        "demands": list_demands(actor) if actor.may("dispatch.read") else [],
        "form": form or UploadForm(),
        "first_line": typed or (_first_line(actor) if may_run else None),
        "typing": typed is not None,
        "may_run": may_run,
    }
    return render(request, "allocate/demands.html", shown, status=status)


def _first_line(actor: Actor, data: QueryDict | None = None) -> FirstLineForm:
    return FirstLineForm(data, firms=_firms(actor, None), auto_id="first_%s")


@door("dispatch.run")
@require_POST
def typed(request: HttpRequest) -> HttpResponse:
    """A demand that begins with one line by hand."""
    actor = actor_of(request)
    form = _first_line(actor, request.POST)
    if not form.is_valid():
        return _list(request, 422, typed=form)
    line = {name: value for name, value in form.line().items() if value}
    name = form.cleaned_data[BATCH].strip() or day(timezone.localdate())
    try:
        made = save_demand(actor, name=name, tables={"lines": [line]})
    except Invalid as error:
        put_error(form, error)
        return _list(request, status_of(error), typed=form)
    messages.success(request, tell("已保存第一行，接着加。", "The first line is saved; go on with the next."))
    return redirect(reverse("dispatch_demand", args=[made.id]) + "?add=1#line")


def _take(actor: Actor, file: Any, name: str) -> DemandCard:
    called = Path(file.name or "lines.csv").name
    with tempfile.TemporaryDirectory(prefix="demand-") as folder:
        path = Path(folder) / f"sheet{Path(called).suffix.lower()}"
        with path.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        tables = read_demand(path, name=path.name)
    return save_demand(actor, name=name or Path(called).stem, tables=tables)


@door("dispatch.read")
@require_safe
def demand(request: HttpRequest, demand: UUID) -> HttpResponse:
    """Its rows and what is wrong with them."""
    return _page(request, demand)


def _page(request: HttpRequest, demand: UUID, *, form: LineForm | None = None) -> HttpResponse:
    """``form``: of a line that was refused."""
    actor = actor_of(request)
    view = access_demand(actor, demand)
    faulty = {fault.entry: fault for fault in reversed(view.card.faults) if fault.table == "lines"}
    at = _place(request, len(view.rows))
    names = Names({}, timezone.localdate())
    names.know("cities", {code for row in view.rows if (code := str(row.get("city", ""))).isdecimal()})
    names.know("firms", {firm for row in view.rows for column in FIRMS for firm in parts(row, column)})
    page = page_of(
        request.GET.get("page"),
        len(view.rows),
        lambda start, size: [
            (
                number,
                [(_cell(names, name, row), STYLES.get(name, "opt")) for name in view.columns],
                faulty.get(number),
            )
            for number, row in enumerate(view.rows[start : start + size], start)
        ],
        size=PAGE,
    )
    shown = {
        "demand": view.card,
        "columns": [
            (HEADS.get(name, COLUMNS.get(name, name)), STYLES.get(name, "opt")) for name in view.columns
        ],
        "counted_weeks": any(_is_counted(row.get(name)) for row in view.rows for name in WEEKS),
        "other_tables": any(fault.table != "lines" for fault in view.card.faults),
        "page": page,
        "faults": view.card.faults[:FAULTS_SHOWN],
        "more_faults": max(0, len(view.card.faults) - FAULTS_SHOWN),
        "line_form": form or _form(actor, view, at, names=names),
        "at": at,
        "editing": at is not None or form is not None or "add" in request.GET,
        "may_run": actor.may("dispatch.run"),
    }
    return render(request, "allocate/demand.html", shown, status=422 if form else 200)


def _form(
    actor: Actor,
    view: DemandView,
    at: int | None,
    data: QueryDict | None = None,
    *,
    names: Names | None = None,
) -> LineForm:
    """Of a line of the demand, or of a new one. ``names``: what is said by a code is named beside it."""
    firms = _firms(actor, view.card.id)
    row = None if at is None else view.rows[at]
    form = LineForm(data, firms=firms, row=row)
    if names and row:
        for column, kind in NAMED.items():
            code = str(row.get(column, ""))
            said = names.of(kind, code)
            form.fields[column].help_text = said if said != code else ""
    return form


def _firms(actor: Actor, demand: UUID | None) -> list[tuple[str, str]]:
    """Code and name of those that a line may name, by name; none where the actor may not read plans."""
    if not actor.may("dispatch.read"):
        return []
    found = list_firms_to_name(actor, demand).items()
    return sorted(
        ((code, name[current()] if name else code) for code, name in found), key=lambda firm: firm[1]
    )


def _is_counted(week: Any) -> bool:
    """A week by its number, not by a day."""
    return str(week if week is not None else "").strip().isdecimal()


def _unit(family: str) -> str:
    """Of a family by its code or either of its names, as a sheet may say it; empty where no industry pack knows it."""
    said = family.strip().lower()
    for each in load_industries().families.values():
        if said in (each.code, each.name.zh.lower(), each.name.en.lower()):
            return say(each.unit.name)
    return ""


def _cell(names: Names, column: str, row: Mapping[str, Any]) -> Any:
    """As it was sent, thousands apart and with the family's unit; a family or a place that was said by its code is named."""
    value = row.get(column, "")
    if column in FIRMS and value:
        return "; ".join(names.of("firms", each) for each in parts({column: value}, column))
    if column in AMOUNTS and (amount := number_of(value)) is not None:
        unit = _unit(str(row.get("family", "")))
        return f"{amount:,.3f}".rstrip("0").rstrip(".") + f" {unit}" * bool(unit)
    kind = NAMED.get(column)
    return names.of(kind, str(value)) if kind and value else value


def _place(request: HttpRequest, rows: int) -> int | None:
    """The row that is to be changed, counted from 0."""
    text = request.GET.get("row") or request.POST.get("row") or ""
    return int(text) if text.isdecimal() and int(text) < rows else None


@door("dispatch.run")
@require_POST
def line(request: HttpRequest, demand: UUID) -> HttpResponse:
    """One line typed, changed or taken out."""
    actor = actor_of(request)
    view = access_demand(actor, demand, "dispatch.run")
    at = _place(request, len(view.rows))
    form = _form(actor, view, at, request.POST)
    gone = "remove" in request.POST
    if not gone and not form.is_valid():
        return _page(request, demand, form=form)
    try:
        was = {} if at is None else view.rows[at]
        save_line(actor, demand=demand, row=at, line=None if gone else _sent(request, form, was))
    except StaveworksError as error:
        messages.error(request, say(error.text))
    else:
        messages.success(request, tell("已保存。", "Saved."))
    page = f"?page={at // PAGE + 1}" if at is not None else ""
    return redirect(reverse("dispatch_demand", args=[demand]) + page)


def _sent(request: HttpRequest, form: LineForm, was: Mapping[str, Any]) -> dict[str, str]:
    """What the form brought; an empty field only where that empties what stood there."""
    return {
        name: value
        for name, value in form.line().items()
        if (name in request.POST or name in FIRMS) and (value or name in was)
    }


@door("dispatch.read")
@require_safe
def sheet(request: HttpRequest, demand: UUID) -> HttpResponse:
    """Its lines as a workbook, with what is wrong in the last column: to be mended and sent again."""
    view = access_demand(actor_of(request), demand)
    wrong: dict[int | None, list[str]] = {}
    for fault in view.card.faults:
        if fault.table != "lines":
            continue
        label = say(COLUMNS[fault.column]) if fault.column in COLUMNS else fault.column or ""
        wrong.setdefault(fault.entry, []).append(f"{label} {say(fault.in_sheet)}".strip())
    headers = [say(COLUMNS[name]) if name in COLUMNS else name for name in view.columns]
    rows = [
        [*(row.get(name) for name in view.columns), " ".join(wrong.get(number, []))]
        for number, row in enumerate(view.rows)
    ]
    return sheet_response(view.card.name, [*headers, tell("要改的", "to mend")], rows)
