"""Who sees what of the firm, on one page: grants to give and withdraw, and who has looked."""

from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from staveworks.foundation.facts.queries import count_looks, is_confirmed, list_grants, list_looks
from staveworks.foundation.facts.types import GrantCard
from staveworks.foundation.facts.usecases.give_grant import give_grant
from staveworks.foundation.facts.usecases.withdraw_grant import withdraw_grant
from staveworks.foundation.parties.usecases.accept_agreement import withdraw_agreement
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.govern.sharing_forms import GrantForm
from staveworks.web.middleware import status_of
from staveworks.web.words import put_error, tell

LOOKS, RECENT = 60, timedelta(days=30)
DOORS = {
    "page": Text(zh="页面", en="page"),
    "api": Text(zh="接口", en="API"),
    "export": Text(zh="导出", en="export"),
    "report": Text(zh="报告", en="report"),
}


@door("organisation.read")
def sharing(request: HttpRequest) -> HttpResponse:
    """What holds, who looked, what has ended."""
    actor = actor_of(request)
    before = _day(request.GET.get("before", ""))
    looks = list_looks(actor, before=before, limit=LOOKS + 1)
    shown = looks[:LOOKS]
    more = len(looks) > LOOKS
    if more:  # a day is shown whole or on the next page
        shown = [look for look in shown if look.day != looks[LOOKS].day] or shown
    return render(
        request,
        "govern/sharing.html",
        {
            "grants": [(grant, _checked(grant)) for grant in list_grants(actor)],
            "ended": list_grants(actor, ended=True, limit=20),
            "days": [(day, list(rows)) for day, rows in groupby(shown, key=lambda look: look.day)],
            "older": shown[-1].day.isoformat() if more and shown else "",
            "recent": count_looks(actor, since=timezone.now() - RECENT),
            "doors": DOORS,
            "paged": before is not None,
            "may": actor.may("agreement.manage"),
        },
    )


def _checked(grant: GrantCard) -> bool:
    """Whether somebody knows who the grantee is."""
    return grant.grantee.org_id is None or is_confirmed(grant.grantee.org_id)


@door("agreement.manage")
def give(request: HttpRequest) -> HttpResponse:
    """A new grant; it takes the place of one to the same grantee for the same purpose."""
    form, status = GrantForm(request.POST or None, purpose=request.GET.get("purpose", "")), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                give_grant(actor_of(request), to=form.to_whom(), **form.asked())
            except StaveworksError as error:
                put_error(form, error)
                status = status_of(error)
            else:
                messages.success(
                    request, tell("已授权，对方现在就能看到。", "Granted. They can see it from now on.")
                )
                return redirect("sharing")
    return render(request, "govern/give_grant.html", {"form": form}, status=status)


@door("agreement.manage")
@require_POST
def withdraw(request: HttpRequest, grant: UUID) -> HttpResponse:
    """From now on they see nothing by it, also in what they have open."""
    withdraw_grant(actor_of(request), grant_id=grant)
    messages.success(
        request, tell("已撤回，对方从现在起看不到。", "Withdrawn. From now on they see nothing of it.")
    )
    return redirect("sharing")


@door("agreement.manage")
@require_POST
def withdraw_default(request: HttpRequest) -> HttpResponse:
    """The grant of the membership agreement, with the acceptance that gave it."""
    withdraw_agreement(actor_of(request))
    messages.success(
        request, tell("已撤回，运营方从现在起看不到。", "Withdrawn. From now on the operator sees nothing.")
    )
    return redirect(reverse("sharing"))


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date() if text else None  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
