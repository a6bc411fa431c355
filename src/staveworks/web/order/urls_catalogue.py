from django.urls import path

from staveworks.web.order import views_catalogue

urlpatterns = [
    path("offers/", views_catalogue.catalogue, name="catalogue"),
    path("offers/<uuid:offer>/", views_catalogue.one, name="offer"),
]
