"""Published figures, for government, association and every other member: the published table and nothing else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staveworks.cluster.barrel.atlas import words
from staveworks.cluster.barrel.atlas.open_figures import published_atlas
from staveworks.foundation.parties.types import Kind
from staveworks.web.asking import actor_of, waiting_for
from staveworks.web.doors import door
from staveworks.web.language import current
from staveworks.web.measure.atlas_files import pdf_of, png_of, sheet_of
from staveworks.web.measure.atlas_page import asked_place, context_of, narrowed_by

AT_HOME = frozenset({Kind.GOVERNMENT, Kind.ASSOCIATION})
"""Whose home this is: what waits for them stands here too."""


@door("figures.read")
def figures(request: HttpRequest) -> HttpResponse:
    """The whole cluster, a city or a district of it."""
    actor = actor_of(request)
    atlas = published_atlas(actor, narrowed=narrowed_by(request))
    context = context_of(atlas, "figures")
    context["asked_place"] = asked_place(request)
    context["note"] = words.NOTE_PUBLISHED.say(current(), n=atlas.fewest)
    here = bool(actor.kinds & AT_HOME) and not context["narrowed"]
    context["waits"] = here and bool(waiting_for(request))
    return render(request, "measure/figures.html", context)


@door("figures.read")
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The same as a file."""
    atlas = published_atlas(actor_of(request), narrowed=narrowed_by(request))
    return {"xlsx": sheet_of, "pdf": pdf_of, "png": png_of}[form](request, atlas, "figures")
