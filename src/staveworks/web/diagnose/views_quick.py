"""Quick start: eight questions, one a screen, three minutes; signed in or not."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from staveworks.cluster.barrel.picturing import picture_of
from staveworks.cluster.barrel.queries import find_open_assessment
from staveworks.cluster.barrel.types import AnswerState, Kind
from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.cluster.barrel.visiting import Visit
from staveworks.engine.barrel import AnswerRefused, Leaf, load_profiles
from staveworks.foundation.parties.queries import card
from staveworks.kit.planks import Plank, Register
from staveworks.kit.text import Text
from staveworks.web.asking import actor_of
from staveworks.web.diagnose.posted import posted_value
from staveworks.web.diagnose.questions import question_card
from staveworks.web.diagnose.registers import register_in_force
from staveworks.web.diagnose.sheets_quick import FirmSheet, Sheet, VisitorSheet
from staveworks.web.doors import door, door_person, door_public
from staveworks.web.language import say
from staveworks.web.words import tell

PUBLIC, OWN = "diagnose/quick_public.html", "diagnose/quick_own.html"
RESULT_PUBLIC, RESULT_OWN = "diagnose/quick_result_public.html", "diagnose/quick_result_own.html"
SELDOM, NEARLY, SHOWN = 0.05, 0.10, 3
"""Chances: below which no plank is named; by how much less is still nearly as probable. Planks named at most."""
YOURS = Text(zh="您的企业", en="Your firm")


@door_public
def start(request: HttpRequest) -> HttpResponse:
    """Before the first question: what kind of business. No account is needed."""
    sheet = VisitorSheet(request)
    if request.method == "POST":
        sheet.begin(request.POST.get("profile", ""))
        return redirect(sheet.step_url(1))
    context = {"profiles": load_profiles().values(), "chosen": sheet.profile, "begun": len(sheet.answers)}
    return render(request, "diagnose/start.html", context)


@door_public
def start_step(request: HttpRequest, step: int) -> HttpResponse:
    return _step(request, VisitorSheet(request), step, PUBLIC)


@door_public
def start_result(request: HttpRequest) -> HttpResponse:
    sheet = VisitorSheet(request)
    if not sheet.answers:
        return redirect("start")
    context = _result(sheet, str(say(YOURS)))
    return render(request, RESULT_PUBLIC, context)


@door_person
def keep(request: HttpRequest) -> HttpResponse:
    """After signing in: the visitor's answers become those of the firm she acts for."""
    actor, sheet = actor_of(request), VisitorSheet(request)
    if not sheet.answers:
        return redirect("home")
    if actor.org_id is None or not actor.may("assessment.answer"):
        messages.info(
            request,
            tell(
                "答案还在。先认领或登记企业。", "Your answers are still here. Claim or register a firm first."
            ),
        )
        return redirect("home")
    assessment = start_assessment(actor, kind=Kind.QUICK, profile=sheet.profile)
    save_answers(actor, assessment_id=assessment, answers=sheet.answers)
    sheet.forget()
    messages.success(
        request, tell("八题的答案已归到企业名下。", "Your eight answers now belong to the firm.")
    )
    return redirect("barrel")


@door("assessment.answer")
def quick(request: HttpRequest, step: int) -> HttpResponse:
    sheet = _firm_sheet(request)
    return _step(request, sheet, step, OWN) if sheet else redirect("barrel")


@door("assessment.answer")
def quick_result(request: HttpRequest) -> HttpResponse:
    sheet = _firm_sheet(request)
    if sheet is None or not sheet.answers:
        return redirect("barrel")
    return render(request, RESULT_OWN, _result(sheet, str(say(card(actor_of(request)).title))))


@door("assessment.answer")
@require_POST
def quick_start(request: HttpRequest) -> HttpResponse:
    """Begin the eight questions, or go on with them."""
    start_assessment(actor_of(request), kind=Kind.QUICK, profile=request.POST.get("profile", ""))
    return redirect("quick", step=1)


def _firm_sheet(request: HttpRequest) -> FirmSheet | None:
    actor = actor_of(request)
    found: UUID | None = find_open_assessment(actor)
    return FirmSheet(actor, found) if found else None


def _step(request: HttpRequest, sheet: Sheet, step: int, template: str) -> HttpResponse:
    """One question. A tap on an answer saves it and shows the next one."""
    leaves = sheet.rubric.quick_start
    if not 1 <= step <= len(leaves):
        raise Http404
    leaf = leaves[step - 1]
    error: Text | None = None
    if request.method == "POST":
        try:
            _save(request, sheet, leaf)
        except AnswerRefused as refused:
            error = refused.text
        else:
            return redirect(sheet.step_url(step + 1) if step < len(leaves) else sheet.result_url())
    context = _step_context(request, sheet, step, leaf, error)
    return render(request, template, context, status=422 if error else 200)


def _save(request: HttpRequest, sheet: Sheet, leaf: Leaf) -> None:
    value = posted_value(leaf, request.POST)
    if value is not None:
        sheet.save(leaf, value)


def _step_context(
    request: HttpRequest, sheet: Sheet, step: int, leaf: Leaf, error: Text | None
) -> dict[str, Any]:
    count = len(sheet.rubric.quick_start)
    state = AnswerState(leaf.code, sheet.answers.get(leaf.code))
    sent = request.POST.get("value", "") if error else ""
    register = register_in_force()
    return {
        "question": question_card(sheet.rubric, leaf, state, error=error, sent=sent),
        "plank": register.get(leaf.plank or ""),
        "register": register,
        "step": step,
        "ticks": ["done" if i < step else "now" if i == step else "next" for i in range(1, count + 1)],
        "count": count,
        "next_url": sheet.step_url(step + 1) if step < count else sheet.result_url(),
        "back_url": sheet.step_url(step - 1) if step > 1 else None,
    }


def _likely(visit: Visit, register: Register) -> list[tuple[Plank, float]]:
    """What may bind, the most probable first; what binds at the likely heights, as on the barrel's page, is always among them."""
    binding = visit.diagnosis.binding
    ranked = sorted(visit.chances.items(), key=lambda each: (-each[1], each[0] != binding))
    wanted = [each for each in ranked if each[0] in register and (each[0] == binding or each[1] >= SELDOM)]
    shown = wanted[:SHOWN]
    shown[SHOWN - 1 :] = [each for each in wanted[SHOWN - 1 :] if each[0] == binding] or shown[SHOWN - 1 :]
    return [(register[code], chance) for code, chance in shown]


def _undecided(likely: list[tuple[Plank, float]], binding: str | None) -> list[Plank]:
    """The planks between which these answers can't tell; none where one is clearly the likeliest, and the barrel's page says the same."""
    if not likely:
        return []
    first, most = likely[0]
    nearly = [plank for plank, chance in likely if chance >= most - NEARLY or plank.code == binding]
    return nearly if len(nearly) > 1 or first.code != binding else []


def _result(sheet: Sheet, firm: str) -> dict[str, Any]:
    visit, register = sheet.result(), register_in_force()
    likely = _likely(visit, register)
    return {
        "picture": picture_of(visit.diagnosis, firm=firm, register=register),
        "diagnosis": visit.diagnosis,
        "likely": likely,
        "undecided": _undecided(likely, visit.diagnosis.binding),
        "register": register,
        "answered": sum(leaf.code in sheet.answers for leaf in sheet.rubric.quick_start),
        "count": len(sheet.rubric.quick_start),
        "asked": len(sheet.rubric.leaves),
    }
