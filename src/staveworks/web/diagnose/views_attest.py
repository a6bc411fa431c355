"""Attesting: an inspector sees the papers of the firms that let her organisation, checks them, vouches for answers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from staveworks.cluster.barrel.queries import access_assessment, list_to_attest, names_of
from staveworks.cluster.barrel.usecases.attest_answer import attest_answer
from staveworks.cluster.barrel.usecases.open_evidence import open_evidence
from staveworks.foundation.facts.types import Grade
from staveworks.web.asking import actor_of
from staveworks.web.diagnose.questions import question_of
from staveworks.web.diagnose.registers import register_in_force
from staveworks.web.diagnose.views_answer import file_response
from staveworks.web.doors import door
from staveworks.web.words import tell

RIGHT = "assessment.attest"


@door(RIGHT)
def to_attest(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    cards = list_to_attest(actor)
    names = names_of(actor, firms=[each.org_id for each in cards], right=RIGHT)
    rows = [(each, names[each.org_id]) for each in cards]
    return render(request, "diagnose/to_attest.html", {"rows": rows})


@door(RIGHT)
def attest(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """The answered questions of one firm: those whose papers wait first, then those with papers."""
    actor = actor_of(request)
    view = access_assessment(actor, assessment_id=assessment, right=RIGHT)
    answered = [question_of(view, leaf.code) for leaf in view.rubric.leaves if leaf.code in view.values]
    answered.sort(key=lambda each: (not each.state.waits, not each.state.evidence))
    context = {
        "view": view,
        "questions": answered,
        "firm": names_of(actor, firms=[view.card.org_id], right=RIGHT)[view.card.org_id],
        "register": register_in_force(),
        "inspector": Grade.INSPECTOR,
    }
    return render(request, "diagnose/attest.html", context)


@door(RIGHT)
@require_POST
def attest_one(request: HttpRequest, assessment: UUID) -> HttpResponse:
    actor, leaf = actor_of(request), request.POST.get("leaf", "")
    access_assessment(actor, assessment_id=assessment, right=RIGHT)
    sent = request.POST.get("grade", "")
    grade = Grade(sent) if sent in set(Grade) else Grade.SELF
    note = request.POST.get("note", "")[:200]
    attest_answer(actor, assessment_id=assessment, leaf=leaf, grade=grade, note=note)
    messages.success(request, tell("已核验。", "Attested."))
    return redirect("attest", assessment)


@door(RIGHT)
def attest_file(request: HttpRequest, assessment: UUID, file: UUID) -> HttpResponse:
    return file_response(
        open_evidence(actor_of(request), assessment_id=assessment, file_id=file, right=RIGHT)
    )
