from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "staveworks.foundation.rules"
    label = "rules"
