from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "staveworks.cluster.programmes"
    label = "programmes"
