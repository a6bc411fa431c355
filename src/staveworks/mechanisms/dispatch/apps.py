from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "staveworks.mechanisms.dispatch"
    label = "dispatch"
