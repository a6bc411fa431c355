from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "staveworks.jobs"
    label = "jobs"
