"""Templates: the wordings of messages, edited with a preview, back to the shipped ones at any time."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from staveworks.foundation.notices.messages.catalogue import Wording
from staveworks.foundation.notices.messages.types import Form
from staveworks.foundation.notices.templates import (
    access_wording,
    checked_wording,
    list_templates,
    preview,
)
from staveworks.foundation.notices.usecases.word_template import reset_template, word_template
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Language, Text
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.messages.forms_templates import WordingForm
from staveworks.web.middleware import status_of
from staveworks.web.words import error_words, put_error, tell

LANGUAGES: tuple[Language, ...] = ("zh", "en")


@door("message.read")
def templates(request: HttpRequest) -> HttpResponse:
    """All of them by topic."""
    actor = actor_of(request)
    rows = [(one, [form.text for form in one.edited]) for one in list_templates(actor)]
    edited = sum(bool(forms) for _, forms in rows)
    return render(request, "messages/templates.html", {"rows": rows, "edited": edited, "forms": list(Form)})


@door("message.read", to_change="message.manage")
def template(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """One form of one template, its preview, its earlier versions."""
    actor, chosen = actor_of(request), _form(form)
    held, status = access_wording(actor, code, chosen), 200
    editor = WordingForm(chosen, request.POST or None, initial=_initial(held.now))
    if request.method == "POST":
        status = 422
        if editor.is_valid():
            try:
                word_template(actor, code=code, form=chosen, subject=editor.subject, body=editor.body)
            except StaveworksError as error:
                put_error(editor, error)
                status = status_of(error)
            else:
                messages.success(
                    request, tell("已保存，从下一条消息起生效。", "Saved. It holds from the next message on.")
                )
                return redirect("template", code=code, form=chosen.value)
    if not actor.may("message.manage"):
        for one in editor.fields.values():
            one.disabled = True
    context = {
        "held": held,
        "form": editor,
        "chosen": chosen,
        "forms": list(Form),
        "may": actor.may("message.manage"),
        "previews": _previews(request, code, chosen, held.now),
        "history": held.history,
    }
    return render(request, "messages/template.html", context, status=status)


def _form(name: str) -> Form:
    if name not in set(Form):
        raise Http404
    return Form(name)


def _initial(wording: Wording) -> dict[str, str]:
    return {
        "subject_zh": wording.subject.zh,
        "subject_en": wording.subject.en,
        "body_zh": wording.body.zh,
        "body_en": wording.body.en,
    }


def _previews(request: HttpRequest, code: str, form: Form, wording: Wording) -> list[tuple[str, Any]]:
    names = {"zh": "中文", "en": "English"}
    return [(names[one], preview(actor_of(request), code, form, wording, one)) for one in LANGUAGES]


@door("message.read")
@require_POST
def look(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """How what is typed would look; asked for while typing."""
    chosen, problem = _form(form), ""
    typed = {name: request.POST.get(name, "") for name in ("subject_zh", "subject_en", "body_zh", "body_en")}
    wording = Wording(
        Text(zh=typed["subject_zh"], en=typed["subject_en"]), Text(zh=typed["body_zh"], en=typed["body_en"])
    )
    try:
        wording = checked_wording(code, chosen, wording.subject, wording.body)
    except StaveworksError as error:
        problem = error_words(error)
    context = {"previews": _previews(request, code, chosen, wording), "problem": problem, "chosen": chosen}
    return render(request, "messages/previews.html", context)


@door("message.manage")
@require_POST
def reset(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The shipped wording holds again."""
    reset_template(actor_of(request), code=code, form=_form(form))
    messages.success(request, tell("已恢复默认。", "The default wording holds again."))
    return redirect("template", code=code, form=form)
