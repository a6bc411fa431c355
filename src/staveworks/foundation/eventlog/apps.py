from django.apps import AppConfig


class EventlogConfig(AppConfig):
    name = "staveworks.foundation.eventlog"
    label = "eventlog"
