"""What an assessment by a rubric without planks came to: score, level, what is missing; the best question; a workbook."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from staveworks.cluster.barrel.queries import AssessmentView, access_assessment, find_barrel, list_assessments
from staveworks.cluster.barrel.usecases.save_answer import save_answer
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.engine.barrel import AnswerRefused, check_answer
from staveworks.web.asking import actor_of
from staveworks.web.diagnose.groups import groups
from staveworks.web.diagnose.posted import posted_value
from staveworks.web.diagnose.questions import question_of
from staveworks.web.diagnose.registers import register_in_force
from staveworks.web.diagnose.scored import Item, scored_page
from staveworks.web.diagnose.scoring_scale import score_scale
from staveworks.web.diagnose.sharing import newer_answers, shared_with
from staveworks.web.doors import door
from staveworks.web.language import current, say
from staveworks.web.sheets import Cell, sheet_response
from staveworks.web.words import tell

HISTORY = 5


@door("assessment.read")
def result(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """Of a rubric with planks the barrel is the result."""
    view = access_assessment(actor_of(request), assessment_id=assessment)
    if view.card.by_planks:
        barrel = find_barrel(actor_of(request)) if actor_of(request).may("barrel.read") else None
        shown = barrel is not None and barrel.card.id == assessment
        return redirect("barrel") if shown else redirect("assessment", assessment)
    response = render(request, "diagnose/result.html", result_of(request, view))
    if request.headers.get("HX-Request") == "true":
        response["HX-Replace-Url"] = request.path
    return response


def result_of(request: HttpRequest, view: AssessmentView, **more: Any) -> dict[str, Any]:
    """The context of the page; ``more`` may hold a refused question."""
    actor, page = actor_of(request), scored_page(view)
    best = view.questions[0] if view.questions else None
    cards = list_assessments(actor) if actor.org_id == view.card.org_id else []
    same = [card for card in cards if card.rubric == view.card.rubric and card.scored]
    return {
        "view": view,
        "page": page,
        "register": register_in_force(),
        "question": question_of(view, best.code) if best else None,
        "newer": newer_answers(actor, view),
        "narrowing": best.narrowing if best else 0.0,
        "left": len(view.questions),
        "scale": score_scale(view, current()),
        "finished": not view.card.under_way,
        "history": same[:HISTORY],
        "shared": shared_with(view.rubric, cards),
        "just_saved": request.headers.get("HX-Request") == "true",
        "may_answer": actor.may("assessment.answer") and view.card.takes_papers,
        **more,
    }


@door("assessment.answer")
@require_POST
def answer_next(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """The answer to the best question. On a finished assessment it begins a new one with the same answers."""
    actor = actor_of(request)
    view = access_assessment(actor, assessment_id=assessment, right="assessment.answer")
    try:
        leaf = view.rubric.leaf(request.POST.get("leaf", ""))
    except KeyError:
        raise Http404 from None
    value = posted_value(leaf, request.POST)
    going_on = assessment
    try:
        if value is not None:
            check_answer(view.rubric, leaf.code, value)
            going_on = start_assessment(actor, rubric=view.rubric.id)
            save_answer(actor, assessment_id=going_on, leaf=leaf.code, value=value)
    except AnswerRefused as refused:
        question = question_of(view, leaf.code, error=refused.text, sent=request.POST.get("value", ""))
        context = result_of(request, view, question=question)
        return render(request, "diagnose/result.html", context, status=422)
    return redirect("assessment_result", going_on)


@door("assessment.read")
def export(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """The table of all questions, as shown."""
    view = access_assessment(actor_of(request), assessment_id=assessment)
    if view.card.by_planks:
        return redirect("barrel_export")
    headers = [
        tell("组", "Group"),
        tell("题目", "Question"),
        tell("答案", "Answer"),
        tell("得分：至少", "Points, at least"),
        tell("得分：至多", "Points, at most"),
        tell("满分", "Full marks"),
        tell("核验", "Vouched for"),
        tell("材料（份）", "Papers"),
    ]
    names = {
        leaf.code: str(say(group.name))
        for group in groups(view, register_in_force())
        for leaf in group.leaves
    }
    rows = (_cells(item, names[item.question.leaf.code]) for item in scored_page(view).items)
    return sheet_response(str(say(view.card.rubric_name)), headers, rows)


def _cells(item: Item, group: str) -> list[Cell]:
    question, points = item.question, item.points
    return [
        group,
        str(say(question.leaf.question)),
        str(say(question.words)) if question.words else None,
        points.low if points else None,
        points.high if points else None,
        item.cap if points else None,
        str(say(question.state.grade.text)) if question.answered else None,
        len(question.state.evidence),
    ]
