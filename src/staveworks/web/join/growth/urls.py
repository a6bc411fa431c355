"""Addresses of the growth desk: campaigns to unclaimed firms, whom to call, how it goes by week and city."""

from django.urls import path

from staveworks.web.join.growth import views_calls, views_campaigns, views_counter, views_desk, views_posters

urlpatterns = [
    path("", views_desk.desk, name="growth"),
    path("funnel.xlsx", views_desk.export, name="funnel_export"),
    path("campaigns/new/", views_campaigns.new, name="new_campaign"),
    path("campaigns/<uuid:campaign>/", views_campaigns.detail, name="campaign"),
    path("campaigns/<uuid:campaign>/progress/", views_campaigns.progress, name="campaign_progress"),
    path("campaigns/<uuid:campaign>/stop/", views_campaigns.stop, name="stop_campaign"),
    path("campaigns/<uuid:campaign>/resume/", views_campaigns.resume, name="resume_campaign"),
    path("counter/", views_counter.counter, name="counter"),
    path("counter/<uuid:firm>/", views_counter.counter_firm, name="counter_firm"),
    path("counter/<uuid:firm>/<uuid:claim>/", views_counter.counter_code, name="counter_code"),
    path("poster.pdf", views_posters.general, name="general_poster"),
    path("posters/<uuid:firm>.pdf", views_posters.firm, name="firm_poster"),
    path("campaigns/<uuid:campaign>/posters.pdf", views_posters.campaign, name="campaign_posters"),
    path("calls/", views_calls.calls, name="calls"),
    path("calls/<uuid:firm>/", views_calls.call, name="call"),
]
