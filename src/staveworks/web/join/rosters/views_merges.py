"""Automatic merges of an import: look at both sides, keep them apart."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from staveworks.foundation.facts.reading import reading
from staveworks.foundation.facts.types import Field, Purpose
from staveworks.foundation.rosters.merges import access_merge
from staveworks.foundation.rosters.usecases.keep_apart import keep_apart
from staveworks.kit.errors import Refused
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.join.rosters.views_duplicates import STATES
from staveworks.web.words import error_words, tell


@door("roster.read")
@require_safe
def merge(request: HttpRequest, row: UUID) -> HttpResponse:
    """The row as it came beside the firm it was merged into."""
    actor = actor_of(request)
    with reading(actor, purpose=Purpose.OPERATION, fields=[Field.PROFILE]) as log:
        found = access_merge(actor, row)
        log.of([found.right_firm])
    shown = {
        "merge": found,
        "fields": [(each, *STATES[each.state]) for each in found.fields if each.state != "none"],
        "may_decide": actor.may("duplicate.decide"),
        "more": found.rows - 1,
    }
    return render(request, "rosters/merge.html", shown)


@door("duplicate.decide")
@require_POST
def part(request: HttpRequest, row: UUID) -> HttpResponse:
    """A firm of its own from now on; the toast undoes it."""
    try:
        made = keep_apart(actor_of(request), row=row)
    except Refused as error:
        messages.error(request, error_words(error))
        return redirect("roster_merge", row)
    said = tell(
        "“{a}”与“{b}”已分开，以后不会自动合并。",
        "“{a}” and “{b}” stay apart, also at the next import.",
        a=made.left_name,
        b=made.right_name,
    )
    messages.success(request, said, extra_tags=f"undo:{reverse('decision_undo', args=[made.id])}")
    return redirect("roster_merge", row)
