"""Every address of the product."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("staveworks.api.urls")),
    path("accounts/", include("allauth.urls")),
]
