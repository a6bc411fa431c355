"""What is known about a firm, from where, since when; asking for a correction, and deciding about one."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from staveworks.cluster.barrel.firms import find_firm
from staveworks.foundation.facts.queries import (
    access_statement,
    list_corrections,
    list_corrections_to_decide,
    list_known,
)
from staveworks.foundation.facts.types import CorrectionCard, OwnStatement
from staveworks.foundation.facts.usecases.ask_correction import ask_correction, decide_correction
from staveworks.foundation.parties.queries import titles_of
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.govern.known_words import groups_of, name_of, said, value_of
from staveworks.web.middleware import status_of
from staveworks.web.words import put_error, tell, words


class CorrectionForm(forms.Form):
    """What the statement should say, and why."""

    asked = forms.CharField(
        label=words("应该是", "It should say"),
        required=False,
        max_length=400,
        help_text=words("不填就是请对方删去这一条。", "Empty: it should say nothing."),
    )
    reason = forms.CharField(
        label=words("理由", "Why"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )


@door("organisation.read")
def known(request: HttpRequest) -> HttpResponse:
    """All of one's own firm."""
    actor = actor_of(request)
    found = list_known(actor)
    stated_by = {each.held.stated_by for each in found} | {o.stated_by for e in found for o in e.differing}
    context = {
        "groups": groups_of(found),
        "names": titles_of(stated_by),
        "own": {None, actor.org},
        "corrections": [(each, *_words(each)) for each in list_corrections(actor)],
        "may": actor.may("organisation.edit"),
        "total": len(found),
        "differing": sum(1 for each in found if each.differing),
    }
    return render(request, "govern/known.html", context)


@door("firm.read")
def known_of(request: HttpRequest, firm: UUID) -> HttpResponse:
    """Of a firm of the cluster: all of it for its steward, of a claimed one what it grants."""
    actor = actor_of(request)
    row = find_firm(actor, firm=firm).row
    found = list_known(actor, firm=firm)
    context = {
        "row": row,
        "groups": groups_of(found),
        "names": titles_of({each.held.stated_by for each in found}),
        "total": len(found),
    }
    return render(request, "govern/known_of.html", context)


@door("organisation.edit")
def correct(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Ask whoever stated it."""
    actor = actor_of(request)
    statement = access_statement(actor, fact_id=fact)
    if statement.stated_by in (None, actor.org):
        raise OwnStatement
    form, status = CorrectionForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                ask_correction(actor, fact_id=fact, **form.cleaned_data)
            except StaveworksError as error:
                put_error(form, error)
                status = status_of(error)
            else:
                messages.success(
                    request, tell("已发给对方，答复会出现在这里。", "Sent. The answer will stand here.")
                )
                return redirect("known")
    context = {
        "form": form,
        "said": said(statement),
        "name": name_of(statement.field, statement.source_name),
        "by": titles_of([statement.stated_by]).get(statement.stated_by),
    }
    return render(request, "govern/correct.html", context, status=status)


@door("correction.decide")
def corrections(request: HttpRequest) -> HttpResponse:
    """Those that wait for this organisation."""
    waiting = [(each, *_words(each)) for each in list_corrections_to_decide(actor_of(request))]
    return render(request, "govern/corrections.html", {"waiting": waiting})


@door("correction.decide")
@require_POST
def decide(request: HttpRequest, correction: UUID) -> HttpResponse:
    """Accept it, or decline it with a reason."""
    accept = request.POST.get("decision") == "accept"
    try:
        decide_correction(
            actor_of(request),
            correction_id=correction,
            accept=accept,
            answer=request.POST.get("answer", ""),
        )
    except StaveworksError as error:
        if error.field is None:
            raise
        messages.error(request, tell("没有办成：{why}", "Not done: {why}", why=_here(error.text)))
    else:
        messages.success(request, tell("已更正。", "Corrected.") if accept else tell("已答复。", "Answered."))
    return redirect("corrections")


def _here(text: Text) -> str:
    return tell(text.zh, text.en)


def _words(each: CorrectionCard) -> tuple[Text, Text]:
    """The field's name and what is stated of it."""
    return name_of(each.field), value_of(each.field, each.stated)
