from django.apps import AppConfig


class RostersConfig(AppConfig):
    name = "staveworks.foundation.rosters"
    label = "rosters"
