"""What others answered in the firm's name: its own people confirm it, or correct it question by question."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from staveworks.cluster.barrel.given import for_another
from staveworks.cluster.barrel.queries import access_assessment, list_given
from staveworks.cluster.barrel.types import AnswersChanged, NotOwnAnswers
from staveworks.cluster.barrel.usecases.confirm_given import confirm_given
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.web.asking import actor_of
from staveworks.web.diagnose.groups import group_of
from staveworks.web.diagnose.questions import question_of
from staveworks.web.doors import door
from staveworks.web.words import error_words, tell


@door("assessment.answer")
def given(request: HttpRequest) -> HttpResponse:
    """Question, answer, by whom; one button for all that is shown."""
    actor = actor_of(request)
    status = 200
    if request.method == "POST":
        try:
            count = confirm_given(actor, changes=_ids(request))
        except (AnswersChanged, NotOwnAnswers) as refused:
            messages.error(request, error_words(refused))
            status = 409
        else:
            messages.success(
                request,
                tell("已确认 {n} 题。", "{n} answer confirmed.|{n} answers confirmed.", n=count),
            )
            return redirect("barrel")
    context = {"answers": list_given(actor), "may_confirm": not for_another(actor)}
    return render(request, "diagnose/given.html", context, status=status)


def _ids(request: HttpRequest) -> list[UUID]:
    try:
        return [UUID(each) for each in request.POST.getlist("change")]
    except ValueError:
        raise AnswersChanged from None


@door("assessment.answer")
@require_POST
def correct(request: HttpRequest) -> HttpResponse:
    """To the question in the assessment under way; where there is none, one begins with all answers taken over."""
    actor = actor_of(request)
    held = next((each for each in list_given(actor) if str(each.change) == request.POST.get("change")), None)
    if held is None:
        messages.info(request, error_words(AnswersChanged()))
        return redirect("given_answers")
    view = access_assessment(actor, assessment_id=start_assessment(actor, rubric=held.rubric))
    anchor = question_of(view, held.leaf).anchor
    group = group_of(view, view.rubric.leaf(held.leaf))
    return redirect(f"{reverse('assessment_plank', args=[view.card.id, group])}#{anchor}")
