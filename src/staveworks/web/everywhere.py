"""Addresses that belong to no journey: the language and the planks' colours."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.i18n import set_language as django_set_language

from staveworks.foundation.notices.usecases.save_preferences import prefer_language
from staveworks.kit.data import data_file
from staveworks.kit.planks import load_register
from staveworks.kit.text import language_of
from staveworks.web.asking import actor_of
from staveworks.web.doors import door_public
from staveworks.web.planks import plank_stylesheet


@door_public
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the reader's language in a cookie, for messages too, and go back to where she was."""
    response: HttpResponse = django_set_language(request)
    if request.method == "POST" and getattr(request, "person", None) is not None:
        prefer_language(actor_of(request), language=language_of(request.POST.get("language")))
    return response


@door_public
@cache_control(public=True, max_age=300)
def planks_css(request: HttpRequest) -> HttpResponse:
    return HttpResponse(plank_stylesheet(load_register(data_file("planks.yaml"))), content_type="text/css")
