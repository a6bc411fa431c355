"""What if: ask, look at the difference on the run's page, accept or discard."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from staveworks.kit.errors import StaveworksError
from staveworks.mechanisms.dispatch.usecases.ask_what_if import accept_what_if, ask_what_if, discard_what_if
from staveworks.mechanisms.dispatch.usecases.redispatch import redispatch
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.language import say
from staveworks.web.words import tell

FIELDS: Mapping[str, tuple[str, ...]] = {
    "pin": ("line", "lot", "step", "work_centre", "bucket", "operation"),
    "close": ("firm", "from"),
    "hours": ("operation", "city", "work_centre", "bucket", "hours"),
    "due": ("line", "due"),
}
WHOLE = frozenset({"lot", "step", "bucket", "from", "due"})


@door("dispatch.run")
@require_POST
def ask(request: HttpRequest, run: UUID) -> HttpResponse:
    try:
        ask_what_if(actor_of(request), run=run, changes=[_change(request.POST)])
    except StaveworksError as error:
        messages.error(request, say(error.text))
    return redirect("dispatch_run", run)


def _change(said: QueryDict) -> dict[str, Any]:
    """One change from the fields of its form; what can't be read is refused by the use case."""
    kind = said.get("kind", "")
    change: dict[str, Any] = {"kind": kind}
    for name in FIELDS.get(kind, ()):
        value = said.get(name, "").strip()
        if value:
            change[name] = int(value) if name in WHOLE and value.isdecimal() else value
    return change


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
    try:
        made = redispatch(actor_of(request), run=run, events=[_change(request.POST)])
    except StaveworksError as error:
        messages.error(request, say(error.text))
        return redirect("dispatch_run", run)
    return redirect("dispatch_run", made)
