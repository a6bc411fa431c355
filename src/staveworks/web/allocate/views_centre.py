"""A work centre: which operation, then all that it can do in one column; closing it, with an undo."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.foundation.parties.queries.agreements import access_profile
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError
from staveworks.kit.industries import load_industries
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.queries import access_centre, my_capacity
from staveworks.mechanisms.dispatch.types.centres import CentreSaid
from staveworks.mechanisms.dispatch.usecases.keep_centre import (
    change_centre,
    close_centre,
    keep_centre,
    reopen_centre,
)
from staveworks.web.allocate.capacity_forms import CentreForm
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.figures import day
from staveworks.web.language import current, say
from staveworks.web.middleware import status_of
from staveworks.web.words import put_error

KEPT = Text(
    zh="已登记。说说什么时候有空，就能派单。", en="Recorded. Say when it is free and it can get work."
)
CHANGED = Text(zh="已保存，对以后的派单有效。", en="Saved; it holds for work from now on.")
OVER = Text(
    zh="{name} 的有效期到 {day} 为止，已经过了：要这张证书的活派不到这里。",
    en="{name} was valid until {day}: work that asks for it can’t come here.",
)
CLOSED = Text(zh="已停用，不再派单。", en="Closed: it gets no more work.")
REOPENED = Text(zh="已重新启用。", en="Open again.")


@door("capacity.declare")
def choose(request: HttpRequest) -> HttpResponse:
    """Which operation it does: the rest of the form depends on it. The firm's own industry comes first."""
    own = _industries(actor_of(request))
    packs = sorted(load_industries(), key=lambda pack: pack.id not in own)
    return render(request, "allocate/choose.html", {"packs": packs})


def _industries(actor: Actor) -> set[str]:
    """By the trade in its profile, and what it has registered already."""
    known = load_industries()
    packs = [known.pack_of(centre.operation) for centre in my_capacity(actor, weeks=0).centres]
    trade = access_profile(actor).business_type if actor.may("organisation.read") else ""
    return {pack.id for pack in packs if pack} | {trade.partition(".")[0]}


@door("capacity.declare")
def new(request: HttpRequest, operation: str) -> HttpResponse:
    found = load_industries().operations.get(operation)
    if found is None:
        raise Http404
    form, status = CentreForm(found, request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = keep_centre(actor_of(request), said=_said(actor_of(request), form))
            except StaveworksError as error:
                put_error(form, error)
                status = status_of(error)
            else:
                messages.success(request, say(KEPT))
                _warn(request, form)
                return redirect("centre", made)
    return render(request, "allocate/centre_form.html", {"form": form, "operation": found}, status=status)


@door("capacity.declare")
def edit(request: HttpRequest, centre: UUID) -> HttpResponse:
    actor = actor_of(request)
    row = access_centre(actor, centre_id=centre, weeks=1)
    found = load_industries().operations.get(row.operation)
    if found is None:
        raise Http404
    form, status = CentreForm(found, request.POST or None, request.FILES or None, centre=row), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                change_centre(actor, centre_id=centre, said=_said(actor, form))
            except StaveworksError as error:
                put_error(form, error)
                status = status_of(error)
            else:
                messages.success(request, say(CHANGED))
                _warn(request, form)
                return redirect("centre", centre)
    shown = {"form": form, "operation": found, "centre": row}
    return render(request, "allocate/centre_form.html", shown, status=status)


@door("capacity.declare")
@require_POST
def close(request: HttpRequest, centre: UUID) -> HttpResponse:
    """At once; the toast undoes it."""
    close_centre(actor_of(request), centre_id=centre)
    messages.success(request, say(CLOSED), extra_tags=f"undo:{reverse('centre_reopen', args=[centre])}")
    return redirect("capacity")


@door("capacity.declare")
@require_POST
def reopen(request: HttpRequest, centre: UUID) -> HttpResponse:
    reopen_centre(actor_of(request), centre_id=centre)
    messages.success(request, say(REOPENED))
    return redirect("capacity")


def _warn(request: HttpRequest, form: CentreForm) -> None:
    """Of certificates that are over: what asks for them isn't dispatched here."""
    today, known = timezone.localdate(), load_industries().certificates
    for held in form.said().certificates:
        if held.expires_date and held.expires_date < today:
            words = OVER.say(current(), name=say(known[held.code].name), day=day(held.expires_date))
            messages.warning(request, words)


def _said(actor: Actor, form: CentreForm) -> CentreSaid:
    """With the files that came stored first: bytes without a work centre are forgotten in time, never the other way round."""
    files = {
        code: store_file(actor, name=file.name or code, content=file.chunks(), field=f"file_{code}").id
        for code, file in form.sent_files()
    }
    return form.said(files)
