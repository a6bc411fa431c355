from django.urls import path

from staveworks.web.order import views_catalogue, views_series

urlpatterns = [
    path("offers/", views_catalogue.catalogue, name="catalogue"),
    path("offers/<uuid:offer>/", views_catalogue.one, name="offer"),
    path("offers/<uuid:offer>/series/", views_series.series, name="offer_series"),
]
