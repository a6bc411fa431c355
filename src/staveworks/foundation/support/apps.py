from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "staveworks.foundation.support"
    label = "support"
