"""At the counter: the owner stands before the clerk; her code hands the firm over and mandates the operator."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from staveworks.foundation.outreach.queries import access_call_row, find_unclaimed
from staveworks.foundation.parties.agreement import GRANTS
from staveworks.foundation.parties.queries import card, titles_of
from staveworks.foundation.parties.rights import MANDATED, RIGHTS
from staveworks.foundation.parties.types import Actor, CodeWrong, Kind
from staveworks.foundation.parties.usecases.onboard_owner import (
    Terms,
    access_onboarding,
    finish_onboarding,
    start_onboarding,
)
from staveworks.foundation.rules.queries import rule_in_force
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.figures import day
from staveworks.web.join.fields import ContactField
from staveworks.web.join.messenger import send
from staveworks.web.join.views_security import CodeForm
from staveworks.web.language import said
from staveworks.web.middleware import activate, status_of
from staveworks.web.words import error_words, put_error, tell, words

USUAL = ("assessment.answer", "assessment.read", "barrel.read", "organisation.read")
FOR_DAYS = 90
COUNTER_CODE = Text(
    zh=(
        "【Staveworks】{operator} 正在柜台为您办理认领“{firm}”，并由其代您办事到 {until}。"
        "同意就把验证码 {code} 告诉办事员，15 分钟内有效；没有这回事，请不要理会。"
    ),
    en=(
        "[Staveworks] {operator} is handing “{firm}” to you at its counter and will act for you until {until}. "
        "If you agree, tell the clerk the code {code} (15 minutes). If not, do nothing."
    ),
)


class CounterForm(forms.Form):
    """Who stands there, and what she agrees to."""

    name = forms.CharField(label=words("负责人姓名", "The owner's name"), max_length=80)
    contact = ContactField(help_text=words("她本人的，验证码发到这里。", "Her own; the code goes there."))
    rights = forms.MultipleChoiceField(
        label=words("我们代她办什么", "What we do for her"), widget=forms.CheckboxSelectMultiple
    )
    until = forms.DateField(
        label=words("代办到", "Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    shows = forms.MultipleChoiceField(
        label=words("给我们看什么", "What she shows us"),
        required=False,
        choices=[(code, said(grant.text)) for code, grant in GRANTS.items()],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["rights"]
        assert isinstance(field, forms.MultipleChoiceField)
        firms = [code for code in RIGHTS if code in MANDATED and Kind.ENTERPRISE in RIGHTS[code].kinds]
        field.choices = [(code, said(RIGHTS[code].text)) for code in firms]


@door("firm.invite")
def counter(request: HttpRequest) -> HttpResponse:
    """Find the firm of whoever stands there."""
    asked = request.GET.get("q", "").strip()[:100]
    found = find_unclaimed(actor_of(request), words=asked) if asked else []
    return render(request, "growth/counter.html", {"q": asked, "found": found})


@door("firm.invite")
def counter_firm(request: HttpRequest, firm: UUID) -> HttpResponse:
    """Who she is and what she agrees to; the code goes to her own phone."""
    actor = actor_of(request)
    proposed = rule_in_force("agreement.defaults").value
    until = timezone.localdate() + timedelta(days=FOR_DAYS)
    initial = {"rights": USUAL, "until": until, "shows": proposed["shows"]}
    form = CounterForm(request.POST or None, initial=initial)
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        try:
            return _send_code(request, actor, firm, form.cleaned_data, proposed["edition"])
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
    shown = {"firm": access_call_row(actor, firm)[0], "form": form}
    return render(request, "growth/counter_firm.html", shown, status=status)


def _send_code(
    request: HttpRequest, actor: Actor, firm: UUID, given: dict[str, Any], edition: str
) -> HttpResponse:
    terms = Terms(tuple(given["rights"]), given["until"], tuple(given["shows"]), edition)
    started = start_onboarding(actor, firm=firm, name=given["name"], contact=given["contact"], terms=terms)
    operator, title = card(actor).title, titles_of([firm])[firm]
    until = day(given["until"])
    wording = Text(
        zh=COUNTER_CODE.zh.format(operator=operator.zh, firm=title.zh, until=until, code=started.code),
        en=COUNTER_CODE.en.format(operator=operator.en, firm=title.en, until=until, code=started.code),
    )
    send(given["contact"].address, wording, subject=Text(zh="Staveworks 验证码", en="Your Staveworks code"))
    return redirect("counter_code", firm, started.claim_id)


@door("firm.invite")
def counter_code(request: HttpRequest, firm: UUID, claim: UUID) -> HttpResponse:
    """The code she reads out; then the clerk acts for the firm by her mandate."""
    actor = actor_of(request)
    access_onboarding(actor, claim)
    form = CodeForm(request.POST or None)
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        try:
            taken = finish_onboarding(actor, claim_id=claim, code=form.cleaned_data["code"])
        except CodeWrong as error:
            put_error(form, error)
        except StaveworksError as error:
            form.add_error(None, error_words(error))
            status = status_of(error)
        else:
            activate(request, taken, via_org_id=actor.org)
            messages.success(
                request,
                tell("企业已归她，您现在代她办理。", "The firm is hers; you act for her now."),
            )
            return redirect("barrel")
    shown = {"title": titles_of([firm]).get(firm), "form": form, "firm": firm}
    return render(request, "growth/counter_code.html", shown, status=status)
