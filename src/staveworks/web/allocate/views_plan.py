"""The plan itself: as bars, as a table, to print, as a workbook; late lines, one line, staves."""

from collections.abc import Iterator
from itertools import chain
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.dispatch.domain.late import changes_of
from staveworks.mechanisms.dispatch.domain.plan import Plan
from staveworks.mechanisms.dispatch.run_queries import access_bars, access_plan, access_report, access_run
from staveworks.mechanisms.dispatch.types.runs import LineNotInRun, RunCard
from staveworks.web.allocate.names import Names
from staveworks.web.allocate.shown import late_rows, names_in, stave_rows
from staveworks.web.allocate.tried import Tried, forms_of
from staveworks.web.allocate.why import why_said
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.figures import number
from staveworks.web.pages import page_of
from staveworks.web.sheets import sheet_response
from staveworks.web.words import tell

PAGE, MOST_PRINTED = 100, 3_000


@door("dispatch.read")
@require_safe
def bars(request: HttpRequest, run: UUID) -> HttpResponse:
    """For the canvas, as it was worked out once: zlib is what HTTP calls deflate."""
    response = HttpResponse(access_bars(actor_of(request), run), content_type="application/json")
    response["Content-Encoding"] = "deflate"
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def open_plan(actor: Actor, run: UUID) -> tuple[RunCard, Plan, Names]:
    """A plan whose names are known."""
    card = access_run(actor, run)
    plan, said = access_plan(actor, run)
    names = Names(said, card.first_date)
    names.know("cities", plan.problem.cities)
    names.know("firms", plan.problem.firms)
    return card, plan, names


def _row(plan: Plan, names: Names, at: int) -> dict[str, Any]:
    problem, made = plan.problem, plan.result.allocations
    centre, bucket = int(made.work_centre[at]), int(made.bucket[at])
    return {
        "line": problem.lines.ids[made.line[at]],
        "lot": int(made.lot[at]) + 1,
        "step": int(made.step[at]) + 1,
        "family": names.of("families", problem.families.ids[problem.lines.family[made.line[at]]]),
        "operation": names.of("operations", problem.operations[plan.operation[at]]),
        "city": names.of("cities", problem.cities[plan.city[at]]),
        "firm": names.of("firms", problem.firms[plan.firm[at]]),
        "firm_id": problem.firms[plan.firm[at]],
        "centre": names.of("centres", problem.work_centres.ids[centre]),
        "centre_id": problem.work_centres.ids[centre],
        "bucket": bucket,
        "week": names.week(bucket),
        "monday": names.monday(bucket),
        "quantity": round(float(made.quantity[at]), 3),
        "unit": names.unit(problem.families.ids[problem.lines.family[made.line[at]]]),
        "hours": round(float(plan.hours[at]), 2),
        "late": int(plan.lateness[at]),
    }


@door("dispatch.read")
@require_safe
def plan(request: HttpRequest, run: UUID) -> HttpResponse:
    """The plan as a table, by operation where one is chosen."""
    card, opened, names = open_plan(actor_of(request), run)
    wanted = request.GET.get("operation", "")
    places = [
        at
        for at, operation in enumerate(opened.operation.tolist())
        if not wanted or opened.problem.operations[operation] == wanted
    ]
    if "print" in request.GET:
        return render(request, "allocate/plan_print.html", _handed_out(card, opened, names, places))
    page = page_of(
        request.GET.get("page"),
        len(places),
        lambda start, size: [_row(opened, names, at) for at in places[start : start + size]],
        size=PAGE,
    )
    chips = [{"url": "?", "label": tell("全部", "All"), "current": not wanted, "count": None}]
    chips += [
        {
            "url": f"?{urlencode({'operation': each})}",
            "label": names.of("operations", each),
            "current": each == wanted,
            "count": None,
        }
        for each in opened.problem.operations
    ]
    shown = {"run": card, "page": page, "chips": chips, "total": len(places)}
    return render(request, "allocate/plan.html", shown)


def _handed_out(card: RunCard, opened: Plan, names: Names, places: list[int]) -> dict[str, Any]:
    """A sheet for each firm, its work by week: what a planner prints."""
    firms: dict[str, list[dict[str, Any]]] = {}
    for at in places[:MOST_PRINTED]:
        row = _row(opened, names, at)
        firms.setdefault(row["firm"], []).append(row)
    return {
        "run": card,
        "sheets": [
            (firm, sorted(rows, key=lambda row: row["bucket"]), sum(row["hours"] for row in rows))
            for firm, rows in sorted(firms.items())
        ],
        "total": len(places),
        "left_out": max(0, len(places) - MOST_PRINTED),
    }


@door("dispatch.read")
@require_safe
def workbook(request: HttpRequest, run: UUID) -> HttpResponse:
    """The whole plan as a workbook, what isn't made at its end."""
    actor = actor_of(request)
    card, opened, names = open_plan(actor, run)
    _, said = access_report(actor, run)
    headers = [
        tell(zh, en)
        for zh, en in (
            ("订单行", "line"),
            ("批", "lot"),
            ("工序号", "step"),
            ("产品", "family"),
            ("工序", "operation"),
            ("城市", "city"),
            ("企业", "firm"),
            ("工作中心", "work centre"),
            ("周", "week"),
            ("星期一", "Monday"),
            ("数量", "quantity"),
            ("单位", "unit"),
            ("工时", "hours"),
            ("迟交周数", "weeks late"),
            ("客户", "customer"),
            ("说明", "note"),
        )
    ]
    customers = said.get("customers", {})
    keys = (
        *("line", "lot", "step", "family", "operation", "city", "firm", "centre"),
        *("week", "monday", "quantity", "unit", "hours", "late"),
    )
    made = (_row(opened, names, at) for at in range(len(opened.result.allocations)))
    rows = (
        [*(row.get(key) for key in keys), customers.get(row["line"], ""), row.get("note", "")]
        for row in chain(made, _not_made(opened, names))
    )
    return sheet_response(card.name, headers, rows)


def _not_made(plan: Plan, names: Names) -> Iterator[dict[str, Any]]:
    """Lines that aren't made, or not in full: with the quantity that nobody makes."""
    lines = plan.problem.lines
    for at in plan.is_rejected.nonzero()[0].tolist():
        family = plan.problem.families.ids[lines.family[at]]
        yield {
            "line": lines.ids[at],
            "family": names.of("families", family),
            "quantity": round(float(plan.result.lines.rejected[at]), 3),
            "unit": names.unit(family),
            "note": tell("没有排上", "not made"),
        }


@door("dispatch.read")
@require_safe
def late(request: HttpRequest, run: UUID) -> HttpResponse:
    """All late and rejected lines, with why and the smallest change."""
    actor = actor_of(request)
    card = access_run(actor, run)
    report, said = access_report(actor, run)
    rows = late_rows(report, names_in(card, report, said), said, weeks=card.buckets)
    page = page_of(request.GET.get("page"), len(rows), lambda at, size: rows[at : at + size], size=PAGE)
    shown = {
        "run": card,
        "page": page,
        "total": len(rows),
        "knows_worked": report.get("knows_working_hours"),
    }
    return render(request, "allocate/late.html", shown)


@door("dispatch.read")
@require_safe
def staves(request: HttpRequest, run: UUID) -> HttpResponse:
    """Everything that is short, the dearest first."""
    actor = actor_of(request)
    card = access_run(actor, run)
    report, said = access_report(actor, run)
    rows = stave_rows(report, names_in(card, report, said))
    return render(request, "allocate/staves.html", {"run": card, "staves": rows})


@door("dispatch.read")
@require_safe
def line(request: HttpRequest, run: UUID) -> HttpResponse:
    """One line: its lots, why it is late, and the same what-ifs as dragging its bars, by form."""
    return page_of_line(request, run, request.GET.get("line", ""))


def page_of_line(request: HttpRequest, run: UUID, wanted: str, *, tried: Tried | None = None) -> HttpResponse:
    """``tried``: a what-if that was refused."""
    actor = actor_of(request)
    card, opened, names = open_plan(actor, run)
    ids = list(opened.problem.lines.ids)
    if wanted not in ids:
        raise LineNotInRun
    at = ids.index(wanted)
    report, said = access_report(actor, run)
    bad = next((row for row in report["late"] if row["line"] == wanted), None)
    why = bad and {**bad, "changes": changes_of(opened, at)}
    reasons = why and {**why, **why_said(why, names, weeks=card.buckets)}
    rows = [_row(opened, names, int(each)) for each in _rows_of(opened, at)]
    lines = opened.problem.lines
    unit = names.unit(opened.problem.families.ids[lines.family[at]])
    shown = {
        "run": card,
        "line": wanted,
        "customer": said.get("customers", {}).get(wanted, ""),
        "family": names.of("families", opened.problem.families.ids[lines.family[at]]),
        "city": names.of("cities", opened.problem.cities[lines.city[at]]),
        "quantity": float(lines.quantity[at]),
        "quantity_said": f"{number(lines.quantity[at])} {unit}".strip(),
        "due": int(lines.due[at]),
        "due_when": names.in_week(int(lines.due[at])),
        "unit": unit,
        "reasons": reasons,
        "knows_worked": report.get("knows_working_hours"),
        "rows": [{**row, "places": _places(opened, names, at, row), **_to(row, tried)} for row in rows],
        "asks": forms_of({"due": {"due": int(lines.due[at])}}, tried),
        "refused": tried and tried.text,
        "weeks": [(bucket, names.when(bucket)) for bucket in range(card.buckets)],
        "may_ask": actor.may("dispatch.run") and not card.withdrawn_at,
    }
    return render(request, "allocate/line.html", shown, status=tried.status if tried else 200)


def _to(row: dict[str, Any], tried: Tried | None) -> dict[str, Any]:
    """Where a step's form says it is to go: where it is, or where it was to go when that was refused."""
    to = {"work_centre": row["centre_id"], "bucket": row["bucket"]}
    if tried and tried.form == "pin":
        asked = tried.change
        if (asked.get("lot"), asked.get("step")) == (row["lot"] - 1, row["step"] - 1):
            to |= {**asked, "error": tried.text, "at": tried.field}
    return {"to": to}


def _rows_of(plan: Plan, line: int) -> Any:
    return (plan.result.allocations.line == line).nonzero()[0]


def _places(plan: Plan, names: Names, line: int, row: dict[str, Any]) -> list[tuple[str, str]]:
    """Work centres that can do the step, its own first."""
    from staveworks.mechanisms.dispatch.domain.sharing import centres_for

    problem = plan.problem
    own = list(problem.work_centres.ids).index(row["centre_id"])
    found = [own, *(each for each in centres_for(plan, line, own) if each != own)]
    return [
        (
            problem.work_centres.ids[each],
            " · ".join(
                dict.fromkeys(
                    (
                        names.of("firms", problem.firms[problem.work_centres.firm[each]]),
                        names.of("centres", problem.work_centres.ids[each]),
                        names.of("cities", problem.cities[problem.work_centres.city[each]]),
                    )
                )
            ),
        )
        for each in found
    ]
