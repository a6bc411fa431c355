"""``/api/``: version 1, its description, and nothing else."""

from django.urls import URLPattern, URLResolver, path, re_path

from staveworks.api.pages import docs, nowhere, openapi, problems
from staveworks.api.v1 import api
from staveworks.db.routing import by_first_step

patterns, _app, _namespace = api.urls
operations = [
    each for each in patterns if getattr(each, "name", "") != "api-root"
]  # django-ninja's, only says 404

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", openapi, name="api_description"),
    path("v1/openapi.json", openapi, name="api_openapi"),
    path("v1/docs", docs, name="api_docs"),
    path("v1/problems", problems, name="api_problems"),
    path("v1/", (by_first_step(operations), _app, _namespace)),
    re_path(r"^(?P<rest>.*)$", nowhere),  # also keeps Django from redirecting to an address with a slash
]
