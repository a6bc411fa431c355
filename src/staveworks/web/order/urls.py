from django.urls import path

from staveworks.web.order import views

urlpatterns = [
    path("orders/", views.orders, name="orders"),
    path("orders/limit/", views.limit, name="order_limit"),
    path("orders/<uuid:order>/", views.order, name="order"),
    path("orders/<uuid:order>/hold/", views.hold, name="order_hold"),
    path("orders/<uuid:order>/prices/", views.prices, name="order_prices"),
    path("orders/<uuid:order>/place/", views.place, name="order_place"),
    path("orders/<uuid:asked_order>/approve/", views.approve, name="order_approve"),
    path("orders/<uuid:asked_order>/refuse/", views.refuse, name="order_refuse"),
    path("orders/<uuid:asked_order>/recall/", views.recall, name="order_recall"),
    path("orders/<uuid:order>/lines/<uuid:draft_line>/remove/", views.remove, name="order_remove"),
    path("orders/<uuid:order>/lines/<uuid:draft_line>/instead/", views.instead, name="order_instead"),
]
