from django.urls import path

from staveworks.web.order import views_subscriptions as views

urlpatterns = [
    path("subscriptions/", views.subscriptions, name="subscriptions"),
    path("subscriptions/<uuid:subscription>/", views.subscription, name="subscription"),
    path("subscriptions/<uuid:subscription>/pause/", views.pause, name="subscription_pause"),
    path("subscriptions/<uuid:subscription>/resume/", views.resume, name="subscription_resume"),
    path("subscriptions/<uuid:subscription>/end/", views.end, name="subscription_end"),
    path("subscriptions/<uuid:subscription>/keep/", views.keep, name="subscription_keep"),
    path("desk/subscriptions/<uuid:served_subscription>/pause/", views.pause_served, name="served_pause"),
    path("desk/subscriptions/<uuid:served_subscription>/resume/", views.resume_served, name="served_resume"),
    path("desk/subscriptions/<uuid:served_subscription>/end/", views.end_served, name="served_end"),
    path("desk/subscriptions/<uuid:served_subscription>/price/", views.price_served, name="served_price"),
]
