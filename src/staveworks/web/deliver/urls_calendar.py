from django.urls import path

from staveworks.web.deliver import views_calendar, views_trained

urlpatterns = [
    path("desk/calendar/", views_calendar.calendar, name="calendar"),
    path("desk/calendar/new/", views_calendar.new, name="calendar_new"),
    path("desk/calendar/day.pdf", views_calendar.day_sheet, name="day_sheet"),
    path("desk/calendar/<uuid:bookable>/", views_calendar.week, name="calendar_week"),
    path("desk/calendar/<uuid:bookable>/edit/", views_calendar.edit, name="calendar_edit"),
    path("desk/calendar/<uuid:bookable>/feed/", views_calendar.feed, name="calendar_make_feed"),
    path(
        "desk/calendar/<uuid:bookable>/open/<uuid:closing>/", views_calendar.open_again, name="calendar_open"
    ),
    path("desk/calendar/<uuid:bookable>/trained/", views_trained.trained, name="trained"),
    path(
        "desk/calendar/<uuid:bookable>/trained/<uuid:certificate>/end/", views_trained.end, name="trained_end"
    ),
    path("calendars/<str:token>.ics", views_calendar.ics, name="calendar_feed"),
]
