"""Campaigns: choose firms, see how many and what they will get, send; watch, stop, go on."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from staveworks.engine.barrel import load_profiles
from staveworks.foundation.notices.templates import wording_filled
from staveworks.foundation.outreach.queries import access_campaign, count_segment, list_targets, samples_of
from staveworks.foundation.outreach.types import CampaignCard, CampaignState, Segment, TargetState
from staveworks.foundation.outreach.usecases.run_campaign import TEMPLATE
from staveworks.foundation.outreach.usecases.start_campaign import (
    resume_campaign,
    start_campaign,
    stop_campaign,
)
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.figures import day
from staveworks.web.join.growth.places import city_options
from staveworks.web.language import current, said, say
from staveworks.web.middleware import status_of
from staveworks.web.pages import page_of
from staveworks.web.words import put_error, tell, words

ROWS = 50
ANY = ("", words("不限", "any"))


class SegmentForm(forms.Form):
    """Which unclaimed firms, and under which name the campaign is kept."""

    name = forms.CharField(
        label=words("活动名称", "Name of the campaign"),
        max_length=80,
        required=False,
        help_text=words(
            "只给自己人看；不填就用日期。", "Only your people see it; left empty it is the date."
        ),
    )
    city = forms.ChoiceField(label=words("城市", "City"), required=False)
    business_type = forms.ChoiceField(label=words("业态", "Trade"), required=False)
    staff_from = forms.IntegerField(
        label=words("至少多少人", "At least so many employees"), required=False, min_value=1
    )
    invited = forms.ChoiceField(
        label=words("邀请情况", "Invitation"),
        required=False,
        choices=[
            ANY,
            ("no", words("没邀请过", "not invited yet")),
            ("yes", words("邀请过，还没认领", "invited, not claimed yet")),
        ],
    )
    reach = forms.ChoiceField(
        label=words("联系方式", "How it is reached"),
        required=False,
        choices=[
            ANY,
            ("email", words("有邮箱", "e-mail held")),
            ("phone", words("有电话", "phone held")),
            ("none", words("都没有", "neither")),
        ],
    )

    def __init__(self, cities: list[tuple[str, Any, int]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trades = [(code, said(profile.name)) for code, profile in load_profiles().items()]
        self._choose("city", [(code, f"{say(name)}（{n}）") for code, name, n in cities])
        self._choose("business_type", trades)

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ANY, *choices]

    def segment(self) -> Segment:
        given = self.cleaned_data
        names = ("city", "business_type", "reach", "invited", "staff_from")
        return Segment(**{name: given[name] for name in names if given.get(name)})


def usual_name() -> str:
    """What a campaign is called where nobody named it."""
    return say(Text(zh="邀请 {day}", en="Invitation {day}").format(day=day(timezone.localdate())))


@door("firm.invite")
def new(request: HttpRequest) -> HttpResponse:
    """GET counts as the conditions change; POST sends to those that are there now."""
    actor = actor_of(request)
    data = request.POST if request.method == "POST" else request.GET or None
    form = SegmentForm(city_options(actor), data)
    valid = data is None or form.is_valid()
    segment = form.segment() if data is not None and valid else Segment()
    status = 200 if valid else 422
    if request.method == "POST" and valid:
        try:
            name = form.cleaned_data["name"] or usual_name()
            campaign = start_campaign(actor, name=name, segment=segment)
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
        else:
            messages.success(
                request, tell("已开始发送，可以离开这一页。", "Sending has begun; you can leave this page.")
            )
            return redirect("campaign", campaign)
    shown = {
        "form": form,
        "count": count_segment(actor, segment),
        "previews": [
            (each, wording_filled(actor, TEMPLATE, each.form, each.params, current()))
            for each in samples_of(actor, segment)
        ],
    }
    part = "growth/count.html" if request.headers.get("HX-Request") else "growth/new.html"
    return render(request, part, shown, status=status)


@door("firm.read")
@require_safe
def detail(request: HttpRequest, campaign: UUID) -> HttpResponse:
    """What became of each firm."""
    actor = actor_of(request)
    card = access_campaign(actor, campaign)
    asked = request.GET.get("state", "")
    state = TargetState(asked) if asked in set(TargetState) else None
    total = {None: card.firms, TargetState.WAITING: card.waiting, TargetState.QUEUED: card.queued}.get(
        state, card.unreachable if state is TargetState.UNREACHABLE else card.firms
    )
    page = page_of(
        request.GET.get("page"),
        total,
        lambda start, size: list_targets(actor, campaign_id=campaign, state=state, offset=start, limit=size),
        size=ROWS,
    )
    shown = {"campaign": card, "page": page, "may": actor.may("firm.invite"), "chips": _chips(card, state)}
    return render(request, "growth/campaign.html", shown)


def _chips(card: CampaignCard, state: TargetState | None) -> list[dict[str, Any]]:
    counts = {
        TargetState.WAITING: card.waiting,
        TargetState.QUEUED: card.queued,
        TargetState.UNREACHABLE: card.unreachable,
    }
    return [
        {
            "label": each.text,
            "count": n,
            "current": each == state,
            "url": "?" if each == state else f"?state={each}",
        }
        for each, n in counts.items()
        if n or each == state
    ]


@door("firm.read")
@require_safe
def progress(request: HttpRequest, campaign: UUID) -> HttpResponse:
    """A campaign being sent, asked for every two seconds; when it has ended the page is loaded anew."""
    card = access_campaign(actor_of(request), campaign)
    if card.state is not CampaignState.SENDING:
        return HttpResponse(headers={"HX-Redirect": reverse("campaign", args=[campaign])})
    return render(request, "growth/progress.html", {"campaign": card})


@door("firm.invite")
@require_POST
def stop(request: HttpRequest, campaign: UUID) -> HttpResponse:
    """What is handed over goes out; the rest waits."""
    stop_campaign(actor_of(request), campaign_id=campaign)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": reverse("campaign", args=[campaign])})
    return redirect("campaign", campaign)


@door("firm.invite")
@require_POST
def resume(request: HttpRequest, campaign: UUID) -> HttpResponse:
    """Go on with the firms that wait."""
    resume_campaign(actor_of(request), campaign_id=campaign)
    return redirect("campaign", campaign)
