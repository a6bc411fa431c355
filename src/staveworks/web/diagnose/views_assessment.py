"""Assessments: the list, one group of questions a page, finishing, the target profile, two dates side by side."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from staveworks.cluster.barrel.picturing import picture_of
from staveworks.cluster.barrel.queries import (
    AssessmentView,
    access_assessment,
    compare_assessments,
    list_assessments,
)
from staveworks.cluster.barrel.types import AssessmentNotFound, Comparison, Kind, State
from staveworks.cluster.barrel.usecases.finish_assessment import finish_assessment
from staveworks.cluster.barrel.usecases.rescore_assessment import rescore_assessment
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.engine.barrel import load_profiles, load_rubric, say_answer
from staveworks.foundation.parties.queries import card
from staveworks.web.asking import actor_of
from staveworks.web.diagnose.groups import groups, steps
from staveworks.web.diagnose.questions import question_of
from staveworks.web.diagnose.registers import register_in_force
from staveworks.web.diagnose.scales import moved_scale
from staveworks.web.doors import door
from staveworks.web.language import current, say
from staveworks.web.words import tell


@door("assessment.read")
def assessments(request: HttpRequest) -> HttpResponse:
    actor, register = actor_of(request), register_in_force()
    cards = list_assessments(actor)
    firm = str(say(card(actor).title))
    rows = [
        (each, picture_of(each.diagnosis, firm=firm, register=register) if each.diagnosis else None)
        for each in cards
    ]
    context = {
        "rows": rows,
        "under_way": next((each for each in cards if each.state == State.OPEN), None),
        "comparable": sum(each.diagnosis is not None for each in cards) > 1,
        "profiles": load_profiles(),
        "may_answer": actor.may("assessment.answer"),
        "register": register,
    }
    return render(request, "diagnose/assessments.html", context)


@door("assessment.answer")
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin or go on: the quick start, or the full assessment at the group of the best question."""
    actor = actor_of(request)
    if request.POST.get("kind") == Kind.QUICK:
        start_assessment(actor, kind=Kind.QUICK, profile=request.POST.get("profile", ""))
        return redirect("quick", step=1)
    view = access_assessment(actor, assessment_id=start_assessment(actor))
    return redirect("assessment_plank", view.card.id, _next_group(view))


def _next_group(view: AssessmentView) -> str:
    """Where the best question stands."""
    all_groups = groups(view, register_in_force())
    best = view.questions[0].code if view.questions else None
    found = next(
        (group for group in all_groups if any(leaf.code == best for leaf in group.leaves)), all_groups[0]
    )
    return found.code


@door("assessment.read")
def assessment(request: HttpRequest, assessment: UUID) -> HttpResponse:
    view = access_assessment(actor_of(request), assessment_id=assessment)
    return redirect("assessment_plank", assessment, _next_group(view))


@door("assessment.read")
def plank_page(request: HttpRequest, assessment: UUID, code: str) -> HttpResponse:
    """The questions of one plank, each saved for itself."""
    actor, register = actor_of(request), register_in_force()
    view = access_assessment(actor, assessment_id=assessment)
    found = groups(view, register)
    place = next((i for i, group in enumerate(found) if group.code == code), None)
    if place is None:
        raise Http404
    context = {
        "view": view,
        "register": register,
        "group": found[place],
        "groups": found,
        "next_group": found[place + 1] if place + 1 < len(found) else None,
        "previous_group": found[place - 1] if place else None,
        "questions": [question_of(view, leaf.code) for leaf in found[place].leaves],
        "steps": steps(view, code),
        "may_answer": actor.may("assessment.answer") and view.card.state == State.OPEN,
        "may_attach": actor.may("assessment.answer") and view.card.state != State.SUPERSEDED,
        "profile": view.profile,
    }
    return render(request, "diagnose/questions.html", context)


@door("assessment.answer")
@require_POST
def finish(request: HttpRequest, assessment: UUID) -> HttpResponse:
    finish_assessment(actor_of(request), assessment_id=assessment)
    messages.success(request, tell("诊断已完成，结果已存档。", "Assessment finished; the result is kept."))
    return redirect("barrel")


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


@door("assessment.read")
def compare(request: HttpRequest) -> HttpResponse:
    """Two assessments plank by plank; by default the last two."""
    actor, register = actor_of(request), register_in_force()
    earlier, later = _pair(request)
    comparison = compare_assessments(actor, earlier=earlier, later=later)
    order = {code: place for place, code in enumerate(register)}
    context: dict[str, Any] = {
        "comparison": comparison,
        "register": register,
        "rows": [
            (register.get(each.code), each, moved_scale(each.before, each.after, current()))
            for each in sorted(comparison.planks, key=lambda plank: order.get(plank.code, len(order)))
        ],
        "water_scale": moved_scale(comparison.water.before, comparison.water.after, current()),
        "answers": _changed_answers(comparison),
    }
    return render(request, "diagnose/compare.html", context)


def _pair(request: HttpRequest) -> tuple[UUID, UUID]:
    """Ticked in the list (``with``), or named; put in the order of time."""
    wanted = request.GET.getlist("with") or [request.GET.get("earlier", ""), request.GET.get("later", "")]
    try:
        asked = {UUID(each) for each in wanted if each}
    except ValueError:
        raise AssessmentNotFound from None
    cards = [each for each in list_assessments(actor_of(request)) if each.diagnosis]
    chosen = [each.id for each in cards if not asked or each.id in asked][:2]
    if len(chosen) < 2:
        raise AssessmentNotFound
    return chosen[1], chosen[0]


def _changed_answers(comparison: Comparison) -> list[tuple[Any, Any, Any]]:
    rubric = load_rubric(comparison.later.rubric)
    found = []
    for each in comparison.answers:
        leaf = rubric.answerable.get(each.leaf)
        if leaf:
            words = [
                None if value is None else say_answer(leaf, value) for value in (each.before, each.after)
            ]
            found.append((leaf, words[0], words[1]))
    return found
