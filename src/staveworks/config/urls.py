"""Every address of the product."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("staveworks.api.urls")),
    path("", include("staveworks.web.measure.urls")),
    path("", include("staveworks.web.diagnose.urls")),
    path("rosters/", include("staveworks.web.join.rosters.urls")),
    path("", include("staveworks.web.join.urls")),
    path("", include("staveworks.web.govern.urls")),
]
