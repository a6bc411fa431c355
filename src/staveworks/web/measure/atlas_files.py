"""The map to take away: a workbook of its tables, a PDF of all, a picture of the map."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from staveworks.cluster.barrel.atlas.paper import print_atlas, print_picture
from staveworks.cluster.barrel.atlas.sheet import rows_of
from staveworks.cluster.barrel.atlas.types import Atlas
from staveworks.web.papers import PNG, asked_language, paper_response
from staveworks.web.sheets import sheet_response


def sheet_of(request: HttpRequest, atlas: Atlas, page: str) -> HttpResponse:
    """One sheet: places first, then trades, with the same columns."""
    name, headers, rows = rows_of(atlas, asked_language(request))
    return sheet_response(name, headers, rows)


def pdf_of(request: HttpRequest, atlas: Atlas, page: str) -> HttpResponse:
    content, name = print_atlas(atlas, asked_language(request))
    return paper_response(content, name)


def png_of(request: HttpRequest, atlas: Atlas, page: str) -> HttpResponse:
    """The map; back to the page, which says why, where there is none to draw."""
    picture = print_picture(atlas, asked_language(request))
    if picture is None:
        return redirect(page)
    content, name = picture
    return paper_response(content, name, PNG)
