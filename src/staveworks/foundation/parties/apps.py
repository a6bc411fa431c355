from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "staveworks.foundation.parties"
    label = "parties"
