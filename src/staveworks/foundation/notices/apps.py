from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "staveworks.foundation.notices"
    label = "notices"
