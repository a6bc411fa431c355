from django.urls import path

from staveworks.web.govern import views

urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/tokens/", views.tokens, name="tokens"),
    path("settings/tokens/<uuid:token_id>/end/", views.end_token, name="end_token"),
    path("settings/rights/", views.rights, name="rights"),
    path("audit/", views.audit, name="audit"),
]
