"""Every address of the product."""

from django.urls import URLPattern, URLResolver, include, path

from staveworks.db.routing import by_first_step
from staveworks.web import everywhere, health, metrics

handler400 = "staveworks.web.faults.malformed"
handler403 = "staveworks.web.faults.not_allowed"
handler404 = "staveworks.web.faults.not_found"
handler500 = "staveworks.web.faults.broken"
addresses: list[URLPattern | URLResolver] = [
    path("language/", everywhere.set_language, name="set_language"),
    path("planks.css", everywhere.planks_css, name="planks_css"),
    path("healthz", health.alive, name="health"),
    path("metrics", metrics.metrics, name="metrics"),
    path("readyz", health.ready, name="ready"),
    path("api/", include("staveworks.api.urls")),
    path("", include("staveworks.web.todo.urls")),
    path("", include("staveworks.web.measure.urls")),
    path("", include("staveworks.web.diagnose.urls")),
    path("", include("staveworks.web.prescribe.urls")),
    path("rosters/", include("staveworks.web.join.rosters.urls")),
    path("growth/", include("staveworks.web.join.growth.urls")),
    path("", include("staveworks.web.join.urls")),
    path("", include("staveworks.web.messages.urls")),
    path("", include("staveworks.web.order.urls")),
    path("", include("staveworks.web.deliver.urls")),
    path("", include("staveworks.web.order.urls_catalogue")),
    path("", include("staveworks.web.order.urls_projects")),
    path("", include("staveworks.web.order.urls_wishes")),
    path("", include("staveworks.web.order.urls_subscriptions")),
    path("", include("staveworks.web.deliver.urls_offers")),
    path("", include("staveworks.web.deliver.urls_calendar")),
    path("", include("staveworks.web.deliver.urls_counter")),
    path("", include("staveworks.web.deliver.urls_tasks")),
    path("", include("staveworks.web.deliver.urls_stock")),
    path("", include("staveworks.web.allocate.urls_capacity")),
    path("", include("staveworks.web.allocate.urls")),
    path("", include("staveworks.web.settle.urls")),
    path("", include("staveworks.web.govern.urls")),
]
urlpatterns = by_first_step(addresses)
