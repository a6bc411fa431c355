"""My barrel: the picture, what binds, the best question; one plank in detail; the same as a workbook."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from staveworks.cluster.barrel.queries import (
    AssessmentView,
    find_barrel,
    find_open_assessment,
)
from staveworks.cluster.prescription.lending import list_lent, picture_with_lent
from staveworks.web.asking import actor_of, organisation_of
from staveworks.web.diagnose.questions import question_of
from staveworks.web.diagnose.registers import register_in_force
from staveworks.web.diagnose.rows import BarrelPage, PlankRow, barrel_page
from staveworks.web.diagnose.scales import spread_scale
from staveworks.web.diagnose.sharing import newer_answers, shared_with
from staveworks.web.doors import door, in_one_look
from staveworks.web.language import current, say
from staveworks.web.sheets import Cell, sheet_response
from staveworks.web.words import tell


@door("barrel.read")
@in_one_look
def barrel(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    view = find_barrel(actor)
    may_answer = actor.may("assessment.answer")
    if view is None or view.card.diagnosis is None:
        begun = find_open_assessment(actor) if actor.may("assessment.read") else None
        return render(request, "diagnose/barrel_empty.html", {"may_answer": may_answer, "begun": begun})
    return render(request, "diagnose/barrel.html", page_of(request, view) | {"may_answer": may_answer})


def page_of(request: HttpRequest, view: AssessmentView, **more: Any) -> dict[str, Any]:
    """The context of the barrel page; ``more`` may hold a refused question."""
    register, actor = register_in_force(), actor_of(request)
    firm = str(say(organisation_of(request).title))
    page, lent = barrel_page(view, firm=firm, register=register), list_lent(actor)
    best = view.questions[0] if view.questions else None
    return {
        "view": view,
        "page": page,
        "lent": lent,
        "picture": picture_with_lent(page.diagnosis, view.rubric.bearing, lent, firm=firm, register=register),
        "register": register,
        "question": question_of(view, best.code) if best else None,
        "newer": newer_answers(actor, view),
        "narrowing": best.narrowing if best else 0.0,
        "left": len(view.questions),
        "verified": sum(leaf.verified for leaf in view.result.leaves.values()),
        "shared": shared_with(view.rubric, view.history) if actor.may("assessment.read") else [],
        "scale": spread_scale(page.diagnosis, view.peers, current()),
        "finished": not view.card.under_way,
        "may_prescribe": actor.may("prescription.read"),
        "just_saved": request.headers.get("HX-Request") == "true",
        **more,
    }


@door("barrel.read")
def plank(request: HttpRequest, code: str) -> HttpResponse:
    """One plank down to its questions and papers."""
    view, page = _found(request)
    row = next((row for row in page.rows if row.plank.code == code), None)
    if row is None:
        raise Http404
    scores = view.result.leaves
    items = [(question_of(view, leaf.code), scores[leaf.code]) for leaf in view.rubric.leaves_of(code)]
    context = {"view": view, "page": page, "row": row, "items": items, "register": register_in_force()}
    may_read = actor_of(request).may("assessment.read")
    return render(request, "diagnose/plank.html", context | {"may_read": may_read})


@door("barrel.read")
def export(request: HttpRequest) -> HttpResponse:
    """The tables below the picture, as shown."""
    _, page = _found(request)
    headers = [
        tell("木板", "Plank"),
        tell("桶板或桶箍", "Stave or hoop"),
        tell("水平：至少", "Level, at least"),
        tell("水平：多半", "Level, probably"),
        tell("水平：至多", "Level, at most"),
        tell("目标", "Target"),
        tell("题数", "Questions"),
        tell("已答", "Answered"),
        tell("其中已核实", "Verified of these"),
        tell("依据", "Basis"),
    ]
    return sheet_response(tell("我的木桶", "My barrel"), headers, (_cells(row) for row in page.rows))


def _cells(row: PlankRow) -> list[Cell]:
    state = row.state
    return [
        str(say(row.plank.name)),
        tell("桶板", "stave") if state.kind == "stave" else tell("桶箍", "hoop"),
        round(state.height.low, 1),
        round(state.height.likely, 1),
        round(state.height.high, 1),
        state.target,
        state.asked,
        state.answered,
        row.verified,
        str(say(row.note)) if row.note else None,
    ]


def _found(request: HttpRequest) -> tuple[AssessmentView, BarrelPage]:
    view = find_barrel(actor_of(request))
    if view is None or view.card.diagnosis is None:
        raise Http404
    firm = str(say(organisation_of(request).title))
    return view, barrel_page(view, firm=firm, register=register_in_force())
