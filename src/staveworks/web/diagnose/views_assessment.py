"""Assessments: which rubric, one group of questions a page, finishing, scoring by a new edition."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from staveworks.cluster.barrel.editions import DEFAULT_RUBRIC
from staveworks.cluster.barrel.queries import AssessmentView, access_assessment, list_assessments
from staveworks.cluster.barrel.types import Kind, State
from staveworks.cluster.barrel.usecases.finish_assessment import finish_assessment
from staveworks.cluster.barrel.usecases.rescore_assessment import rescore_assessment
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.foundation.parties.queries import card
from staveworks.web.asking import actor_of
from staveworks.web.diagnose.choosing import Offer, offers
from staveworks.web.diagnose.groups import best_of, groups, steps
from staveworks.web.diagnose.papers import sight_of_papers
from staveworks.web.diagnose.questions import question_of
from staveworks.web.diagnose.registers import register_in_force
from staveworks.web.diagnose.sharing import newer_answers
from staveworks.web.doors import door
from staveworks.web.language import say
from staveworks.web.words import tell


@door("assessment.read")
def assessments(request: HttpRequest) -> HttpResponse:
    """The rubrics to choose from, each with the firm's history by it."""
    actor, register = actor_of(request), register_in_force()
    cards = list_assessments(actor)
    under_way = [each for each in cards if each.under_way]
    found = offers(cards, firm=str(say(card(actor).title)), register=register)
    context = {
        "offers": found,
        "primary": _primary(found) if cards and not under_way else None,
        "cards": cards,
        "under_way": max(under_way, key=lambda each: each.date, default=None),
        "may_answer": actor.may("assessment.answer"),
        "register": register,
    }
    return render(request, "diagnose/assessments.html", context)


def _primary(found: list[Offer]) -> str:
    """Where nothing is under way: the first rubric that the firm has not tried, else the first."""
    return next((offer.id for offer in found if not offer.history), found[0].id)


@door("assessment.answer")
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin or go on by the rubric chosen: the quick start, or all questions from the best one on."""
    actor = actor_of(request)
    if request.POST.get("kind") == Kind.QUICK:
        start_assessment(actor, kind=Kind.QUICK, profile=request.POST.get("profile", ""))
        return redirect("quick", step=1)
    rubric = request.POST.get("rubric") or DEFAULT_RUBRIC
    view = access_assessment(actor, assessment_id=start_assessment(actor, rubric=rubric))
    return _to_best(view)


def _to_best(view: AssessmentView) -> HttpResponse:
    """To where the best question stands."""
    best = best_of(view)
    code = best.group if best else groups(view, register_in_force())[0].code
    return redirect("assessment_plank", view.card.id, code)


@door("assessment.read")
def assessment(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """An open one is gone on with; a finished one shows what it came to, a barrel's its answers."""
    view = access_assessment(actor_of(request), assessment_id=assessment)
    if view.card.state != State.OPEN and not view.card.by_planks:
        return redirect("assessment_result", assessment)
    return _to_best(view)


@door("assessment.read")
def plank_page(request: HttpRequest, assessment: UUID, code: str) -> HttpResponse:
    """The questions of one plank or branch, each saved for itself."""
    actor, register = actor_of(request), register_in_force()
    view = access_assessment(actor, assessment_id=assessment)
    found = groups(view, register)
    place = next((i for i, group in enumerate(found) if group.code == code), None)
    if place is None:
        raise Http404
    questions = [question_of(view, leaf.code) for leaf in found[place].leaves]
    context = {
        "view": view,
        "register": register,
        "group": found[place],
        "groups": found,
        "next_group": found[place + 1] if place + 1 < len(found) else None,
        "previous_group": found[place - 1] if place else None,
        "questions": questions,
        "steps": steps(view, code),
        "best": best_of(view),
        "may_answer": actor.may("assessment.answer") and view.card.under_way,
        "may_attach": actor.may("assessment.answer") and view.card.takes_papers,
        "profile": view.profile,
        "newer": newer_answers(actor, view),
    }
    context |= sight_of_papers(actor, questions)
    return render(request, "diagnose/questions.html", context)


@door("assessment.answer")
@require_POST
def finish(request: HttpRequest, assessment: UUID) -> HttpResponse:
    actor = actor_of(request)
    finish_assessment(actor, assessment_id=assessment)
    messages.success(request, tell("诊断已完成，结果已存档。", "Assessment finished; the result is kept."))
    finished = access_assessment(actor, assessment_id=assessment, right="assessment.answer")
    return redirect("barrel") if finished.card.by_planks else redirect("assessment_result", assessment)


@door("assessment.answer")
@require_POST
def rescore(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """Score by the edition in force, and show the difference."""
    new = rescore_assessment(actor_of(request), assessment_id=assessment)
    messages.success(
        request,
        tell(
            "已按现行版本重算，原来的结果保留。", "Scored by the edition in force; the earlier result stays."
        ),
    )
    response = redirect("compare_assessments")
    response["Location"] += f"?earlier={assessment}&later={new}"
    return response
