"""Every address of the product."""

from django.urls import URLPattern, URLResolver, include, path

from staveworks.web import everywhere

urlpatterns: list[URLPattern | URLResolver] = [
    path("language/", everywhere.set_language, name="set_language"),
    path("planks.css", everywhere.planks_css, name="planks_css"),
    path("healthz", everywhere.health, name="health"),
    path("api/", include("staveworks.api.urls")),
    path("", include("staveworks.web.measure.urls")),
    path("", include("staveworks.web.diagnose.urls")),
    path("rosters/", include("staveworks.web.join.rosters.urls")),
    path("", include("staveworks.web.join.urls")),
    path("", include("staveworks.web.govern.urls")),
]
