"""What if: ask, look at the difference on the run's page, accept or discard."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from staveworks.kit.errors import StaveworksError
from staveworks.mechanisms.dispatch.usecases.ask_what_if import accept_what_if, ask_what_if, discard_what_if
from staveworks.mechanisms.dispatch.usecases.redispatch import redispatch
from staveworks.web.allocate.tried import ANEW, Tried, changes_in
from staveworks.web.allocate.views import page_of_one
from staveworks.web.allocate.views_firms import page_of_firm
from staveworks.web.allocate.views_plan import page_of_line
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.language import say
from staveworks.web.words import tell


@door("dispatch.run")
@require_POST
def ask(request: HttpRequest, run: UUID) -> HttpResponse:
    """What is refused is told where it was asked, with what was entered."""
    changes = changes_in(request.POST)
    try:
        ask_what_if(actor_of(request), run=run, changes=changes)
    except StaveworksError as error:
        tried = Tried.of(changes[0]["kind"], changes[0], error)
        if request.POST.get("at") == "line":
            return page_of_line(request, run, request.POST.get("line", ""), tried=tried)
        if request.POST.get("at") == "firm":
            return page_of_firm(request, run, request.POST.get("firm", ""), tried=tried)
        return page_of_one(request, run, tried=tried, status=tried.status)
    return redirect("dispatch_run", run)


@door("dispatch.run")
@require_POST
def accept(request: HttpRequest, run: UUID) -> HttpResponse:
    try:
        accept_what_if(actor_of(request), run=run)
    except StaveworksError as error:
        messages.error(request, say(error.text))
    else:
        messages.success(request, tell("已采用，成为一次新的排产。", "Accepted: it is a run of its own now."))
    return redirect("dispatch_run", run)


@door("dispatch.run")
@require_POST
def discard(request: HttpRequest, run: UUID) -> HttpResponse:
    try:
        base = discard_what_if(actor_of(request), run=run)
    except StaveworksError as error:
        messages.error(request, say(error.text))
        return redirect("dispatch_run", run)
    return redirect("dispatch_run", base)


@door("dispatch.run")
@require_POST
def anew(request: HttpRequest, run: UUID) -> HttpResponse:
    """What remains, after something happened: a run of its own."""
    changes = changes_in(request.POST)
    try:
        made = redispatch(actor_of(request), run=run, events=changes)
    except StaveworksError as error:
        tried = Tried.of(ANEW, changes[0], error)
        return page_of_one(request, run, tried=tried, status=tried.status)
    return redirect("dispatch_run", made)
