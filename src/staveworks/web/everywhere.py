"""Addresses that belong to no journey: the language, the planks' colours, and whether the product lives."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.i18n import set_language as django_set_language

from staveworks.kit.data import data_file
from staveworks.kit.planks import load_register
from staveworks.web.doors import door_public
from staveworks.web.planks import plank_stylesheet


@door_public
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the reader's language in a cookie and go back to where she was."""
    response: HttpResponse = django_set_language(request)
    return response


@door_public
@cache_control(public=True, max_age=300)
def planks_css(request: HttpRequest) -> HttpResponse:
    return HttpResponse(plank_stylesheet(load_register(data_file("planks.yaml"))), content_type="text/css")


@door_public
def health(request: HttpRequest) -> HttpResponse:
    """The process answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
