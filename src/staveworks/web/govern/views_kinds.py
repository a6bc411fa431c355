"""The platform's operator confirms what institutions say they are."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from staveworks.foundation.facts.queries import list_stated_kinds
from staveworks.foundation.facts.usecases.confirm_kind import confirm_kind, unconfirm_kind
from staveworks.foundation.parties.types import Kind
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.words import tell


@door("kind.confirm")
def kinds(request: HttpRequest) -> HttpResponse:
    """Those that wait first."""
    rows = list_stated_kinds(actor_of(request))
    waiting = sum(1 for row in rows if row.confirmed_at is None)
    return render(request, "govern/kinds.html", {"rows": rows, "waiting": waiting})


@door("kind.confirm")
@require_POST
def confirm(request: HttpRequest, org: UUID, kind: str) -> HttpResponse:
    confirm_kind(actor_of(request), org_id=org, kind=_kind(kind))
    messages.success(
        request,
        tell("已确认。企业给这一类的授权现在对它有效。", "Confirmed. Grants to its kind reach it now."),
    )
    return redirect("kinds")


@door("kind.confirm")
@require_POST
def unconfirm(request: HttpRequest, org: UUID, kind: str) -> HttpResponse:
    unconfirm_kind(actor_of(request), org_id=org, kind=_kind(kind))
    messages.success(request, tell("已撤销确认。", "No longer confirmed."))
    return redirect("kinds")


def _kind(text: str) -> Kind:
    if text not in set(Kind):
        raise Http404
    return Kind(text)
