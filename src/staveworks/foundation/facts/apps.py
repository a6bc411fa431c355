from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "staveworks.foundation.facts"
    label = "facts"
