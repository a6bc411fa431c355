"""The cluster's map for its operator: exact figures of the firms that it may see, and the same as XLSX, PDF and PNG."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staveworks.cluster.barrel.atlas.exact import cluster_atlas
from staveworks.foundation.facts.reading import through
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.measure.atlas_files import pdf_of, png_of, sheet_of
from staveworks.web.measure.atlas_page import asked_place, context_of, narrowed_by


@door("cluster.read")
def cluster_map(request: HttpRequest) -> HttpResponse:
    """Cities, then the districts of one; filters in the address."""
    atlas = cluster_atlas(actor_of(request), narrowed=narrowed_by(request))
    context = context_of(atlas, "cluster_map") | {"asked_place": asked_place(request)}
    return render(request, "measure/map.html", context)


@door("cluster.read")
def export(request: HttpRequest, form: str) -> HttpResponse:
    """What the page shows under the same filters, read anew: whoever has withdrawn since is not in it."""
    with through("export"):
        atlas = cluster_atlas(actor_of(request), narrowed=narrowed_by(request))
    return {"xlsx": sheet_of, "pdf": pdf_of, "png": png_of}[form](request, atlas, "cluster_map")
