"""Saving an answer at a tap: from the barrel's best question or inside the assessment; papers behind an answer."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from staveworks.cluster.barrel.queries import AssessmentView, access_assessment, find_barrel
from staveworks.cluster.barrel.types import Value
from staveworks.cluster.barrel.usecases.attach_evidence import attach_evidence
from staveworks.cluster.barrel.usecases.clear_answer import clear_answer
from staveworks.cluster.barrel.usecases.open_evidence import open_evidence
from staveworks.cluster.barrel.usecases.save_answer import save_answer
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.engine.barrel import AnswerRefused, Leaf, Rubric, check_answer, load_rubric
from staveworks.foundation.files.types import OpenedFile, ScannerDown
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import Invalid, Refused, StaveworksError
from staveworks.web.asking import actor_of
from staveworks.web.diagnose.groups import best_of, group_of, steps
from staveworks.web.diagnose.papers import sight_of_papers
from staveworks.web.diagnose.posted import posted_value
from staveworks.web.diagnose.questions import question_of
from staveworks.web.diagnose.views_barrel import page_of
from staveworks.web.doors import door

LARGEST = 10_000_000
"""Bytes of one paper: a page photographed by a phone has 3–6 MB."""


@door("assessment.answer")
@require_POST
def answer_best(request: HttpRequest) -> HttpResponse:
    """The answer to the barrel's best question. On a finished assessment it begins a new one with the same answers."""
    actor = actor_of(request)
    view = find_barrel(actor)
    rubric = view.rubric if view else load_rubric(request.POST.get("rubric", ""))
    leaf = _leaf(rubric, request)
    value = posted_value(leaf, request.POST)
    try:
        if value is not None:
            check_answer(rubric, leaf.code, value)
            save_answer(
                actor, assessment_id=start_assessment(actor, rubric=rubric.id), leaf=leaf.code, value=value
            )
    except AnswerRefused as refused:
        if view is None:
            raise
        question = question_of(view, leaf.code, error=refused.text, sent=request.POST.get("value", ""))
        context = page_of(request, view, question=question, may_answer=True)
        return render(request, "diagnose/barrel.html", context, status=422)
    return redirect("barrel")


@door("assessment.answer")
@require_POST
def answer(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """One answer inside the assessment: htmx gets the question and the progress back, a plain browser its page."""
    actor = actor_of(request)
    view = access_assessment(actor, assessment_id=assessment)
    leaf = _leaf(view.rubric, request)
    value = None if "clear" in request.POST else posted_value(leaf, request.POST)
    refused: AnswerRefused | None = None
    try:
        _save(actor, assessment, leaf, value)
    except AnswerRefused as error:
        refused = error
    return _answered(request, view, leaf, refused)


def _save(actor: Actor, assessment: UUID, leaf: Leaf, value: Value | None) -> None:
    if value is None:
        clear_answer(actor, assessment_id=assessment, leaf=leaf.code)
    else:
        save_answer(actor, assessment_id=assessment, leaf=leaf.code, value=value)


def _answered(
    request: HttpRequest, before: AssessmentView, leaf: Leaf, refused: StaveworksError | None
) -> HttpResponse:
    view = access_assessment(actor_of(request), assessment_id=before.card.id)
    sent = request.POST.get("value", "") if refused else ""
    question = question_of(view, leaf.code, error=refused.text if refused else None, sent=sent)
    if request.headers.get("HX-Request") != "true" and not refused:
        group = group_of(view, leaf)
        return redirect(reverse("assessment_plank", args=[view.card.id, group]) + f"#{question.anchor}")
    context = {
        "view": view,
        "question": question,
        "swapped": True,
        "steps": steps(view, group_of(view, leaf)),
        "best": best_of(view),
    }
    context |= {
        "may_answer": view.card.under_way,
        "may_attach": view.card.takes_papers,
    }
    context |= sight_of_papers(actor_of(request), [question])
    return render(request, "diagnose/answered.html", context, status=422 if refused else 200)


def _leaf(rubric: Rubric, request: HttpRequest) -> Leaf:
    try:
        return rubric.leaf(request.POST.get("leaf", ""))
    except KeyError:
        raise Http404 from None


@door("assessment.answer")
@require_POST
def evidence(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """Put an uploaded file behind an answer."""
    actor = actor_of(request)
    view = access_assessment(actor, assessment_id=assessment)
    leaf = _leaf(view.rubric, request)
    refused: StaveworksError | None = None
    try:
        _attach(actor, request, assessment, leaf)
    except (Invalid, Refused, ScannerDown) as error:
        refused = error
    return _answered(request, view, leaf, refused)


def _attach(actor: Actor, request: HttpRequest, assessment: UUID, leaf: Leaf) -> None:
    actor.require("assessment.answer")
    sent = request.FILES.get("file")
    name = (sent.name if sent else "") or ""
    stored = store_file(actor, name=name, content=sent.chunks() if sent else b"", field="file", limit=LARGEST)
    note = request.POST.get("note", "")[:200]
    attach_evidence(actor, assessment_id=assessment, leaf=leaf.code, file_id=stored.id, note=note)


@door("assessment.read")
def evidence_file(request: HttpRequest, assessment: UUID, file: UUID) -> HttpResponse:
    """A paper behind an answer, always as a download."""
    actor = actor_of(request)
    return file_response(
        open_evidence(actor, assessment_id=assessment, file_id=file, right="assessment.read")
    )


def file_response(opened: OpenedFile) -> HttpResponse:
    """A download that no cache keeps and in which nothing can run, as ``/files/…/`` gives one."""
    response = HttpResponse(opened.content, content_type=opened.card.media_type)
    name = content_disposition_header(as_attachment=True, filename=opened.card.name)
    response.headers["Content-Disposition"] = name or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
